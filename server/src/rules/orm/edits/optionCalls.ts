import type { Span } from "#protocol/place";
import type { FileFacts, CallExpr } from "../../../python/index.js";
import type { Edit } from "./edit.js";
import { callAt, findExpr } from "./syntax.js";

/** The calls of an option, first to last: `joinedload(A.b)` and `.load_only(B.c)` of `joinedload(A.b).load_only(B.c)`. */
export function callsOf(facts: FileFacts, place: Span): CallExpr[] {
  const calls: CallExpr[] = [];
  for (let at = callAt(facts, place); at;) {
    calls.unshift(at);
    const next: CallExpr["callee"] | undefined = at.callee.kind === "attribute" ? at.callee.of : undefined;
    at = next?.kind === "call" ? next : undefined;
  }
  return calls;
}

export const wordOfCall = ({ callee }: CallExpr): string =>
  callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.name : "";

/** The last word of what is called, so that another can take its place. */
export function calleeSpan({ callee }: CallExpr): Span | undefined {
  if (callee.kind === "name") return { start: callee.start, end: callee.end };
  return callee.kind === "attribute" ? { start: callee.end - callee.name.length, end: callee.end } : undefined;
}

/**
 * Takes an option out of the arguments that it is one of, with its comma; of the only one in `.options(...)` the whole link goes.
 * Undefined where it stands anywhere else.
 */
export function removal(file: string, facts: FileFacts, place: Span): Edit | undefined {
  const isIt = ({ start, end }: Span) => start === place.start && end === place.end;
  const call = findExpr(facts, (expr): expr is CallExpr => expr.kind === "call" && expr.args.some(({ value }) => isIt(value)));
  if (!call || wordOfCall(call) !== "options" || call.callee.kind !== "attribute") return undefined;
  const at = call.args.findIndex(({ value }) => isIt(value));
  const before = call.args[at - 1]?.value;
  const after = call.args[at + 1]?.value;
  if (before) return { file, span: { start: before.end, end: place.end }, newText: "" };
  // A splat's star stands before its value.
  if (after) return call.args[at + 1]?.splat ? undefined : { file, span: { start: place.start, end: after.start }, newText: "" };
  return { file, span: { start: call.callee.of.end, end: call.end }, newText: "" };
}
