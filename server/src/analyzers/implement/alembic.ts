import { quoteName } from "../../plan/index.js";
import type { MigrationSettings, NewIndex } from "../analyzer.js";
import { createIndexSql } from "../optimize/indexes/candidate.js";

/** A Python literal. JSON's strings are Python's; what holds double quotes and nothing else of note reads better in single ones. */
function python(text: string): string {
  const json = JSON.stringify(text);
  const plain =
    text.includes('"') && !text.includes("'") && JSON.stringify(text.replaceAll('"', "")).slice(1, -1) === text.replaceAll('"', "");
  return plain ? `'${text}'` : json;
}

const indent = "        ";

/**
 * An Alembic revision that creates the indexes without locking out writers, and takes them away again.
 * @param unproved indexes that no planner has confirmed: they stand in comments
 */
export function alembicMigration(indexes: readonly NewIndex[], settings: MigrationSettings, unproved: readonly NewIndex[] = []): string {
  const tables = [...new Set(indexes.map(({ candidate }) => candidate.table))].join(", ");
  const down = settings.downRevision === null ? "None" : python(settings.downRevision);
  return [
    `"""Indexes for ${docstring(tables)}`,
    "",
    `Revision ID: ${docstring(settings.revision)}`,
    `Revises: ${docstring(settings.downRevision ?? "")}`,
    `Create Date: ${docstring(settings.createdAt)}`,
    `"""`,
    "",
    "from alembic import op",
    "",
    `revision = ${python(settings.revision)}`,
    `down_revision = ${down}`,
    "branch_labels = None",
    "depends_on = None",
    "",
    "",
    "def upgrade() -> None:",
    "    # CREATE INDEX CONCURRENTLY does not run inside a transaction. If it fails, it leaves an invalid index: drop that before trying again.",
    "    with op.get_context().autocommit_block():",
    ...indexes.map((index) => execute(createIndexSql(index.candidate, index.name).slice(0, -1))),
    ...unproved.flatMap(({ candidate, name }) => [
      `${indent}# Not proved by the planner: ${docstring(candidate.reason)}. If you want it, drop it in downgrade() too.`,
      `${indent}# ${execute(createIndexSql(candidate, name).slice(0, -1)).trimStart()}`,
    ]),
    "",
    "",
    "def downgrade() -> None:",
    "    with op.get_context().autocommit_block():",
    ...[...indexes].reverse().map((index) => execute(dropIndexSql(index))),
    "",
  ].join("\n");
}

/** `op.execute` takes a plain string as it is written; a colon before a word would be a bind parameter in text() only. */
function execute(sql: string): string {
  return `${indent}op.execute(${python(escapeColons(sql))})`;
}

/** Alembic wraps strings in text(), where `:name` is a parameter. */
function escapeColons(sql: string): string {
  return sql.replaceAll(":", "\\:");
}

/** Nothing in a docstring may end it or escape. */
function docstring(text: string): string {
  return text.replaceAll("\\", "/").replaceAll('"', "'").split("\n").join(" ").split("\r").join(" ");
}

/** A name may hold a line break, which would end the comment. */
const comment = (sql: string): string => sql.split("\n").join(" ").split("\r").join(" ");

export function dropIndexSql({ name, candidate }: NewIndex): string {
  return `DROP INDEX CONCURRENTLY IF EXISTS ${quoteName(candidate.schema)}.${quoteName(name)}`;
}

/** The same as a script for psql, which must not be run with --single-transaction. */
export function sqlMigration(indexes: readonly NewIndex[], unproved: readonly NewIndex[] = []): string {
  return [
    "-- CREATE INDEX CONCURRENTLY does not run inside a transaction: run this without --single-transaction.",
    ...indexes.map(({ candidate, name }) => createIndexSql(candidate, name)),
    ...unproved.flatMap(({ candidate, name }) => [
      `-- Not proved by the planner: ${docstring(candidate.reason)}.`,
      `-- ${comment(createIndexSql(candidate, name))}`,
    ]),
    "",
    "-- To take it back:",
    ...[...indexes].reverse().map((index) => `-- ${comment(dropIndexSql(index))};`),
    "",
  ].join("\n");
}
