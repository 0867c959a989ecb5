import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../../database/support/server.js";
import { versions } from "../python.js";
import { echo } from "./echo.js";
import { compareStatements } from "./compare.js";
import { compareRows } from "./rows.js";
import { judgeCauses } from "./causes.js";
import { judged, outcomes, type Outcome } from "./outcome.js";
import { corpusFiles, type SentStatement } from "./recording.js";
import { canonicalTree, sameTree } from "./trees.js";

let server: TestServer;
let found: readonly Outcome[];
beforeAll(async () => {
  server = await startServer(15);
  found = await outcomes(server, undefined);
});
afterAll(() => server?.stop());

const files = corpusFiles().filter((path) => !/(?:__init__|models)\.py$/.test(path));
const of = (version: string): Outcome => found.find((one) => one.version === version)!;

describe.each(versions)("the corpus on SQLAlchemy %s", (version) => {
  test("has at least 400 query expressions", () => {
    const own = of(version).recordings.filter(({ statements }) => statements.some(({ kind }) => kind === "own" || kind === "get"));
    expect(new Set(own.map(({ file, function: name }) => `${file}:${name}`)).size).toBeGreaterThanOrEqual(400);
  });

  for (const file of files)
    test(`${file} runs`, () => {
      const calls = of(version).recordings.filter((recording) => recording.file === file);
      expect(calls.length).toBeGreaterThan(0);
      expect(calls.filter(({ error, statements }) => error !== undefined || statements.length === 0)).toEqual([]);
    });

  test("statements that real SQLAlchemy sent are right, and give the same rows again", async () => {
    const { recordings } = of(version);
    const { verdicts } = await judged(server, version, recordings, echo(recordings));
    expect(verdicts.filter(({ outcome }) => outcome !== "right").map(({ id, reasons }) => ({ id, reasons }))).toEqual([]);
  });
});

/** Each breaks every statement that it applies to. */
const faults: readonly [name: string, change: (sql: string) => string][] = [
  ["a condition less", (sql) => sql.replace(/ AND .*?(?=\n|$)/, "")],
  ["another direction", (sql) => sql.replace(/ DESC/, "")],
  ["an inner join for an outer one", (sql) => sql.replace("LEFT OUTER JOIN", "JOIN")],
  ["a column less", (sql) => sql.replace(/^SELECT \w+\.\w+, /, "SELECT ")],
  ["another label", (sql) => sql.replace(/ AS (\w+) \nFROM/, " AS $1x \nFROM")],
  ["no limit", (sql) => sql.replace(/ LIMIT \$\d+/, "")],
];

describe("a fault is noticed:", () => {
  for (const [name, change] of faults)
    test(name, async () => {
      const { recordings } = of("2.0");
      const changed = recordings.flatMap(({ statements }) => statements.filter(({ bare }) => change(bare) !== bare));
      expect(changed.length).toBeGreaterThan(5);
      const passed = recordings.flatMap((recording) =>
        recording.statements.filter((statement) => {
          const broken = change(statement.bare);
          return broken !== statement.bare && compareStatements(broken, undefined, statement, {}).complaints.length === 0;
        }),
      );
      expect(passed.map(({ bare }) => bare)).toEqual([]);
    });

  const value = { name: "x", value: 5, pythonType: "int", bound: 5, wire: "5", declared: "int2", cast: "INTEGER" };
  const sent: SentStatement = {
    ...{ sql: "SELECT a FROM t WHERE b = $1::INTEGER", bare: "SELECT a FROM t WHERE b = $1" },
    ...{ kind: "own", loads: null, made: null, frames: [], parameters: [value] },
  };
  test("a broken translation is wrong, and only that", async () => {
    const { recordings } = of("2.0");
    const file = recordings.filter((recording) => recording.file === "shop/filters.py");
    const broken = echo(file, (sql) => sql.replace(" BETWEEN", " NOT BETWEEN"));
    const { verdicts } = await judged(server, "2.0", file, broken);
    const wrong = verdicts.filter(({ outcome }) => outcome === "wrong");
    expect(wrong.map(({ id }) => id.split(":")[1])).toEqual(["priced_between", "not_priced_between", "placed_between"]);
    expect(verdicts.filter(({ outcome }) => outcome === "right").length).toBe(verdicts.length - wrong.length);
  });

  test("other rows, another order, other columns, and a statement that fails", async () => {
    const recording = of("2.0").recordings.find((one) => one.function === "by_three_ids")!;
    const ordered = of("2.0").recordings.find((one) => one.function === "page_of_constants")!;
    const rowsOf = async (one: typeof recording, sql: string) => {
      const { verdicts } = await judged(server, "2.0", [one], echo([one]));
      const [verdict] = verdicts;
      const changed = { ...verdict!, executable: { sql, values: [] } };
      return [...(await compareRows(server, "2.0", [one], [changed])).values()].flat();
    };
    expect(await rowsOf(recording, "SELECT users.name FROM users WHERE users.id IN (1, 2, 3)")).toEqual([]);
    expect(await rowsOf(recording, "SELECT users.name FROM users WHERE users.id IN (3, 2, 1) ORDER BY id DESC")).toEqual([]);
    expect(await rowsOf(recording, "SELECT users.name FROM users WHERE users.id IN (1, 2)")).toEqual(["2 rows instead of 3"]);
    expect(await rowsOf(recording, "SELECT users.name FROM users WHERE users.id IN (1, 2, 4)")).toEqual([
      expect.stringMatching(/^row \d: /),
    ]);
    expect(await rowsOf(recording, "SELECT users.id FROM users LIMIT 3")).toEqual([
      expect.stringMatching(/^columns id:23 instead of name:/),
    ]);
    expect(await rowsOf(recording, "SELECT nothing")).toEqual(['our statement fails: column "nothing" does not exist']);
    const descending = "SELECT id FROM (SELECT id FROM products ORDER BY id LIMIT 10 OFFSET 5) AS p ORDER BY id DESC";
    expect(await rowsOf(ordered, descending)).toEqual([expect.stringMatching(/^row 1: /)]);
  });

  test("values in another order", () => {
    const two = {
      ...sent,
      bare: "SELECT a FROM t WHERE b = $1 AND c = $2",
      parameters: [value, { ...value, name: "y", value: 6, bound: 6 }],
    };
    const described = [
      { position: 1, value: 5 },
      { position: 2, value: 6 },
    ];
    expect(compareStatements(two.bare, described, two, {}).complaints).toEqual([]);
    const swapped = compareStatements("SELECT a FROM t WHERE b = $2 AND c = $1", described, two, {});
    expect(swapped.complaints).toEqual(["$2: value 6, but 5 was bound", "$1: value 5, but 6 was bound"]);
  });

  const cases = [
    { parameter: {}, complaints: [] },
    { parameter: { value: 5, sqlType: "integer", pythonType: "int" }, complaints: [] },
    { parameter: { value: 6 }, complaints: ["$1: value 6, but 5 was bound"] },
    { parameter: { value: "5" }, complaints: ['$1: value "5", but 5 was bound'] },
    { parameter: { sqlType: "bigint" }, complaints: ["$1: SQL type bigint, but INTEGER was sent"] },
    { parameter: { pythonType: "str" }, complaints: ["$1: Python type str, but it was int"] },
    { parameter: { pythonType: "int | None", name: "wanted" }, complaints: [] },
    { parameter: { name: "other" }, complaints: ["$1: is not other (7): 5 was bound"] },
  ];
  test.each(cases)("values: $parameter", ({ parameter, complaints }) => {
    const described = [{ position: 1, ...parameter }];
    expect(compareStatements(sent.bare, described, sent, { wanted: 5, other: 7 }).complaints).toEqual(complaints);
  });
});

