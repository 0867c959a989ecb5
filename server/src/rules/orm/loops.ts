import type { Certainty } from "#protocol/finding";
import { deciding, type Execution, type Frame, type Iteration } from "../../orm/index.js";
import type { Problem } from "../rule.js";

/** How sure it is that a statement is sent again and again with other values; undefined where it is no problem. */
export function inLoop(execution: Execution): Certainty | undefined {
  const { operation, batched, iterations, guarded, seldom } = execution;
  const iteration = deciding(execution);
  if (batched || !iteration || iterations.at(-1)?.batches || iteration.batches) return undefined;
  // What a list that is worked off holds next, an earlier round may have put there: a question can be asked for what is there at first.
  const worksOffList = iteration.kind === "while" && iteration.over.kind === "collection" && operation !== "write";
  if ((iteration.kind === "while" && !worksOffList) || iteration.async || seldom !== undefined || execution.unfounded) return "possible";
  // A transaction of its own in each round is there on purpose: each round stands or falls by itself.
  if (execution.ownSession === true && (operation === "write" || execution.unitOfWork === true)) return "possible";
  const calls = callsBehind(execution);
  if (calls >= farAway) return "possible";
  // A claim, an upsert by hand: what one statement for all gives says less.
  if (execution.answered) return "possible";
  if (execution.inBatches) return "possible";
  // Further down than the function that the loop calls, a write is a step of a larger piece of work: of those that were read by hand a quarter
  // could not be put together. So is a question beside writes: it may ask for what an earlier round has written.
  if (calls > 1 && (operation === "write" || execution.writesToo)) return "possible";
  // Locks are taken one by one: a row that somebody else holds costs its round, not all.
  if (execution.query?.flags.lockedApart || (execution.query?.flags.forUpdate && execution.ownSession)) return "possible";
  // `for _ in range(10)`: what a round asks depends on what the one before has left.
  if (iteration.target === "_" && execution.verb !== "insert") return "possible";
  // The identity map may answer a `get`, and a condition may spare most rounds the query.
  const doubtful =
    guarded ||
    execution.ownSession === true ||
    worksOffList ||
    throughOf(execution) !== undefined ||
    operation === "get" ||
    execution.by === "merge" ||
    iteration.configured === true ||
    iteration.groups === true ||
    iteration.paced === true;
  return doubtful ? "likely" : "certain";
}

/** Calls between a loop and what it sends: on so long a way something was not understood, or seldom comes to the end. */
const farAway = 4;

/** The calls that lead from the loop's function to the statement. */
function callsBehind(execution: Execution): number {
  const through = throughOf(execution);
  return through ? execution.path.length - execution.path.indexOf(through) : 0;
}

/** What of the loop the statement is made of: the names that it uses itself, else the loop's target. */
export function dependence({ names, path }: Execution, { target, bound }: Iteration): string {
  const handedOut = target.split(", ");
  const used = path.length === 0 ? [...bound].filter((name) => names.has(name)).sort() : [];
  // What the loop hands out says more than what its body makes of it.
  const first = used.filter((name) => handedOut.includes(name));
  if (used.length > 0) return (first.length > 0 ? first : used).map((name) => `\`${name}\``).join(" and ");
  return target && !target.includes("…") ? `\`${target}\`` : "what the loop changes";
}

/** The calls that lead from the loop to the statement, and further statements behind the same call. */
export function placesBehind({ path, also, ...execution }: Execution): Problem["related"] {
  const loop = deciding({ path, ...execution });
  const from = path.findIndex((frame) => frame.file === loop?.file && frame.scope === loop.scope);
  const calls = from < 0 ? [] : path.slice(from + 1);
  const shown = calls.length > mostCalls ? [...calls.slice(0, 2), ...calls.slice(2 - mostCalls)] : calls;
  const sent = [execution, ...(also ?? [])].filter((one) => from >= 0 || one !== execution).slice(0, mostStatements);
  return [
    ...shown.map(({ file, span, callee }) => ({ file, span, message: `\`${callee}\` is called here.` })),
    ...sent.map(({ file, span }) => ({ file, span, message: "A statement is sent here." })),
  ];
}
const mostCalls = 5;
const mostStatements = 4;

/** The function that the loop calls, and which sends the statement by itself or by others. */
export function throughOf(execution: Execution): Frame | undefined {
  const loop = deciding(execution);
  return loop && execution.path.find((frame) => frame.file === loop.file && frame.scope === loop.scope);
}
