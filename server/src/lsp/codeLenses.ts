import type { CodeLens } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { LocatedStatement } from "#protocol/statement";
import type { TranslatedQuery } from "#protocol/translation";
import { signalOf } from "./cancellation.js";
import { isAbort, toFailure } from "./failures.js";
import { toLspRange } from "./positions.js";
import type { Queries } from "./queries.js";
import type { Session } from "./session.js";
import type { Statements } from "./statements.js";

/** The client's command behind a lens; its arguments are the document, the statement and whether to run it. */
export const explainCommand = "dbOptimize.explainStatement";

export const copySqlCommand = "dbOptimize.copySql";

const offers = { explain: "Explain", analyze: "Analyze", copy: "Copy SQL" } as const;
type Offer = keyof typeof offers;

interface LensData {
  readonly uri: string;
  /** Which list it is about: SQL that stands in the text, or ORM code. */
  readonly of: "statements" | "queries";
  /** Offset in that list of the document's text at `version`. */
  readonly index: number;
  readonly version: number;
  readonly offer: Offer;
}

export interface LensSources {
  readonly statements: Statements;
  readonly queries: Queries;
}

export function registerCodeLenses(session: Session, sources: LensSources): void {
  session.connection.onCodeLens(async ({ textDocument: { uri } }, token) => {
    const document = session.documents.get(uri);
    if (!document) return [];
    const { enable, codeLens } = await session.settings.of(uri);
    if (!enable || !codeLens) return [];
    try {
      const [statements, queries] = await Promise.all([sources.statements.of(document), sources.queries.of(document)]);
      return [...lensesOf(withoutFragments(document, statements, queries), uri, document.version), ...queryLenses(queries, document)];
    } catch (error) {
      // A newer text has its own request.
      if (isAbort(error)) return [];
      toFailure(error, signalOf(token), session.log, `Statements of ${uri}`);
      return [];
    }
  });
  session.connection.onCodeLensResolve(async (lens) => {
    const data = lens.data as LensData;
    const document = session.documents.get(data.uri);
    if (document?.version !== data.version) return lens;
    const command = data.of === "queries" ? await queryCommand(sources, document, data) : await statementCommand(sources, document, data);
    return command ? { ...lens, command } : lens;
  });
}

async function statementCommand({ statements, queries }: LensSources, document: TextDocument, { uri, index, offer }: LensData) {
  const statement = withoutFragments(document, await statements.of(document), await queries.of(document))[index];
  return statement && commandOf(uri, statement, offer === "analyze");
}

async function queryCommand({ queries }: LensSources, document: TextDocument, { uri, index, offer }: LensData) {
  const query = (await queries.of(document))[index];
  if (!query) return undefined;
  const { line, character } = document.positionAt(query.span.start);
  const target = { uri, line: line + 1, column: character + 1 };
  if (offer === "copy") return { title: offers[offer], command: copySqlCommand, arguments: [target] };
  return { title: offers[offer], command: explainCommand, arguments: [{ ...target, analyze: offer === "analyze" }] };
}

/** SQL inside ORM code is sent as a part of that code's statement. */
function withoutFragments(
  document: TextDocument,
  statements: readonly LocatedStatement[],
  queries: readonly TranslatedQuery[],
): readonly LocatedStatement[] {
  const translated = queries.filter(({ refused }) => !refused);
  return statements.filter(({ place }) => {
    const at = document.offsetAt(toLspRange(place).start);
    return !translated.some(({ span }) => span.start <= at && at < span.end);
  });
}

/** Three lenses per query expression whose SQL is known; a part of another statement has that one's. */
export function queryLenses(queries: readonly TranslatedQuery[], document: TextDocument): CodeLens[] {
  return queries.flatMap((query, index) => {
    if (query.refused || query.within !== undefined) return [];
    const start = document.positionAt(query.span.start);
    return (Object.keys(offers) as Offer[]).map((offer) => {
      const data: LensData = { uri: document.uri, of: "queries", index, version: document.version, offer };
      return { range: { start, end: start }, data };
    });
  });
}

/** Two lenses per statement at its first line; one with the parser's message where it does not parse. */
export function lensesOf(statements: readonly LocatedStatement[], uri: string, version: number): CodeLens[] {
  return statements.flatMap((statement, index) => {
    const range = toLspRange(statement.place);
    const first = { start: range.start, end: range.start };
    return (statement.error ? (["explain"] as const) : (["explain", "analyze"] as const)).map((offer) => {
      const data: LensData = { uri, of: "statements", index, version, offer };
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
    title: analyze ? offers.analyze : offers.explain,
    command: explainCommand,
    arguments: [{ uri, statement, analyze }],
  };
}
