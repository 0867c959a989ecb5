import type { Certainty } from "#protocol/finding";
import { deciding, type Execution, type Frame } from "../../orm/index.js";

/** How sure it is that a statement is sent again and again with other values; undefined where it is no problem. */
export function inLoop(execution: Execution): Certainty | undefined {
  const { operation, batched, iterations, guarded, seldom } = execution;
  const iteration = deciding(execution);
  if (batched || !iteration || iterations.at(-1)?.batches || iteration.batches) return undefined;
  const worksOffList = iteration.kind === "while" && iteration.over.kind === "collection";
  if ((iteration.kind === "while" && !worksOffList) || iteration.async || seldom !== undefined) return "possible";
  // The identity map may answer a `get`, and a condition may spare most rounds the query.
  const doubtful = guarded || worksOffList || throughOf(execution) !== undefined || operation === "get" || iteration.configured === true;
  return doubtful ? "likely" : "certain";
}

/** The function that the loop calls, and which sends the statement by itself or by others. */
export function throughOf(execution: Execution): Frame | undefined {
  const loop = deciding(execution);
  return loop && execution.path.find((frame) => frame.file === loop.file && frame.scope === loop.scope);
}
