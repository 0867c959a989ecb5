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
  if (speaksOtherwise(subject.facts)) return [];
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

/** Drivers of databases that are not PostgreSQL. */
const others = new Set(
  [
    "cassandra",
    "clickhouse_connect",
    "clickhouse_driver",
    "duckdb",
    "MySQLdb",
    "mysql",
    "pymysql",
    "oracledb",
    "cx_Oracle",
    "pymssql",
  ].concat(["snowflake", "sqlite3", "aiosqlite", "aiomysql", "singlestoredb", "trino", "pyhive", "databricks"]),
);
/** Those that speak to PostgreSQL, or may. */
const ours = new Set(["sqlalchemy", "sqlmodel", "psycopg", "psycopg2", "asyncpg", "pg8000", "aiopg", "databases", "flask_sqlalchemy"]);

/** Whether a file imports the driver of another database, and none that may be PostgreSQL's. */
function speaksOtherwise({ imports }: FileFacts): boolean {
  const imported = imports.filter(({ level }) => level === 0).map(({ module }) => module.split(".")[0]!);
  return imported.some((name) => others.has(name)) && !imported.some((name) => ours.has(name));
}
