import type { FileFacts, ForStmt } from "../../../python/index.js";
import type { Span } from "#protocol/place";
import type { EditDraft } from "../../rule.js";
import { functionAt, statementsAround } from "./syntax.js";

/** The `for` loop around a place, in the function that holds both. */
export function loopAround(facts: FileFacts, place: Span): ForStmt | undefined {
  const fn = facts.functions[functionAt(facts, place.start)]!;
  return statementsAround(fn.body, place.start).findLast((statement): statement is ForStmt => statement.kind === "for");
}

/** Moves the last statement of a loop's body behind the loop; undefined where it is not that, or the only one. */
export function behindLoop(file: string, facts: FileFacts, place: Span): EditDraft | undefined {
  const loop = loopAround(facts, place);
  const last = loop?.body.at(-1);
  if (!loop || !last || loop.else || loop.body.length < 2 || last.kind !== "expression") return undefined;
  if (place.start < last.start || place.end > last.end) return undefined;
  return { file, span: { start: last.start, end: last.start }, newText: [{ indentOf: loop.start }], withIndent: true };
}
