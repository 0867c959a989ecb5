import type { FileFacts } from "../python/index.js";
import type { SqlSource } from "../sql/source.js";
import type { OrmSubject } from "./analyze.js";
import { toSource } from "./evaluate/literals.js";
import { rowsRead } from "./rowsRead.js";

/**
 * The SQL texts in a file's strings that reach the database: `text()`, `execute()`, cursors, asyncpg. A string that is put together at run
 * time is none. `file` is where the literal stands, which for a constant may be another file than the subject's.
 * @param facts of that file, for what is done with the rows
 */
export function sqlSources(subject: OrmSubject, facts?: FileFacts): SqlSource[] {
  return subject.sql.map(({ literal, file, origin, placeholders, scope }) => ({
    file,
    text: literal.value,
    origin,
    placeholders,
    toSource: (offset) => toSource(literal.map, offset),
    literalStart: literal.start,
    scope,
    ...(facts ? { rows: () => rowsRead(facts, literal.start) } : {}),
  }));
}
