import type { Plan } from "#protocol/plan";

/** A stretch of a text in UTF-16 units. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where lines begin; entry 0 is line 1. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The stretch from the first to the last line, both from 1, without the last line's end; undefined where the text has no such lines. */
export function stretchOfLines(text: string, starts: readonly number[], first: number, last: number): Stretch | undefined {
  const start = starts[first - 1];
  if (start === undefined || last < first) return undefined;
  const next = starts[last];
  return { start, end: next === undefined ? text.length : next - 1 };
}

/** The node that a line of the source belongs to. Lines are kept in the plan's order, which is the source's. */
export function nodeOfLine(plan: Plan, line: number): string | undefined {
  return plan.nodes.find(({ lines }) => lines !== undefined && lines.first <= line && line <= lines.last)?.id;
}
