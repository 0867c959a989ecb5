import { expect, test } from "vitest";
import type { Recommendation, Report } from "#protocol/report";
import { openFindings, summaryOf } from "../../../server/src/report/summary.js";
import { makeFinding } from "./finding.js";

function advice(id: string, more: Partial<Recommendation>): Recommendation {
  const evidence: Recommendation["evidence"] = { level: "code", facts: [] };
  return { ...{ id, kind: "code", title: id, why: "", severity: "warning", evidence, applicability: "safe", edits: [] }, ...more };
}

function index(id: string, method: "hypopg" | "none"): Recommendation {
  const evidence: Recommendation["evidence"] = { level: "planner", facts: [] };
  const own = { ...{ id, table: "t", columns: ["c"], method: "btree", ddl: "", reason: "", statements: [], evidence }, proof: { method } };
  return advice(id, { kind: "index", index: own });
}

function reportOf(recommendations: Recommendation[], findings: Report["findings"] = []): Report {
  const base = { title: "", createdAt: "", depth: 1, analyzers: [], metrics: [], slowQueries: [], applied: [], files: 0, elapsedMs: 0 };
  return { ...base, recommendations, findings };
}

const [a, b, c] = [index("a", "hypopg"), index("b", "hypopg"), index("c", "hypopg")];
const safe = advice("safe", {});

test.each<[string, Recommendation[], string[]]>([
  ["one index, then the code", [a, b, c, safe], ["a", "safe", "b"]],
  ["what breaks first", [a, safe, advice("broken", { severity: "error" })], ["broken", "a", "safe"]],
  [
    "proved before unproved, safe before unsafe",
    [advice("unsafe", { applicability: "unsafe" }), index("guess", "none"), a, b],
    ["a", "b", "unsafe"],
  ],
  ["why a statement is slow is no action yet", [advice("slow", { kind: "rewrite" }), safe], ["safe", "slow"]],
  ["a migration repeats its indexes", [advice("migration", { kind: "migration" }), a], ["a"]],
])("start with: %s", (_name, recommendations, expected) => {
  expect(summaryOf(reportOf(recommendations)).first.map(({ id }) => id)).toEqual(expected);
});

test("counts what was found and what can be done", () => {
  const { counts } = summaryOf(reportOf([a, index("guess", "none"), safe], [makeFinding({}), makeFinding({ severity: "info" })]));
  expect(counts).toEqual([
    "2 problems in the code (1 warning, 1 info); --apply makes 1 safe change.",
    "1 index that the planner has confirmed, 1 unproved.",
  ]);
});

test("findings that a recommended change ends are not told twice", () => {
  const edits = [{ file: "a.py", range: { line: 1, column: 1, endLine: 1, endColumn: 2 }, newText: "x" }];
  const ended = makeFinding({ id: "ended", fixes: [{ title: "t", applicability: "safe", edits }] });
  const open = makeFinding({ id: "open", fixes: [] });
  expect(openFindings(reportOf([advice("change", { edits })], [ended, open])).map(({ id }) => id)).toEqual(["open"]);
});
