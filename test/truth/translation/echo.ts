import type { TranslatedQuery } from "#protocol/translation";
import type { Recording, SentStatement } from "./recording.js";

/** What a translator would say that is always right: the recorded statements themselves, after `change` had its way with them. */
export function echo(recordings: readonly Recording[], change: (sql: string) => string = (sql) => sql): TranslatedQuery[] {
  return recordings.flatMap((recording) => {
    const own = recording.statements.filter(({ kind }) => kind === "own" || kind === "get");
    const causes = recording.statements.flatMap(({ kind, loads, bare }) =>
      kind === "own" || kind === "get" ? [] : [{ kind, sql: change(bare), ...(loads === null ? {} : { relationship: loads }) }],
    );
    const queries = own.map((statement) => queryOf(statement, change(statement.bare)));
    const { file, line } = recording;
    return [...queries, { file, line, endLine: line, span: { start: 0, end: 0 }, causes }];
  });
}

function queryOf({ made, frames, parameters }: SentStatement, sql: string): TranslatedQuery {
  const [file, line, endLine] = made ?? frames[0]!;
  const described = parameters.map(({ value, pythonType, cast }, index) => ({
    position: index + 1,
    ...(pythonType === "None" ? {} : { pythonType }),
    ...(cast === null ? {} : { sqlType: cast }),
    ...(typeof value === "object" && value !== null ? {} : { value: value as string | number | boolean | null }),
  }));
  return { file, line, endLine, span: { start: 0, end: 0 }, sql, parameters: described, causes: [] };
}
