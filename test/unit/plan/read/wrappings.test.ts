import { describe, expect, it } from "vitest";
import type { Plan } from "../../../../server/src/protocol/plan.js";
import { readPlans } from "../../../../server/src/plan/index.js";
import { recorded, recordedJson, recordedText } from "../fixtures.js";
import { breaks, logs, wrappings, type Wrapping } from "./wrappings.js";

/** Everything but where it stands. */
function content(plan: Plan | undefined): unknown {
  return plan && { ...plan, source: "", queryText: undefined, nodes: plan.nodes.map((node) => ({ ...node, lines: undefined })) };
}

const known = new Map<string, unknown>();

function unwrapped(source: string): unknown {
  if (!known.has(source)) known.set(source, content(readPlans(source).plans[0]));
  return known.get(source);
}

function checkWrapping(wrapping: Wrapping, source: string, cell: boolean): void {
  const lines = source.trimEnd().split("\n");
  const wrapped = wrapping(lines, cell);
  const expected = unwrapped(source);
  const actual = readPlans(wrapped);
  expect(actual.problems, wrapped.slice(0, 600)).toEqual([]);
  expect(actual.plans).toHaveLength(1);
  expect(content(actual.plans[0])).toEqual(expected);
}

const each = (kinds: Readonly<Record<string, Wrapping>>) => Object.entries(kinds).map(([name, wrapping]) => ({ name, wrapping }));

describe("TEXT", { timeout: 60_000 }, () => {
  it.each([...each(wrappings), ...each(breaks)])("in $name", ({ wrapping }) => {
    for (const name of recorded) checkWrapping(wrapping, recordedText(name), false);
  });
  it.each(each(logs))("in $name", ({ wrapping }) => {
    for (const name of recorded) checkWrapping(wrapping, recordedText(name), false);
    const { plans } = readPlans(wrapping(recordedText("pg18_values").trimEnd().split("\n"), false));
    expect(plans[0]?.queryText).toMatch(/^select /);
  });
});

describe("JSON", { timeout: 60_000 }, () => {
  it.each([...each(wrappings)])("in $name", ({ wrapping }) => {
    for (const name of recorded) checkWrapping(wrapping, recordedJson(name), true);
  });
});
