import type { Attribution, Discrepancy } from "./attribution.js";
import type { RawNode } from "./rawTree.js";
import { titleOf } from "./title.js";

/** Sentences for everything by which the numbers do not add up exactly, rounding apart. */
export function notesOf(nodes: readonly RawNode[], time: Attribution | undefined, buffersAfterPlan: boolean): readonly string[] {
  const notes = (time?.discrepancies ?? []).filter(({ cause }) => cause !== "rounding").map((discrepancy) => sentence(discrepancy, nodes));
  if (buffersAfterPlan) notes.push("Buffers include those of data-changing CTEs that were completed after the main plan had ended.");
  return notes;
}

function sentence({ node, cause, amount }: Discrepancy, nodes: readonly RawNode[]): string {
  const name = nodes[node] ? titleOf(nodes[node]) : "a node";
  const time = `${amount.toFixed(3)} ms`;
  switch (cause) {
    case "gather":
      return `${name}: its processes ran ${time} longer than it waited for them (they start earlier); counted as its 0 and taken off “unattributed”.`;
    case "async":
      return `${name}: its children overlapped by ${time}; taken off “unattributed”.`;
    case "after-plan":
      return `${name}: ${time} of this CTE ran after the main plan had ended; taken off “unattributed”.`;
    default:
      return `${name}: its children report ${time} more than it does, and the plan does not say why; taken off “unattributed”.`;
  }
}

/** Loading the compiler and its library of functions is counted neither in a node nor in JIT's own figure. */
export function jitNote(jit: number | undefined, unattributed: number | undefined, execution: number | undefined): readonly string[] {
  if (jit === undefined || unattributed === undefined || execution === undefined || unattributed < execution * 0.05) return [];
  return [`JIT compiled this statement: starting the compiler is part of “unattributed” (${unattributed.toFixed(3)} ms).`];
}
