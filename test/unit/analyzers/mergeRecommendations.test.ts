import { expect, test } from "vitest";
import type { Recommendation } from "#protocol/report";
import { mergeRecommendations } from "../../../server/src/analyzers/mergeRecommendations.js";
import { recommend, slowStatementId } from "../../../server/src/analyzers/support.js";

type Index = NonNullable<Recommendation["index"]>;

function index(id: string, columns: string[], method: Index["proof"]["method"], statements: Index["statements"] = []): Recommendation {
  const evidence = { level: method === "none" ? "schema" : "planner", facts: [`fact of ${id}`] } as const;
  const own: Index = {
    ...{ id, table: "orders", columns, method: "btree", ddl: "", reason: "", statements, proof: { method } },
    evidence: { ...evidence, facts: [...evidence.facts] },
  };
  const load = { statements: 1, calls: 1, totalTimeMs: statements.length * 100, share: 0.1 };
  return recommend({ id, kind: "index", title: id, why: "", severity: "warning", evidence: own.evidence, index: own, load });
}

function slow(query: string): Recommendation {
  const evidence = { level: "workload", facts: ["5 calls."] } as const;
  return recommend({
    ...{ id: slowStatementId(query), kind: "rewrite", title: `Slow: ${query}`, why: "", severity: "info" },
    evidence: { ...evidence, facts: [...evidence.facts] },
  });
}

const faster = [{ statement: "SELECT 1", before: 100, after: 10 }];
const little = [{ statement: "SELECT 1", before: 100, after: 90 }];

test.each<[string, Recommendation[], string[]]>([
  [
    "what an index answers is a fact of the index",
    [slow("SELECT 1"), index("a", ["x"], "hypopg", faster)],
    ["a: fact of a, Slow: SELECT 1 (5 calls)"],
  ],
  [
    "an index that hardly helps answers nothing",
    [index("a", ["x"], "hypopg", little), slow("SELECT 1")],
    ["a: fact of a", "Slow: SELECT 1: 5 calls."],
  ],
  [
    "an unproved index answers nothing",
    [index("a", ["x"], "none", faster), slow("SELECT 1")],
    ["a: fact of a", "Slow: SELECT 1: 5 calls."],
  ],
  [
    "a proved index serves an unproved one on its beginning",
    [index("a", ["x"], "none"), index("b", ["x", "y"], "hypopg")],
    ["b: fact of b"],
  ],
  ["not one on other columns", [index("a", ["y"], "none"), index("b", ["x", "y"], "hypopg")], ["b: fact of b", "a: fact of a"]],
  [
    "the same from two analyzers: the stronger evidence",
    [index("a", ["x"], "none"), { ...index("a", ["x"], "hypopg"), title: "b" }],
    ["b: fact of a"],
  ],
  ["most of the time first", [index("a", ["x"], "hypopg"), index("b", ["y"], "hypopg", faster)], ["b: fact of b", "a: fact of a"]],
])("%s", (_name, given, expected) => {
  expect(mergeRecommendations(given).map(({ title, evidence }) => `${title}: ${evidence.facts.join(", ")}`)).toEqual(expected);
});
