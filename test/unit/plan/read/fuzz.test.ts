import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../../server/src/protocol/plan.js";
import { readPlans } from "../../../../server/src/plan/index.js";
import { recorded, recordedJson, recordedText } from "../fixtures.js";
import { asXml, asYaml } from "./formats.js";
import { wrappings } from "./wrappings.js";

/** Small plans, so that many changes fit into a minute. */
const names = recorded.filter((name) => /values|disabled|tablesample|lockrows|mergeinto|update|idxonly|recursive/.test(name));
const lines = (source: string): string[] => source.trimEnd().split("\n");
const plain = names.map(recordedText);
const structured = names.slice(0, 8).flatMap((name) => [recordedJson(name), asXml(recordedJson(name)), asYaml(recordedJson(name))]);
const wrapped = names.slice(0, 4).flatMap((name) => Object.values(wrappings).map((wrapping) => wrapping(lines(recordedText(name)), false)));

const pieces = [
  ..."\"'()[]{}<>|+.,:;=\t\n\\-", "->  ", "(cost=", "(actual time=", "rows=", "never executed", "-1", "1e999", "NaN", "__proto__", "\u0000", "\ud800",
  "<script>alert(1)</script>", "<!--", "]]>", "&b;", "<!DOCTYPE", "```", "> ", "QUERY PLAN", "-----", "(1 row)", "Worker 0:  ", "Buffers: shared hit=",
  "Planning:\n", '"Plans": [', '"Plan": {', "Sort Method: ", "CTE x", "SubPlan 1", "Query Text: ", "LOG:  duration: 1 ms  plan:\n", "#011", "- ", "!!js",
]; // prettier-ignore

/** One change: a place and, for some, a second place or a piece. Places are shares of the text, so that a change shrinks to a smaller one. */
const change = fc.record({
  kind: fc.constantFrom("insert", "delete", "cut", "swap", "repeat", "drop", "join", "replace"),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  other: fc.double({ min: 0, max: 1, noNaN: true }),
  piece: fc.constantFrom(...pieces),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(source: string, { kind, at, other, piece }: Change): string {
  const start = Math.floor(at * source.length);
  const rows = source.split("\n");
  const row = Math.min(Math.floor(at * rows.length), rows.length - 1);
  const second = Math.min(Math.floor(other * rows.length), rows.length - 1);
  switch (kind) {
    case "insert":
      return source.slice(0, start) + piece + source.slice(start);
    case "delete":
      return source.slice(0, start) + source.slice(start + 1 + Math.floor(other * 30));
    case "replace":
      return source.slice(0, start) + piece + source.slice(start + piece.length);
    case "cut":
      return other < 0.5 ? source.slice(0, start) : source.slice(start);
    case "swap":
      [rows[row], rows[second]] = [rows[second] ?? "", rows[row] ?? ""];
      return rows.join("\n");
    case "repeat":
      return [...rows.slice(0, row), ...rows.slice(Math.min(row, second), Math.max(row, second)), ...rows.slice(row)].join("\n");
    case "drop":
      return rows.filter((_, index) => index !== row).join("\n");
    default:
      return [...rows.slice(0, row), `${rows[row] ?? ""}${rows[row + 1] ?? ""}`, ...rows.slice(row + 2)].join("\n");
  }
}

/** Differences that tell how far sums are from each other; everything else counts or measures something. */
const signed = new Set(["unattributedMs", "amount"]);

function checkFigures(value: unknown, key = ""): void {
  if (typeof value === "number" && !(Number.isFinite(value) && (value >= 0 || signed.has(key)))) throw new Error(`${key} is ${value}`);
  if (typeof value !== "object" || value === null || key.startsWith("unattributed")) return;
  for (const [name, inner] of Object.entries(value)) checkFigures(inner, name);
}

function checkPlan(plan: Plan): void {
  checkFigures(plan);
  const lineCount = plan.source.split(/\r\n|\n|\r/).length;
  for (const { lines: place } of plan.nodes) {
    if (place) expect([place.first >= 1, place.last >= place.first, place.last <= lineCount]).toEqual([true, true, true]);
  }
}

function checkSource(source: string): void {
  const { plans, problems } = readPlans(source);
  expect(plans.length + problems.length).toBeGreaterThan(0);
  for (const plan of plans) checkPlan(plan);
  for (const { line, message } of problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(message.split(/[.:] /).length).toBeGreaterThan(1);
  }
}

describe("changed plans are read without a crash, a hang or a figure that cannot be", { timeout: 240_000 }, () => {
  it.each([
    ["TEXT", plain, 9000],
    ["JSON, XML and YAML", structured, 6000],
    ["wrapped", wrapped, 5000],
  ] as const)("%s", (_, sources, numRuns) => {
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.array(change, { minLength: 1, maxLength: 4 }), (source, changes) =>
        checkSource(changes.reduce(changed, source)),
      ),
      { numRuns },
    );
  });

  it("spliced from two", () => {
    const all = [...plain, ...structured];
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.constantFrom(...all), fc.double({ min: 0, max: 1, noNaN: true }), (first, second, at) =>
        checkSource(first.slice(0, at * first.length) + second.slice((1 - at) * second.length)),
      ),
      { numRuns: 1000 },
    );
  });
});
