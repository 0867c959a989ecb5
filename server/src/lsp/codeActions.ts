import {
  CodeActionKind,
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { basename } from "node:path";
import type { Finding, Fix } from "#protocol/finding";
import { combineSafeFixes } from "../rules/index.js";
import { dataOf, toDiagnostic } from "./diagnostics.js";
import { offeredFixes, toWorkspaceEdit, type EditEnvironment } from "./edits.js";
import { toLspRange, touches } from "./positions.js";
import { findingsIn, openUriOf, type Session } from "./session.js";
import { silenceEdit } from "./silence.js";
import { pathOf } from "./uris.js";

export const fixAllKind = `${CodeActionKind.SourceFixAll}.dbOptimize`;

/** What an action needs to make its edit when it is chosen. */
type ActionData =
  | { readonly kind: "fix"; readonly uri: string; readonly finding: string; readonly fix: number }
  | { readonly kind: "silence"; readonly uri: string; readonly finding: string }
  | { readonly kind: "fixAll"; readonly uri: string };

export function registerCodeActions(session: Session): void {
  session.connection.onCodeAction((params, token) => codeActions(session, params, token));
  session.connection.onCodeActionResolve((action, token) => resolveAction(session, action, token));
}

async function codeActions(session: Session, params: CodeActionParams, token: CancellationToken): Promise<CodeAction[]> {
  const { uri } = params.textDocument;
  const path = pathOf(uri);
  if (path === undefined) return [];
  const only = params.context.only;
  const wants = (kind: string) => !only || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));
  const findings = await findingsIn(session, path, token);
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    const here = findings.filter((candidate) => touches(toLspRange(candidate), params.range));
    actions.push(...distinct(here.flatMap((finding) => actionsFor(session, uri, finding, params.context.diagnostics))));
  }
  if (wants(fixAllKind) && combineSafeFixes(findings).length > 0) {
    const data: ActionData = { kind: "fixAll", uri };
    actions.push({ title: "Fix all safe DB Optimize findings", kind: fixAllKind, data });
  }
  return actions;
}

interface Offer {
  /** The same for offers that would do the same. */
  readonly key: string;
  readonly action: CodeAction;
}

/** What mends or silences several findings at once is offered once, for all of them. */
function distinct(offers: readonly Offer[]): CodeAction[] {
  const byKey = new Map<string, CodeAction>();
  for (const { key, action } of offers) {
    const known = byKey.get(key);
    const diagnostics = [...(known?.diagnostics ?? []), ...(action.diagnostics ?? [])];
    byKey.set(key, { ...action, ...known, diagnostics, ...(action.isPreferred ? { isPreferred: true } : {}) });
  }
  return [...byKey.values()];
}

function actionsFor(session: Session, uri: string, finding: Finding, shown: readonly Diagnostic[]): Offer[] {
  const diagnostic =
    shown.find((candidate) => dataOf(candidate)?.finding === finding.id) ??
    toDiagnostic(finding, { ruleUrl: session.rules.url, uriOf: openUriOf(session) });
  const offers: Offer[] = offeredFixes(finding).map(({ fix, index }, place) => {
    const data: ActionData = { kind: "fix", uri, finding: finding.id, fix: index };
    const safe = fix.applicability === "safe";
    const title = `${fix.title}${elsewhere(finding, fix)}`;
    const action: CodeAction = {
      title: safe ? title : `${title} (review: may change behaviour)`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      isPreferred: safe && place === 0,
      data,
    };
    return { key: JSON.stringify([fix.applicability, fix.edits]), action };
  });
  const data: ActionData = { kind: "silence", uri, finding: finding.id };
  const title = `Silence ${finding.rule} here with a reason`;
  const action: CodeAction = { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], data };
  return [...offers, { key: `${finding.rule} ${finding.silenceLine ?? finding.line}`, action }];
}

/** Names the files that a fix edits out of the reader's sight. */
function elsewhere(finding: Finding, fix: Fix): string {
  const others = [...new Set(fix.edits.map(({ file }) => file))].filter((file) => file !== finding.file);
  return others.length === 0 ? "" : `, in ${others.map((file) => basename(file)).join(", ")}`;
}

async function resolveAction(session: Session, action: CodeAction, token: CancellationToken): Promise<CodeAction> {
  const edit = await editFor(session, action.data as ActionData, token);
  return edit ? { ...action, edit } : action;
}

async function editFor(session: Session, data: ActionData, token: CancellationToken): Promise<WorkspaceEdit | undefined> {
  const path = pathOf(data.uri);
  if (path === undefined) return undefined;
  const findings = await findingsIn(session, path, token);
  const environment: EditEnvironment = {
    uriOf: openUriOf(session),
    versionOf: (uri) => session.documents.get(uri)?.version ?? null,
  };
  if (data.kind === "fixAll") return toWorkspaceEdit(combineSafeFixes(findings), environment);
  // The text may have changed since the action was offered; a finding keeps its id through edits elsewhere.
  const finding = findings.find((candidate) => candidate.id === data.finding);
  if (!finding) return undefined;
  if (data.kind === "fix") {
    const fix = finding.fixes[data.fix];
    return fix && toWorkspaceEdit(fix.edits, environment);
  }
  const document = session.documents.get(data.uri);
  return document && silenceEdit(document, finding);
}
