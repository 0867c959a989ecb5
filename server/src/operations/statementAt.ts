import { statementAt as contract } from "#protocol/operations";
import type { LocatedStatement } from "#protocol/statement";
import type { TranslatedQuery } from "#protocol/translation";
import { LineIndex } from "../rules/index.js";
import { operation } from "./operation.js";
import { statementsOfQuery } from "./statementsOfQuery.js";

interface Cursor {
  readonly line: number;
  readonly column?: number | undefined;
}

/** What "Explain" is asked for at a place: the innermost of SQL in the text and ORM code around it, else what stands on the line. */
export const statementAt = operation(contract, async ({ file, text, line, column }, { workspace, signal }) => {
  const options = { signal, ...(text === undefined ? {} : { text }) };
  const statements = await workspace.statements(file, text);
  const query = await workspace.translationAt(file, { line, ...(column === undefined ? {} : { column }) }, options);
  const inner = column === undefined ? undefined : around(statements, { line, column });
  const content = text ?? workspace.textOf(file) ?? "";
  if (inner && !(query && isPartOf(inner, query, content))) return written(inner);
  if (query?.refused) return { statements: [], refused: query.refused };
  if (query) return { statements: statementsOfQuery(query, content) };
  const onLine = statements.find(({ place }) => place.line <= line && line <= place.endLine);
  return onLine ? written(onLine) : { statements: [] };
});

const written = (statement: LocatedStatement) => ({ statements: [{ statement, when: "" }] });

/** A fragment (`text("x > 1")`) inside ORM code is sent as a part of its statement. */
function isPartOf({ place, error }: LocatedStatement, query: TranslatedQuery, text: string): boolean {
  if (query.refused) return error !== undefined;
  const at = new LineIndex(text).startOf(place.line) + place.column - 1;
  return query.span.start <= at && at < query.span.end;
}

/** The smallest statement around a place. */
function around(statements: readonly LocatedStatement[], { line, column = 1 }: Cursor): LocatedStatement | undefined {
  const size = ({ place }: LocatedStatement) => (place.endLine - place.line) * 100_000 + (place.endColumn - place.column);
  const before = (a: number, b: number, line: number, column: number) => a < line || (a === line && b < column);
  return statements
    .filter(({ place }) => !before(line, column, place.line, place.column) && !before(place.endLine, place.endColumn, line, column))
    .sort((a, b) => size(a) - size(b))[0];
}
