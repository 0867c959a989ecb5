import { beforeAll, describe, expect, test } from "vitest";
import { harmful, harmlessVolatile, sequenceChanges } from "../../../server/src/database/guard/builtin/harmful.js";
import { harmless } from "../../../server/src/database/guard/builtin/harmless.js";
import { isHarmlessC } from "../../../server/src/database/guard/builtin/libraries.js";
import { mentionsOf } from "../../../server/src/database/guard/mentions.js";
import { referencesOf } from "../../../server/src/database/guard/nodeTree.js";
import { parseOne } from "../../../server/src/database/guard/parse.js";
import { checkText } from "../../../server/src/database/guard/text.js";

describe("names in a statement", () => {
  const implicit = new Set(["=", "<>", "<", "<=", ">", ">="]);
  async function checkMentions(sql: string, wanted: string) {
    const { relations, functions, operators, types, samplingMethods, locks, writes } = mentionsOf(await parseOne(sql));
    const words = [
      ...relations.map(({ name, written }) => `${written ? "writes" : "reads"} ${name.join(".")}`),
      ...functions.map(({ name, arguments: count }) => `calls ${name.join(".")}/${count}`),
      ...operators
        .map(({ name }) => name)
        .filter((name) => name.length > 1 || !implicit.has(name[0] ?? ""))
        .map((name) => `uses ${name.join(".")}`),
      ...types.map((name) => `types ${name.join(".")}`),
      ...samplingMethods.map((name) => `samples ${name.join(".")}`),
      ...(locks ? ["locks"] : []),
      ...(writes ? ["writes"] : []),
    ];
    expect([...new Set(words)].sort().join(", ")).toBe(wanted);
  }
  test.each([
    ["SELECT 1", ""],
    ["SELECT f(1), s.g(a, b => 2) FROM t", "calls f/1, calls s.g/2, reads t"],
    ["SELECT count(*) FROM a.b.c", "calls count/0, reads a.b.c"],
    ["SELECT u.name, (x).y, (f(1)).z FROM u", "calls f/1, calls name/-1, calls y/-1, calls z/-1, reads u"],
    ["SELECT a.b.c FROM t", "calls b/-1, calls c/-1, reads t"],
    ["SELECT 'x'::s.t[], CAST(1 AS d)", "types d, types s.t"],
    ["SELECT a OPERATOR(s.@@) b, a @> b, -a", "uses -, uses @>, uses s.@@"],
    ["SELECT 1 WHERE a LIKE 'x' AND b IN (1) AND c = ANY (SELECT 1)", "uses ~~"],
    ["SELECT * FROM t TABLESAMPLE m (1)", "reads t, samples m"],
    ["SELECT * FROM f(1) AS x(a d)", "calls f/1, types d"],
    ["SELECT * FROM t FOR UPDATE", "locks, reads t"],
    ["INSERT INTO t SELECT * FROM u", "reads t, reads u, writes, writes t"],
    ["WITH w AS (DELETE FROM t RETURNING a) SELECT * FROM w", "reads t, reads w, writes, writes t"],
    ["MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE", "reads s, reads t, writes, writes t"],
    ["SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t", "calls percentile_cont/2, reads t"],
    ["SELECT 1 FROM t ORDER BY a USING OPERATOR(s.<)", "reads t, uses s.<"],
    ["SELECT extract(year FROM a), a AT TIME ZONE 'UTC' FROM t", "calls pg_catalog.extract/2, calls pg_catalog.timezone/2, reads t"],
    ["SELECT json_object('{a,1}')", "calls json_object/1, calls pg_catalog.json_object/1"],
  ])("%s", checkMentions);

  test.each([
    ["SELECT 1 INTO t", /SELECT INTO creates a table/],
    ["EXPLAIN SELECT 1", /EXPLAIN statement/],
    ["COPY t TO STDOUT", /COPY statement/],
    ["ALTER SYSTEM SET work_mem = 1", /ALTER SYSTEM statement/],
    ["SELECT 1; SELECT 2", /holds 2 statements/],
    ["", /no statement/],
    ["UPDATE t SET a = 1 WHERE CURRENT OF c", /CurrentOfExpr/],
  ])("%s is refused", async (sql, message) => {
    await expect(parseOne(sql).then(mentionsOf)).rejects.toThrow(message);
  });
});

describe("text", () => {
  test.each([
    ["a\0b", /NUL/],
    ["'\uD800'", /not valid Unicode/],
    ["x".repeat(500_001), /500,001 bytes/],
    ["(".repeat(1_501), /brackets too deeply/],
    ["/*".repeat(65), /comments too deeply/],
  ])("is looked at first (%#)", (text, message) => expect(() => checkText(text)).toThrow(message));
  test("loses a byte order mark", () => expect(checkText("\uFEFFSELECT 1")).toBe("SELECT 1"));
  test("may hold what only looks deep", () => expect(checkText(`SELECT '${"()".repeat(5_000)}' /* a */ -- b`)).toContain("SELECT"));
});

describe("stored expressions", () => {
  test("tell their functions, operators, types and relations", () => {
    const tree =
      "({QUERY :commandType 1 :rtable ({RTE :alias <> :relid 16400}) :targetList ({TARGETENTRY :expr {FUNCEXPR :funcid 16500 :funcresulttype 25 :args ({CONST :consttype 16600 :constvalue 4 [ 1 0 0 0 ]})} :resname a\\ b}) :sortClause ({SORTGROUPCLAUSE :eqop 96 :sortop 97}) :x {ROWCOMPAREEXPR :opnos (o 16700 16701)}})";
    const found = referencesOf(tree);
    expect([...found.functions]).toEqual([16500]);
    expect([...found.operators]).toEqual([96, 16700, 16701]);
    expect([...found.sortOperators]).toEqual([97]);
    expect([...found.types]).toEqual([25, 16600]);
    expect([...found.relations]).toEqual([16400]);
    expect(found).toMatchObject({ writes: false, locks: false });
  });
  test("a field's name as a string hides nothing", () => {
    expect([...referencesOf("{ALIAS :aliasname :funcid :funcid 16500 :colnames (:funcid 16501)}").functions]).toEqual([16500, 16501]);
  });
  test.each([3, 2, 4, 5, 6])("a command of type %i is seen", (command) => {
    expect(referencesOf(`({QUERY :commandType 1 :cteList ({CTE :ctequery {QUERY :commandType ${command} :x 1}})})`).writes).toBe(true);
  });
});

describe("the lists of reviewed functions", () => {
  test("do not contradict one another", () => {
    const both = [...harmful.keys(), ...sequenceChanges].filter((symbol) => harmless.has(symbol) || harmlessVolatile.has(symbol));
    expect(both).toEqual([]);
  });
  test.each([
    ["$libdir/pg_trgm", "similarity", true],
    ["$libdir/pg_trgm", "set_limit", false],
    ["$libdir/dblink", "dblink_exec", false],
    ["$libdir/tablefunc", "normal_rand", true],
    ["$libdir/tablefunc", "crosstab", false],
    ["/home/somebody/pg_trgm", "similarity", false],
    ["$libdir/../pg_trgm", "similarity", false],
    ["$libdir/constructor", "x", false],
  ])("%s %s", (library, symbol, wanted) => expect(isHarmlessC(library, symbol)).toBe(wanted));
});

beforeAll(() => parseOne("SELECT 1"));
