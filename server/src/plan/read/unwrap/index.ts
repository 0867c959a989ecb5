import type { SourceLine } from "../lines.js";
import { unwrapCells, unwrapQuotedLines, unwrapTuples } from "./cells.js";
import { unwrapCharacters, unwrapEscapes, unwrapHtml } from "./characters.js";
import { unwrapLog, unwrapNotices } from "./log.js";
import { unwrapCommonPrefix, unwrapFences, unwrapLineNumbers, unwrapMail } from "./prefixes.js";
import { unwrapFrame } from "./psql.js";
import type { Unwrapping } from "./unwrapping.js";

/** In this order: what a person or a mail program put around comes off before what the client drew. */
const unwrappings: readonly Unwrapping[] = [
  unwrapCharacters,
  unwrapHtml,
  unwrapEscapes,
  unwrapFences,
  unwrapMail,
  unwrapLineNumbers,
  unwrapCommonPrefix,
  unwrapCells,
  unwrapLog,
  unwrapNotices,
  unwrapTuples,
  unwrapQuotedLines,
  unwrapFrame,
];

/** A wrapping can stand in a wrapping, and the same one twice (a quoted mail in a mail). */
const rounds = 4;

/** Takes off what the plan was copied with. What carries no plan stays as it is. */
export function unwrap(lines: readonly SourceLine[]): readonly SourceLine[] {
  let current = lines;
  for (let round = 0; round < rounds; round++) {
    const before = current;
    for (const unwrapping of unwrappings) current = unwrapping(current) ?? current;
    if (current === before) break;
  }
  return current;
}
