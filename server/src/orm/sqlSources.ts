import type { SqlSource } from "../sql/source.js";
import type { OrmSubject } from "./analyze.js";
import { toSource } from "./evaluate/literals.js";

/**
 * The SQL texts in a file's strings that reach the database: `text()`, `execute()`, cursors, asyncpg. A string that is put together at run
 * time is none. `file` is where the literal stands, which for a constant may be another file than the subject's.
 */
export function sqlSources(subject: OrmSubject): SqlSource[] {
  return subject.sql.map(({ literal, file, origin, placeholders, scope }) => ({
    file,
    text: literal.value,
    origin,
    placeholders,
    toSource: (offset) => toSource(literal.map, offset),
    literalStart: literal.start,
    scope,
  }));
}
