import { beforeAll, describe, expect, it } from "vitest";
import { OptimizerError } from "../../../server/src/protocol/failure.js";
import { adviseWorkload } from "../../../server/src/analyzers/optimize/indexes/adviseWorkload.js";
import { initSql } from "../../../server/src/sql/index.js";
import type { WorkloadStatement } from "../../../server/src/workload/workload.js";
import { catalog, fakeSession, scanPlan, statement, table, type FakeAnswers } from "./fakes.js";

beforeAll(() => initSql());

const t = table("t", ["id", "a", "b", "c"]);

/** Statements are named by the filter that their plan has. */
async function advise(statements: readonly WorkloadStatement[], answers: FakeAnswers) {
  const session = fakeSession({ explain: (sql) => scanPlan("t", { Filter: sql }), ...answers });
  const signal = new AbortController().signal;
  const advice = await adviseWorkload({ session, statements, catalog: catalog(t), signal, progress: () => undefined });
  return { ...advice, asked: session.asked };
}

const columns = (advice: { suggestions: readonly { columns: string[] }[] }) =>
  advice.suggestions.map((suggestion) => suggestion.columns.join(","));

describe("advice for a workload", () => {
  it("weighs savings by calls", async () => {
    const advice = await advise([statement("(a = $1)", { calls: 10 }), statement("(b = $1)", { calls: 5000 })], {
      cost: (sql, [index]) => (index === (sql.startsWith("(a") ? "t(a)" : "t(b)") ? 50 : undefined),
    });
    expect(columns(advice)).toEqual(["b"]);
    expect(advice.indexes.map(({ name }) => name)).toEqual(["ix_t_b"]);
    expect(advice.suggestions[0]?.evidence.facts.join()).toContain("5,000 calls");
  });

  it("does not pay twice for one statement", async () => {
    const advice = await advise([statement("((a = $1) AND (b = $2))")], {
      cost: (_, [index]) => ({ "t(a,b)": 10, "t(a)": 300, "t(b)": 290 })[index ?? ""],
    });
    expect(columns(advice)).toEqual(["a,b"]);
  });

  it("counts an index for every statement that gains, and names those that lose", async () => {
    const statements = [statement("(a = $1)"), statement("((a = $1) AND (c > $2))", { calls: 7 }), statement("(c = $1)", { calls: 3 })];
    const advice = await advise(statements, {
      cost: (sql, [index]) => (index !== "t(a)" ? undefined : sql.startsWith("(c") ? 4400 : 50),
    });
    const [suggestion] = advice.suggestions;
    expect(columns(advice)).toEqual(["a"]);
    expect(suggestion?.statements.map(({ statement: text }) => text)).toEqual(["(a = $1)", "((a = $1) AND (c > $2))", "(c = $1)"]);
    expect(suggestion?.evidence.facts.join("\n")).toContain("Slower by the planner's cost (4000 → 4400): (c = $1)");
  });

  it("says how many writes will maintain the index", async () => {
    const writes = statement("insert into t (a) values ($1)", { calls: 4242, totalTimeMs: 1 });
    const advice = await advise([statement("(a = $1)"), writes], {
      explain: (sql) => (sql.startsWith("insert") ? scanPlan("t", { "Total Cost": 1 }) : scanPlan("t", { Filter: sql })),
      cost: () => 50,
    });
    expect(advice.suggestions[0]?.evidence.facts.join()).toContain("4,242 calls of one statement write to the table");
  });

  it("leaves out what cannot be planned, with the reason, and goes on", async () => {
    const advice = await advise([statement("broken", { totalTimeMs: 9999 }), statement("(a = $1)")], {
      explain: (sql) => {
        if (sql === "broken") throw new OptimizerError({ kind: "refused", message: "It is a DROP." });
        return scanPlan("t", { Filter: sql });
      },
      cost: () => 50,
    });
    expect(advice.refused).toEqual([{ statement: "broken", reason: "It is a DROP." }]);
    expect(columns(advice)).toEqual(["a"]);
  });

  it("a lost connection is nobody's refusal", async () => {
    const lost = () => {
      throw new OptimizerError({ kind: "unreachable", message: "gone" });
    };
    await expect(advise([statement("(a = $1)")], { explain: lost })).rejects.toThrow("gone");
  });

  it("is unproved where the planner cannot be asked", async () => {
    const advice = await advise([statement("(a = $1)"), statement("((a = $1))")], { unavailable: "No HypoPG." });
    expect(advice.suggestions.map(({ proof }) => proof.method)).toEqual(["none"]);
    expect(advice.indexes).toEqual([]);
    expect(advice.notes[0]).toContain("No HypoPG.");
  });

  it("asks little where each question builds an index, and says so", async () => {
    const statements = Array.from({ length: 30 }, (_, position) =>
      statement(`((a = $1) AND (b = ${position}) AND (c > 1))`, { totalTimeMs: 100 - position }),
    );
    const advice = await advise(statements, { method: "rolled-back-index", cost: () => 3990 });
    expect(advice.asked.length).toBeLessThanOrEqual(50);
    expect(new Set(advice.asked.map((question) => question.split(":")[0])).size).toBe(30);
    expect(advice.notes[0]).toContain("Not every candidate was tried");
  });
});
