import { describe, expect, it } from "vitest";
import type { Fix } from "../../../server/src/protocol/finding.js";
import type { AnalyzerResult, NewIndex } from "../../../server/src/analyzers/index.js";
import { alembicMigration, sqlMigration } from "../../../server/src/analyzers/implement/alembic.js";
import { codeChanges } from "../../../server/src/analyzers/implement/codeGenerator.js";
import { mergeIndexes, migrationBuilder } from "../../../server/src/analyzers/implement/migrationBuilder.js";
import { finding } from "./finding.js";
import { context } from "./fakes.js";

const newIndex = (name: string, columns: readonly string[], more: Partial<NewIndex["candidate"]> = {}): NewIndex => ({
  name,
  candidate: {
    schema: "public",
    table: "orders",
    columns: columns.map((column) => ({ column })),
    equalities: 1,
    include: [],
    reason: `for ${name}`,
    ...more,
  },
});

describe("code changes", () => {
  const fix = (column: number, newText: string, applicability: Fix["applicability"] = "safe", endColumn = column): Fix => ({
    title: "t",
    applicability,
    edits: [{ file: "a.py", range: { line: 1, column, endLine: 1, endColumn }, newText }],
  });
  const of = (...fixes: readonly Fix[][]) =>
    codeChanges(fixes.map((own, position) => finding({ id: `f${position}`, fixes: own }))).map(({ applicability, edits }) => [
      applicability,
      edits[0]?.newText,
    ]);

  it("take each finding's best fix", () =>
    expect(of([fix(1, "u", "unsafe"), fix(2, "s")], [fix(9, "x", "unsafe")], [])).toEqual([
      ["safe", "s"],
      ["unsafe", "x"],
    ]));
  it("that cannot be made at once are all proposed", () =>
    expect(of([fix(1, "a", "safe", 5)], [fix(3, "b", "safe", 8)])).toEqual([
      ["safe", "a"],
      ["safe", "b"],
    ]));
  it("that are one and the same edit are one", () => {
    const same = [fix(1, "x")];
    const [only, ...more] = codeChanges([
      finding({ id: "f0", fixes: same }),
      finding({ id: "f1", line: 7, message: "Again.", fixes: same }),
    ]);
    expect(more).toEqual([]);
    expect(only?.evidence.facts.at(-1)).toMatch(/^The same edit ends .*:7: Again\.$/);
  });
});

describe("migration", () => {
  const settings = { downRevision: "abc", revision: "def", createdAt: "2026-01-01" };

  it("creates concurrently outside a transaction and goes back in reverse", () => {
    const text = alembicMigration([newIndex("ix_a", ["a"]), newIndex("ix_b", ["b"], { predicate: "\"c\" = 'x:y'" })], settings);
    expect(text.split("\n").filter((line) => line.includes("op."))).toEqual([
      "    with op.get_context().autocommit_block():",
      `        op.execute('CREATE INDEX CONCURRENTLY "ix_a" ON "public"."orders" ("a")')`,
      `        op.execute("CREATE INDEX CONCURRENTLY \\"ix_b\\" ON \\"public\\".\\"orders\\" (\\"b\\") WHERE \\"c\\" = 'x\\\\:y'")`,
      "    with op.get_context().autocommit_block():",
      `        op.execute('DROP INDEX CONCURRENTLY IF EXISTS "public"."ix_b"')`,
      `        op.execute('DROP INDEX CONCURRENTLY IF EXISTS "public"."ix_a"')`,
    ]);
    expect(text).toContain('revision = "def"\ndown_revision = "abc"');
  });

  it("begins a history, and lets nothing out of the docstring", () => {
    const text = alembicMigration([newIndex("i", ["a"], { table: '"""\nimport os' })], { ...settings, downRevision: null });
    expect(text).toContain("down_revision = None");
    expect(text.split('"""')).toHaveLength(3);
  });

  it("is also a script", () => {
    expect(
      sqlMigration([newIndex("ix_a", ["a"])])
        .split("\n")
        .filter((line) => line.startsWith("CREATE")),
    ).toEqual(['CREATE INDEX CONCURRENTLY "ix_a" ON "public"."orders" ("a");']);
  });

  it.each<[string, NewIndex[], string[]]>([
    ["the same twice", [newIndex("a", ["x"]), newIndex("b", ["x"])], ["a"]],
    ["a prefix", [newIndex("a", ["x"]), newIndex("b", ["x", "y"])], ["b"]],
    ["no prefix", [newIndex("a", ["y"]), newIndex("b", ["x", "y"])], ["a", "b"]],
    ["a prefix of a partial one", [newIndex("a", ["x"]), newIndex("b", ["x", "y"], { predicate: "p" })], ["a", "b"]],
    ["of another table", [newIndex("a", ["x"]), newIndex("b", ["x", "y"], { table: "t" })], ["a", "b"]],
  ])("merges %s", (_, indexes, expected) => expect(mergeIndexes(indexes).map(({ name }) => name)).toEqual(expected));

  const earlier = (proved: NewIndex[], schema: NewIndex[]) =>
    new Map<"indexAdvisor" | "schemaAnalyzer", AnalyzerResult>([
      ["indexAdvisor", { summary: "", indexes: proved }],
      ["schemaAnalyzer", { summary: "", indexes: schema }],
    ]);

  it("creates what is proved; what is not stands in comments", async () => {
    const given = { earlier: earlier([newIndex("ix_a", ["a"])], [newIndex("ix_a2", ["a"]), newIndex("ix_c", ["c"])]), migration: settings };
    const { recommendations, summary } = await migrationBuilder.run(context(given));
    expect(summary).toBe("An Alembic revision for 1 proved index.");
    expect(recommendations?.[0]?.evidence).toEqual({ level: "planner", facts: ["ix_a: for ix_a, proved."] });
    for (const { action = "" } of recommendations ?? []) {
      const creating = action.split("\n").filter((line) => line.includes("CREATE INDEX CONCURRENTLY") && line.includes("ix_"));
      expect(creating.map((line) => [line.includes("ix_a"), /^ *(#|--)/.test(line)])).toEqual([
        [true, false],
        [false, true],
      ]);
    }
  });

  it("has no Alembic text where no environment is known, and nothing without a proved index", async () => {
    const { recommendations, notes } = await migrationBuilder.run(context({ earlier: earlier([newIndex("ix_a", ["a"])], []) }));
    expect(recommendations?.map(({ title }) => title)).toEqual(["SQL script: 1 proved index"]);
    expect(notes?.[0]).toContain("No Alembic environment");
    const unproved = await migrationBuilder.run(context({ earlier: earlier([], [newIndex("ix_a", ["a"])]) }));
    expect([unproved.recommendations, unproved.summary]).toEqual([undefined, expect.stringContaining("1 index without proof left out")]);
  });

  it("keeps line breaks of names inside its comments", () => {
    const evil = newIndex("i", ["a"], { table: "t\n; DROP TABLE x; --" });
    const script = sqlMigration([], [evil]);
    expect(script.split("\n").filter((line) => line !== "" && !line.startsWith("--"))).toEqual([]);
  });
});
