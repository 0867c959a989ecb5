import type { CodeLens } from "vscode-languageserver/node";
import type { LocatedStatement } from "#protocol/statement";
import { toFailure } from "./failures.js";
import { toLspRange } from "./positions.js";
import type { Session } from "./session.js";
import type { Statements } from "./statements.js";

/** The client's command behind a lens; its arguments are the document, the statement and whether to run it. */
export const explainCommand = "dbOptimize.explainStatement";

interface LensData {
  readonly uri: string;
  /** Offset in the list of the document's statements at `version`. */
  readonly index: number;
  readonly version: number;
  readonly analyze: boolean;
}

export function registerCodeLenses(session: Session, statements: Statements): void {
  session.connection.onCodeLens(async ({ textDocument: { uri } }) => {
    const document = session.documents.get(uri);
    if (!document) return [];
    const { enable, codeLens } = await session.settings.of(uri);
    if (!enable || !codeLens) return [];
    try {
      return lensesOf(await statements.of(document), uri, document.version);
    } catch (error) {
      toFailure(error, new AbortController().signal, session.log, `Statements of ${uri}`);
      return [];
    }
  });
  session.connection.onCodeLensResolve(async (lens) => {
    const { uri, index, version, analyze } = lens.data as LensData;
    const document = session.documents.get(uri);
    const statement = document?.version === version ? (await statements.of(document))[index] : undefined;
    return statement ? { ...lens, command: commandOf(uri, statement, analyze) } : lens;
  });
}

/** Two lenses per statement at its first line; one with the parser's message where it does not parse. */
export function lensesOf(statements: readonly LocatedStatement[], uri: string, version: number): CodeLens[] {
  return statements.flatMap((statement, index) => {
    const range = toLspRange(statement.place);
    const first = { start: range.start, end: range.start };
    return (statement.error ? [false] : [false, true]).map((analyze) => {
      const data: LensData = { uri, index, version, analyze };
      return { range: first, data };
    });
  });
}

export function commandOf(
  uri: string,
  statement: LocatedStatement,
  analyze: boolean,
): { title: string; command: string; arguments?: unknown[] } {
  if (statement.error) {
    const { message, line, column } = statement.error;
    return { title: `$(warning) PostgreSQL cannot read this statement: ${message} (line ${line}, column ${column})`, command: "" };
  }
  return {
    title: analyze ? "Analyze" : "Explain",
    command: explainCommand,
    arguments: [{ uri, statement, analyze }],
  };
}
