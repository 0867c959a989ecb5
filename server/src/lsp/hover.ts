import { MarkupKind, ResponseError, type Hover, type HoverParams, type CancellationToken } from "vscode-languageserver/node";
import type { Finding } from "#protocol/finding";
import type { LocatedStatement } from "#protocol/statement";
import { signalOf } from "./cancellation.js";
import { explainCommand } from "./codeLenses.js";
import { toFailure } from "./failures.js";
import { toLspRange, touches } from "./positions.js";
import type { RuleEntry } from "./ruleList.js";
import { findingsIn, type Session } from "./session.js";
import type { Statements } from "./statements.js";
import { pathOf } from "./uris.js";

export function registerHover(session: Session, statements: Statements): void {
  session.connection.onHover(async (params, token) => {
    try {
      return await hover(session, statements, params, token);
    } catch (error) {
      if (!(error instanceof ResponseError)) toFailure(error, signalOf(token), session.log, "Hover");
      return null;
    }
  });
}

async function hover(session: Session, statements: Statements, params: HoverParams, token: CancellationToken): Promise<Hover | null> {
  const { uri } = params.textDocument;
  const document = session.documents.get(uri);
  if (!document || !(await session.settings.of(uri)).enable) return null;
  const at = { start: params.position, end: params.position };
  const path = pathOf(uri);
  const findings = path === undefined ? [] : await findingsIn(session, path, token);
  const here = findings.filter((finding) => touches(toLspRange(finding), at));
  const statement = (await statements.of(document)).find((candidate) => !candidate.error && touches(toLspRange(candidate.place), at));
  const parts = [
    ...here.map((finding) => findingText(finding, session.rules.get(finding.rule))),
    ...(statement ? [statementText(uri, statement)] : []),
  ];
  return parts.length === 0 ? null : { contents: { kind: MarkupKind.Markdown, value: parts.join("\n\n---\n\n") } };
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

export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~$&]/g, "\\$&");
}
