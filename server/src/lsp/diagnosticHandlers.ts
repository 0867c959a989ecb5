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
  const findings = await findingsOf(session, path, token);
  if (!findings) return keep(params.previousResultId);
  const environment = { ruleUrl: session.rules.url, uriOf: openUriOf(session) };
  const items = findings.filter((finding) => finding.file === path).map((finding) => toDiagnostic(finding, environment));
  const id = resultId(items);
  return id === params.previousResultId
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId: id }
    : { kind: DocumentDiagnosticReportKind.Full, resultId: id, items };
}

/**
 * The client (vscode-languageclient 10) never asks for a document again whose request failed, or was cancelled with the word not to ask
 * again, even when it was the client itself that cancelled. So: cancelled means "ask again", a defect (logged) means "keep what you show".
 */
async function findingsOf(session: Session, path: string, token: CancellationToken): Promise<readonly Finding[] | undefined> {
  try {
    return await session.findings.ofDocument(path, signalOf(token));
  } catch (error) {
    if (isAbort(error))
      throw new ResponseError(LSPErrorCodes.ServerCancelled, `Diagnostics of ${path} ended early.`, { retriggerRequest: true });
    logDefect(session, `Diagnostics of ${path}`, error);
    return undefined;
  }
}

function keep(previousResultId: string | undefined): DocumentDiagnosticReport {
  return previousResultId === undefined
    ? { kind: DocumentDiagnosticReportKind.Full, items: [] }
    : { kind: DocumentDiagnosticReportKind.Unchanged, resultId: previousResultId };
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
  return orCancelled(session, "Diagnostics of the workspace", token, async () => {
    for (;;) {
      const epoch = session.findings.epoch;
      const findings = await workspaceFindings(session, signal, showProgress).catch((error: unknown) => {
        // Moot because the text changed meanwhile: look again at the new text.
        if (isAbort(error) && !signal.aborted) return undefined;
        throw error;
      });
      const report = findings && workspaceReport(findings, previous, environment);
      if (report && report.items.length > 0) {
        if (!partial) return report;
        partial.report(report);
        return { items: [] };
      }
      if (session.findings.epoch === epoch) await nextChange(session, signal);
      await quiet(session, signal);
    }
  });
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

/** Cancelled and moot requests end as the protocol wants it; a defect is logged and the client keeps what it showed. */
async function orCancelled<T>(session: Session, what: string, token: CancellationToken, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAbort(error)) logDefect(session, what, error);
    // Moot, but not by this client's own word: it shall ask again.
    const retriggerRequest = isAbort(error) && !token.isCancellationRequested;
    throw new ResponseError(LSPErrorCodes.ServerCancelled, `${what} ended early.`, { retriggerRequest });
  }
}

function logDefect(session: Session, what: string, error: unknown): void {
  session.log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}
