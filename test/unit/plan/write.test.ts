import { describe, expect, it } from "vitest";
import type { Plan } from "../../../server/src/protocol/plan.js";
import { planToText, readPlans } from "../../../server/src/plan/index.js";
import { document, raw, read, recorded, recordedJson, recordedText } from "./fixtures.js";

/** Groups of figures, which TEXT leaves out where all of them are zero. */
const groups = new Set(["buffers", "selfBuffers", "unattributedBuffers", "planningBuffers", "ioTimes", "selfIoTimes", "unattributedIoTimes", "planningIoTimes", "wal", "selfWal", "unattributedWal"]); // prettier-ignore

/** A plan without what TEXT does not say: switches that are off, figures that are zero, and where it stands. */
function said(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return key === "details" ? saidDetails(value as Details) : value.map((item) => said(item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name]) => !["lines", "source", "ioTimeErrorMs"].includes(name))
    .map(([name, inner]) => [name, said(inner, name)] as const)
    .filter(([, inner]) => inner !== undefined && !(groups.has(key) && inner === 0));
  return groups.has(key) && entries.length === 0 ? undefined : Object.fromEntries(entries);
}

type Details = readonly { readonly key: string; readonly value: string }[];

const saidDetails = (details: Details): Details =>
  details
    .filter(({ key, value }) => value !== "false" && value !== "0" && key !== "Parallel Aware")
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));

function checkWritten(source: string): void {
  const [plan] = readPlans(source).plans;
  const text = planToText(plan as Plan);
  const again = readPlans(text);
  expect(again.problems, text).toEqual([]);
  expect(again.plans).toHaveLength(1);
  expect(said(again.plans[0]), text).toEqual(said(plan));
  expect(planToText(again.plans[0] as Plan)).toBe(text);
}

describe("a plan written as text and read again is the same", () => {
  it.each(recorded)("%s.json", (name) => checkWritten(recordedJson(name)));
  it.each(recorded)("%s.text", (name) => checkWritten(recordedText(name)));
});

describe("the text is EXPLAIN's own", () => {
  const lines = (text: string): string[] => text.trimEnd().split("\n").map((line) => line.trim()).sort(); // prettier-ignore
  it.each(recorded)("%s", (name) => {
    const text = recordedText(name);
    expect(lines(planToText(readPlans(text).plans[0] as Plan))).toEqual(lines(text));
  });
});

it("writes a plan that is deeper than the stack", () => {
  const deep = `${'{"Node Type":"Limit","Plans":['.repeat(2000)}{"Node Type":"Result"}${"]}".repeat(2000)}`;
  expect(planToText(read(`[{"Plan":${deep}}]`)).split("\n")).toHaveLength(2001);
});

it("writes names that need quotes", () => {
  const plan = read(document(raw("Seq Scan", { "Relation Name": 'a "b" (cost=', Alias: "x on y", Schema: "S" })));
  const [again] = readPlans(planToText(plan)).plans;
  expect(again?.nodes[0]).toMatchObject({ relation: 'a "b" (cost=', alias: "x on y", schema: "S", loops: 1 });
});
