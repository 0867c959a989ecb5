import * as vscode from "vscode";
import type { Failure } from "#protocol/failure";

/** A failed operation. The protocol's own class is not used: it would bring the schema library into activation. */
export class OperationFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = "OperationFailed";
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof OperationFailed) return error.failure;
  if (error instanceof vscode.CancellationError) return { kind: "cancelled", message: vscode.l10n.t("Cancelled.") };
  return {
    kind: "internal",
    message: error instanceof Error ? error.message : String(error),
    advice: vscode.l10n.t('The log has the details: run "DB Optimize: Show log".'),
  };
}

/** One message: what is wrong, then what to do. A cancelled request says nothing: its user knows. */
export async function showFailure(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const failure = failureOf(error);
  if (failure.kind === "cancelled") return;
  if (!(error instanceof OperationFailed)) log.error(error instanceof Error ? error : String(error));
  else log.warn(failure.message);
  const text = failure.advice ? `${failure.message} ${failure.advice}` : failure.message;
  const showLog = vscode.l10n.t("Show log");
  const chosen = await vscode.window.showErrorMessage(text, ...(failure.kind === "internal" ? [showLog] : []));
  if (chosen === showLog) log.show();
}
