import { beforeAll, describe, expect, test } from "vitest";
import {
  checkComments,
  checkStatements,
  readSuppressions,
  resolveRules,
  sqlComments,
  toFindings,
  type FileView,
  type Problem,
} from "../../../server/src/rules/index.js";
import { initSql, parseStatements, type SqlSource } from "../../../server/src/sql/index.js";
import { sqlFile } from "./support/project.js";

beforeAll(() => initSql());

function findingsOf(text: string, stableName = "queries.sql", source: SqlSource = sqlFile("/p/queries.sql", text)) {
  const { levels } = resolveRules();
  const parsed = parseStatements(source);
  const { suppressions } = checkComments(source.file, text, sqlComments(parsed), levels);
  const view: FileView = { text, stableName, suppressions };
  return toFindings(checkStatements(parsed, levels, { catalogs: [] }), () => view, levels);
}

describe("ids", () => {
  const query = "SELECT * FROM orders;\n";
  const ids = (text: string, name?: string) => findingsOf(text, name).map(({ id }) => id);

  test("stay when lines come above", () => expect(ids(`-- a comment\nSELECT 1;\n\n${query}`)).toEqual(ids(query)));
  test("stay when the statement grows", () => expect(ids("SELECT * FROM orders WHERE id = 1;")).toEqual(ids(query)));
  test("differ by file", () => expect(ids(query, "other.sql")).not.toEqual(ids(query)));
  test("differ among equals, whatever is silenced", () => {
    const [first, second] = ids(query + query);
    expect(first).toEqual(ids(query)[0]);
    expect(second).not.toEqual(first);
    expect(ids(`SELECT * FROM orders; -- db-optimize: ignore[select-star] known\n${query}`)).toEqual([second]);
  });
});

describe("places", () => {
  const places = (text: string, source?: SqlSource) =>
    findingsOf(text, "f", source).map(({ line, column, endLine, endColumn }) => [line, column, endLine, endColumn].join(" "));

  test.each([
    ["lines and columns from 1", "SELECT * FROM t", ["1 8 1 9"]],
    ["CRLF", "SELECT 1;\r\nSELECT\r\n  * FROM t", ["3 3 3 4"]],
    ["a byte order mark", "\ufeffSELECT * FROM t", ["1 9 1 10"]],
    ["UTF-16 columns", "SELECT '😀' AS a, t.* FROM t", ["1 19 1 22"]],
    ["several lines", "DELETE\nFROM t", ["1 1 2 7"]],
  ])("%s", (_, text, expected) => expect(places(text)).toEqual(expected));

  test("in a string of Python with escapes and fragments", () => {
    const file = `q = "SELECT \\n" "t.* FROM t"`;
    const text = "SELECT \nt.* FROM t";
    const first = file.indexOf("SELECT");
    const second = file.indexOf("t.*");
    const toSource = (offset: number) => (offset < 7 ? first + offset : offset === 7 ? first + 7 : second + offset - 8);
    const source: SqlSource = { file: "q.py", text, origin: "text", placeholders: ["colon"], toSource, scope: "q" };
    expect(places(file, source)).toEqual([`1 ${second + 1} 1 ${second + 4}`]);
  });
});

test("related places and fixes in files that are gone are left out", () => {
  const { levels } = resolveRules();
  const elsewhere = { file: "gone.py", span: { start: 0, end: 1 } };
  const problem: Problem = {
    file: "here.py",
    span: { start: 0, end: 4 },
    message: "m",
    certainty: "certain",
    evidence: { level: "code", facts: [] },
    related: [{ ...elsewhere, message: "there" }],
    fixes: [
      {
        title: "half",
        applicability: "safe",
        edits: [
          { ...elsewhere, newText: "x" },
          { file: "here.py", span: { start: 0, end: 1 }, newText: "x" },
        ],
      },
      { title: "whole", applicability: "safe", edits: [{ file: "here.py", span: { start: 0, end: 1 }, newText: "x" }] },
    ],
    anchor: "a",
  };
  const view: FileView = { text: "text", stableName: "here.py", suppressions: [] };
  const [finding] = toFindings([{ rule: "select-star", problem }], (file) => (file === "here.py" ? view : undefined), levels);
  expect(finding).toMatchObject({
    related: [],
    fixes: [{ title: "whole", edits: [{ range: { line: 1, column: 1, endLine: 1, endColumn: 2 } }] }],
  });
});

describe("suppressions", () => {
  const read = (text: string) => {
    const comments = text.split("\n").flatMap((line, index, lines) => {
      const at = line.search(/#|--/);
      const start = lines.slice(0, index).join("\n").length + (index > 0 ? 1 : 0) + at;
      return at < 0 ? [] : [{ start, end: start + line.length - at, text: line.slice(at) }];
    });
    return readSuppressions(text, comments).map(({ scope, rules, reason, lines }) =>
      [scope, rules.join("+"), reason, lines.join(" ")].join("|"),
    );
  };
  test.each([
    ["behind code", "x # db-optimize: ignore[a] why", ["line|a|why|1"]],
    ["above code", "# db-optimize: ignore[a] why\nx", ["line|a|why|1 2"]],
    ["above other comments", "# db-optimize: ignore[a] why\n# more\n# db-optimize: ignore[b] too\nx", ["line|a|why|1 4", "line|b|too|3 4"]],
    ["several rules", "x -- db-optimize: ignore[a, b-c] why", ["line|a+b-c|why|1"]],
    ["a whole file", "-- db-optimize: ignore-file[a]: why", ["file|a|why|"]],
    ["without a reason", "x # db-optimize: ignore[a]", ["line|a||1"]],
    ["without rules", "x # db-optimize: ignore why", ["line||why|1"]],
    ["tight", "x #db-optimize:ignore[a]why", ["line|a|why|1"]],
    ["other words", "x # db-optimize: ignored[a] why", []],
    ["not at the beginning", "x # see db-optimize: ignore[a] why", []],
  ])("%s", (_, text, expected) => expect(read(text)).toEqual(expected));
});
