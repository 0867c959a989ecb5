import * as vscode from "vscode";
import type { AskConsent } from "#protocol/messages";

/** Asks a person. Whatever is not a clear yes is a no; where a name must be typed, nothing but the name will do. */
export async function askConsent(question: AskConsent.Params): Promise<AskConsent.Result> {
  const options = { modal: true, detail: question.detail };
  const chosen = await vscode.window.showWarningMessage(question.title, options, question.action);
  if (chosen !== question.action) return { granted: false };
  const expected = question.typeToConfirm;
  if (expected === undefined) return { granted: true };
  const typed = await vscode.window.showInputBox({
    title: question.title,
    prompt: vscode.l10n.t('Type "{0}" to confirm.', expected),
    ignoreFocusOut: true,
    validateInput: (value) => (value === expected ? undefined : vscode.l10n.t('This is not "{0}" yet.', expected)),
  });
  return { granted: typed === expected };
}
