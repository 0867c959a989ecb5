import * as vscode from "vscode";
import type { Failure } from "#protocol/failure";

/** A failed operation. The protocol's own class is not used: it would bring the schema library into activation. */
export class OperationFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = "OperationFailed";
  }
}

/** By shape, not by class: the language client is a bundle of its own, with its own copy of the class. */
export function isOperationFailed(error: unknown): error is OperationFailed {
  return error instanceof Error && error.name === "OperationFailed" && "failure" in error;
}

export function failureOf(error: unknown): Failure {
  if (isOperationFailed(error)) return error.failure;
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
  if (!isOperationFailed(error)) log.error(error instanceof Error ? error : String(error));
  else log.warn(failure.message);
  const text = failure.advice ? `${failure.message} ${failure.advice}` : failure.message;
  const showLog = vscode.l10n.t("Show log");
  const chosen = await vscode.window.showErrorMessage(text, ...(failure.kind === "internal" ? [showLog] : []));
  if (chosen === showLog) log.show();
}
