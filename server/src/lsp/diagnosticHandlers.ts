import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  type ResultProgressReporter,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
} from "vscode-languageserver/node";
import type { Finding } from "#protocol/finding";
import { delay, signalOf } from "./cancellation.js";
import { resultId, toDiagnostic } from "./diagnostics.js";
import { isAbort } from "./failures.js";
import { ownProgress } from "./progress.js";
import { workspaceReport } from "./pullDiagnostics.js";
import { openUriOf, type Session } from "./session.js";
import { pathOf } from "./uris.js";

/** Quiet time after the last change before the whole workspace is looked at again; documents in view do not wait. */
const settle = 400;

export function registerDiagnostics(session: Session, canShowProgress: () => boolean): void {
  const { languages } = session.connection;
  languages.diagnostics.on((params, token) => documentDiagnostics(session, params, token));
  languages.diagnostics.onWorkspace((params, token, _progress, partial) =>
    workspaceDiagnostics(session, params, token, partial, canShowProgress()),
  );
}

async function documentDiagnostics(
  session: Session,
  params: DocumentDiagnosticParams,
  token: CancellationToken,
): Promise<DocumentDiagnosticReport> {
  const path = pathOf(params.textDocument.uri);
  if (path === undefined) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
  let findings: readonly Finding[];
  try {
    findings = await session.findings.ofDocument(path, signalOf(token));
  } catch (error) {
    if (isAbort(error)) throw endedEarly();
    logDefect(session, `Diagnostics of ${path}`, error);
    // An error as the answer would end the client's interest in this document; so it keeps what it shows.
    const { previousResultId } = params;
    return previousResultId === undefined
      ? { kind: DocumentDiagnosticReportKind.Full, items: [] }
      : { kind: DocumentDiagnosticReportKind.Unchanged, resultId: previousResultId };
  }
  const environment = { ruleUrl: session.rules.url, uriOf: openUriOf(session) };
  const items = findings.filter((finding) => finding.file === path).map((finding) => toDiagnostic(finding, environment));
  const id = resultId(items);
  return id === params.previousResultId
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id }
    : { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
}

/**
 * Stays open until there is something to say: the client asks again two seconds after each answer. With a partial result token each
 * folder's report goes out as soon as it is there.
 */
async function workspaceDiagnostics(
  session: Session,
  params: WorkspaceDiagnosticParams,
  token: CancellationToken,
  partial: ResultProgressReporter<WorkspaceDiagnosticReportPartialResult> | undefined,
  showProgress: boolean,
): Promise<WorkspaceDiagnosticReport> {
  const signal = signalOf(token);
  const previous = new Map(params.previousResultIds.map(({ uri, value }) => [uri, value]));
  const environment = { ruleUrl: session.rules.url, uriOf: openUriOf(session) };
  for (;;) {
    const epoch = session.findings.epoch;
    const findings = await workspaceFindings(session, signal, showProgress).catch((error: unknown) => {
      if (signal.aborted) throw endedEarly();
      // Moot because the text changed meanwhile: look again at the new text. After a defect the next change is waited for.
      if (!isAbort(error)) logDefect(session, "Diagnostics of the workspace", error);
      return undefined;
    });
    const report = findings && workspaceReport(findings, previous, environment);
    if (report && report.items.length > 0) {
      if (!partial) return report;
      partial.report(report);
      return { items: [] };
    }
    try {
      if (session.findings.epoch === epoch) await nextChange(session, signal);
      await quiet(session, signal);
    } catch {
      throw endedEarly();
    }
  }
}

async function workspaceFindings(session: Session, signal: AbortSignal, showProgress: boolean): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  for (const folder of session.engine.workspace.folders) {
    const settings = await session.settings.of(openUriOf(session)(folder));
    if (!settings.workspaceDiagnostics) continue;
    const progress = ownProgress(session.connection, showProgress, "DB Optimize");
    try {
      all.push(...(await session.findings.ofFolder(folder, signal, progress.report)));
    } finally {
      progress.done();
    }
  }
  return all;
}

function nextChange(session: Session, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = (then: () => void) => () => {
      forget();
      signal.removeEventListener("abort", stop);
      then();
    };
    const stop = over(() => reject(new DOMException("Cancelled", "AbortError")));
    const forget = session.findings.onChanged(over(resolve));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

async function quiet(session: Session, signal: AbortSignal): Promise<void> {
  let epoch: number;
  do {
    epoch = session.findings.epoch;
    await delay(settle, signal);
  } while (epoch !== session.findings.epoch);
}

/**
 * The client (vscode-languageclient 10) never asks for a document again whose request failed or was cancelled with the word not to ask
 * again, even when it was the client itself that cancelled. So a request that was taken back or became moot always says "ask again".
 */
function endedEarly(): ResponseError<{ retriggerRequest: boolean }> {
  return new ResponseError(LSPErrorCodes.ServerCancelled, "The text changed meanwhile.", { retriggerRequest: true });
}

function logDefect(session: Session, what: string, error: unknown): void {
  session.log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}
