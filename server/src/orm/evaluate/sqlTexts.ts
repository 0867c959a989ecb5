import type { StringExpr } from "../../python/index.js";
import { membersOf, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";

/** SQL text that reaches the database, as a string of the code. */
export interface SqlText {
  readonly literal: StringExpr;
  /** File of the literal: a constant may stand elsewhere. */
  readonly file: string;
  readonly origin: "text" | "execute" | "cursor" | "asyncpg";
  readonly placeholders: readonly ("colon" | "pyformat" | "format" | "dollar")[];
  readonly scope: string;
}

const verbs = new Set(
  [
    "select",
    "insert",
    "update",
    "delete",
    "with",
    "merge",
    "values",
    "table",
    "create",
    "alter",
    "drop",
    "truncate",
    "copy",
    "explain",
  ].concat([
    "vacuum",
    "analyze",
    "refresh",
    "lock",
    "set",
    "grant",
    "revoke",
    "reindex",
    "cluster",
    "comment",
    "call",
    "do",
    "notify",
    "listen",
  ]),
);

/** The first word of a statement in lower case, past blanks, brackets and comments. */
export function firstWord(sql: string): string {
  let at = 0;
  for (;;) {
    while (at < sql.length && (sql[at]! <= " " || sql[at] === "(")) at++;
    if (sql.startsWith("--", at)) at = endOr(sql, sql.indexOf("\n", at));
    else if (sql.startsWith("/*", at)) at = endOr(sql, sql.indexOf("*/", at) + 1) + 1;
    else break;
  }
  let end = at;
  while (end < sql.length && sql[end]!.toLowerCase() !== sql[end]!.toUpperCase()) end++;
  return sql.slice(at, end).toLowerCase();
}
const endOr = (sql: string, at: number) => (at <= 0 ? sql.length : at);

export const looksLikeSql = (literal: StringExpr) => !literal.bytes && verbs.has(firstWord(literal.value));

export function noteSql(
  ev: Evaluator,
  value: Value | undefined,
  origin: SqlText["origin"],
  placeholders: SqlText["placeholders"],
  sure: boolean,
): void {
  for (const member of value ? membersOf(value) : []) {
    if (member.kind !== "string" || member.literal.value.trim() === "" || (!sure && !looksLikeSql(member.literal))) continue;
    const key = `${member.file}:${member.literal.start}`;
    if (!ev.found.sql.has(key))
      ev.found.sql.set(key, { literal: member.literal, file: member.file, origin, placeholders, scope: ev.scope });
  }
}

const fetches = new Set(["fetch", "fetchrow", "fetchval", "execute", "executemany", "cursor"]);

/** A call on something that is no SQLAlchemy session: a driver's cursor or connection, where the string is SQL. */
export function driverCall(ev: Evaluator, name: string, args: readonly Value[]): void {
  if (!fetches.has(name) && name !== "exec_driver_sql" && name !== "mogrify") return;
  const imports = (module: string) => ev.facts.imports.some((fact) => fact.module === module || fact.module.startsWith(`${module}.`));
  if (name === "exec_driver_sql") return noteSql(ev, args[0], "execute", ["pyformat", "format"], true);
  // Another database's SQL is none of ours.
  if (["sqlite3", "aiosqlite", "pymysql", "MySQLdb", "duckdb", "clickhouse_driver", "snowflake"].some(imports)) return;
  if (imports("asyncpg") || (name.startsWith("fetch") && args[0]?.kind === "string"))
    return noteSql(ev, args[0], "asyncpg", ["dollar"], false);
  if (name === "execute" || name === "executemany" || name === "mogrify") noteSql(ev, args[0], "cursor", ["pyformat", "format"], false);
}
