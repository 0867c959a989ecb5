import { MarkupKind, ResponseError, type CancellationToken, type Hover, type HoverParams, type Range } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Finding } from "#protocol/finding";
import type { LocatedStatement } from "#protocol/statement";
import type { TranslatedQuery } from "#protocol/translation";
import { signalOf } from "./cancellation.js";
import { explainCommand } from "./codeLenses.js";
import { toFailure } from "./failures.js";
import { escapeMarkdown } from "./markdown.js";
import { toLspRange, touches } from "./positions.js";
import type { Queries } from "./queries.js";
import { queryText } from "./queryHover.js";
import type { RuleEntry } from "./ruleList.js";
import { findingsIn, type Session } from "./session.js";
import type { Statements } from "./statements.js";
import { pathOf } from "./uris.js";

export interface HoverSources {
  readonly statements: Statements;
  readonly queries: Queries;
}

export function registerHover(session: Session, sources: HoverSources): void {
  session.connection.onHover(async (params, token) => {
    try {
      return await hover(session, sources, params, token);
    } catch (error) {
      if (!(error instanceof ResponseError)) toFailure(error, signalOf(token), session.log, "Hover");
      return null;
    }
  });
}

async function hover(session: Session, sources: HoverSources, params: HoverParams, token: CancellationToken): Promise<Hover | null> {
  const { uri } = params.textDocument;
  const document = session.documents.get(uri);
  if (!document || !(await session.settings.of(uri)).enable) return null;
  const at = { start: params.position, end: params.position };
  const path = pathOf(uri);
  const query = await sources.queries.at(document, document.offsetAt(params.position), signalOf(token));
  // Who wants to see the SQL does not wait for a check; its messages stand above the hover anyway.
  const findings = path === undefined ? [] : query ? (session.findings.knownOf(path) ?? []) : await findingsIn(session, path, token);
  const here = findings.filter((finding) => finding.file === path && touches(toLspRange(finding), at));
  const parts = [
    ...(query ? [queryHover(document, query)] : []),
    ...here.map((finding) => findingText(finding, session.rules.get(finding.rule))),
    ...(query ? [] : await statementTexts(sources.statements, document, at)),
  ];
  return parts.length === 0 ? null : { contents: { kind: MarkupKind.Markdown, value: parts.join("\n\n---\n\n") } };
}

function queryHover(document: TextDocument, query: TranslatedQuery): string {
  const { line, character } = document.positionAt(query.span.start);
  return queryText(query, { uri: document.uri, line: line + 1, column: character + 1 });
}

async function statementTexts(statements: Statements, document: TextDocument, at: Range): Promise<string[]> {
  const statement = (await statements.of(document)).find((candidate) => !candidate.error && touches(toLspRange(candidate.place), at));
  return statement ? [statementText(document.uri, statement)] : [];
}

/** The diagnostic itself stands above a hover already; this adds what the rule means and what the finding rests on. */
export function findingText(finding: Finding, rule: RuleEntry | undefined): string {
  const facts = finding.evidence.facts.map((fact) => `- ${escapeMarkdown(fact)}`);
  const link = rule?.url ? `[${finding.rule}](${rule.url})` : finding.rule;
  const lines = [
    `**${link}**${rule ? `: ${escapeMarkdown(rule.summary)}` : ""}`,
    `Evidence: ${finding.evidence.level}, ${finding.certainty}.`,
  ];
  return [...lines, ...(facts.length > 0 ? [facts.join("\n")] : [])].join("\n\n");
}

/** Links run the client's command; the client trusts exactly that command in these hovers. */
export function statementText(uri: string, statement: LocatedStatement): string {
  const link = (title: string, analyze: boolean) => {
    const { line, column } = statement.place;
    const target = encodeURIComponent(JSON.stringify([{ uri, line, column, analyze }]));
    return `[${title}](command:${explainCommand}?${target})`;
  };
  return `${link("Explain this query", false)} · ${link("Explain and run (ANALYZE)", true)}`;
}
