import {
  DocumentDiagnosticReportKind,
  type Diagnostic,
  type WorkspaceDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import type { Finding } from "#protocol/finding";
import { toDiagnostic, resultId } from "./diagnostics.js";

/** Reports of a workspace's findings against what the client holds: only what differs is sent. */
export function workspaceReport(
  findings: readonly Finding[],
  previous: ReadonlyMap<string, string>,
  environment: { ruleUrl: (rule: string) => string | undefined; uriOf: (path: string) => string },
): WorkspaceDiagnosticReport {
  const items: WorkspaceDocumentDiagnosticReport[] = [];
  const current = new Map<string, Diagnostic[]>();
  for (const finding of findings) {
    const uri = environment.uriOf(finding.file);
    const list = current.get(uri) ?? [];
    list.push(toDiagnostic(finding, environment));
    current.set(uri, list);
  }
  for (const [uri, diagnostics] of current) {
    const id = resultId(diagnostics);
    if (previous.get(uri) === id) continue;
    items.push({ kind: DocumentDiagnosticReportKind.Full, uri, version: null, resultId: id, items: diagnostics });
  }
  const empty = resultId([]);
  for (const [uri, id] of previous) {
    if (current.has(uri) || id === empty) continue;
    items.push({ kind: DocumentDiagnosticReportKind.Full, uri, version: null, resultId: empty, items: [] });
  }
  return { items };
}
