import { describe, expect, it } from "vitest";
import type { Plan } from "../../../../server/src/protocol/plan.js";
import { readPlans } from "../../../../server/src/plan/index.js";
import { recorded, recordedJson, recordedText } from "../fixtures.js";
import { breaks, logs, wrappings, type Wrapping } from "./wrappings.js";

/** Everything but where it stands. */
function content(plan: Plan | undefined): unknown {
  return plan && { ...plan, source: "", nodes: plan.nodes.map((node) => ({ ...node, lines: undefined })) };
}

function checkWrapping(wrapping: Wrapping, source: string, cell: boolean): void {
  const lines = source.trimEnd().split("\n");
  const wrapped = wrapping(lines, cell);
  const expected = readPlans(source);
  const actual = readPlans(wrapped);
  expect(actual.problems, wrapped.slice(0, 600)).toEqual([]);
  expect(actual.plans).toHaveLength(1);
  expect(content(actual.plans[0])).toEqual(content(expected.plans[0]));
}

const each = (kinds: Readonly<Record<string, Wrapping>>) => Object.entries(kinds).map(([name, wrapping]) => ({ name, wrapping }));

describe("TEXT", () => {
  it.each([...each(wrappings), ...each(breaks)])("in $name", ({ wrapping }) => {
    for (const name of recorded) checkWrapping(wrapping, recordedText(name), false);
  });
  it.each(each(logs))("in $name", ({ wrapping }) => {
    for (const name of recorded) checkWrapping(wrapping, recordedText(name), false);
  });
});

describe("JSON", () => {
  it.each([...each(wrappings)])("in $name", ({ wrapping }) => {
    for (const name of recorded) checkWrapping(wrapping, recordedJson(name), true);
  });
});