describe("what loading causes", () => {
  const verdictsWith = (change: (sql: string) => string) => {
    const recordings = of("2.0").recordings.filter(({ file }) => file === "school/queries.py");
    const loaded = recordings.flatMap((recording) =>
      recording.statements.map((statement) => {
        const causes = (statement.causes ?? []).flatMap(({ kind, loads, bare, beyond }) =>
          kind === "own" || beyond ? [] : [{ kind, sql: change(bare), ...(loads === null ? {} : { relationship: loads }) }],
        );
        const query = { file: recording.file, line: 1, endLine: 1, span: { start: 0, end: 0 }, causes };
        return { recording, statement, id: recording.function, outcome: "right" as const, reasons: [], sameNames: true, query };
      }),
    );
    return judgeCauses(loaded).verdicts;
  };
  const outcomesOf = (kind: string, change: (sql: string) => string) =>
    new Set(verdictsWith(change).flatMap(({ real, outcome }) => (real.kind === kind ? [outcome] : [])));

  test.each(["lazy-load", "eager-load", "refresh"])("%s: the statements themselves are right, broken ones wrong", (kind) => {
    expect(outcomesOf(kind, (sql) => sql)).toEqual(new Set(["right"]));
    expect(outcomesOf(kind, (sql) => sql.replace(/SELECT \w+\.\w+/, "SELECT 1"))).toEqual(new Set(["wrong"]));
    expect(outcomesOf(kind, (sql) => `${sql} LIMIT 1`)).toEqual(new Set(["wrong"]));
  });

  test("each way of loading is in the corpus", () => {
    const sent = of("2.1").recordings.flatMap(({ statements }) => statements.flatMap(({ causes = [] }) => causes));
    const loads = (kind: string) => new Set(sent.filter((one) => one.kind === kind).map((one) => one.loads));
    expect(loads("lazy-load").size).toBeGreaterThan(40);
    expect(loads("eager-load").size).toBeGreaterThan(15);
    expect(loads("refresh").size).toBeGreaterThan(40);
  });
});

describe("trees", () => {
  const same = (a: string, b: string) => sameTree(canonicalTree(a).tree, canonicalTree(b).tree);
  test.each([
    ["SELECT a.x FROM t AS a", "SELECT  b.x FROM t b"],
    ["SELECT $2, $7", "SELECT $1, $2"],
    ["SELECT x FROM t WHERE x IN ($1, $2)", "SELECT x FROM t WHERE x IN ($1)"],
    ["WITH c AS (SELECT 1) SELECT * FROM c", "WITH d AS (SELECT 1) SELECT * FROM d"],
  ])("%s is %s", (a, b) => expect(same(a, b)).toBe(true));
  test.each([
    ["SELECT a.x FROM t AS a, t AS b", "SELECT b.x FROM t AS a, t AS b"],
    ["SELECT $1, $1", "SELECT $1, $2"],
    ["SELECT x AS y FROM t", "SELECT x AS z FROM t"],
    ["SELECT x FROM t", "SELECT x FROM s.t"],
    ["SELECT x FROM t WHERE x IN ($1, 2)", "SELECT x FROM t WHERE x IN ($1)"],
    ["SELECT coalesce(a, b)", "SELECT coalesce(b, a)"],
  ])("%s is not %s", (a, b) => expect(same(a, b)).toBe(false));
});
