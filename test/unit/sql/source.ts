import { beforeAll } from "vitest";
import { initSql, parseStatements, type SqlOrigin, type SqlSource, type SqlStatement } from "../../../server/src/sql/index.js";

export function useSql(): void {
  beforeAll(() => initSql());
}

export function sourceOf(
  text: string,
  origin: SqlOrigin = "file",
  placeholders: SqlSource["placeholders"] = ["colon", "dollar"],
): SqlSource {
  return { file: "example.sql", text, origin, placeholders, toSource: (offset) => offset, scope: "" };
}

/** The one statement of a text, which must parse. */
export function statementOf(text: string, origin?: SqlOrigin, placeholders?: SqlSource["placeholders"]): SqlStatement {
  const { statements, problems } = parseStatements(sourceOf(text, origin, placeholders));
  const [statement] = statements;
  if (!statement || statements.length !== 1)
    throw new Error(`${statements.length} statements; ${problems.map(({ message }) => message).join("; ")}`);
  return statement;
}
