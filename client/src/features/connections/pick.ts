import * as vscode from "vscode";
import type { ConnectionProfile } from "#protocol/connection";
import { OperationFailed } from "../../core/failure.js";
import { targetOf } from "./profiles.js";
import type { ConnectionStore } from "./store.js";

/** Connections are off in Restricted Mode: a workspace could point them anywhere. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new OperationFailed({
    kind: "refused",
    message: vscode.l10n.t("Database connections are off in Restricted Mode."),
    advice: vscode.l10n.t('Trust this workspace first ("Workspaces: Manage Workspace Trust").'),
  });
}

/** The connection to use: the current one, or the user's choice, which then is the current one. Undefined when the user gave up. */
export async function pickConnection(store: ConnectionStore, ask = false): Promise<ConnectionProfile | undefined> {
  requireTrust();
  const current = store.current();
  if (current && !ask) return current;
  const { t } = vscode.l10n;
  const all = store.all().map((profile) => ({
    label: profile.name,
    description: [targetOf(profile), ...(profile.id === current?.id ? [t("default")] : [])].join(" · "),
    profile,
  }));
  const add = { label: `$(add) ${t("Add connection…")}`, command: "dbOptimize.connections.add" };
  const start = { label: `$(play) ${t("Start the sample database")}`, command: "dbOptimize.sample.start" };
  const separator = { label: "", kind: vscode.QuickPickItemKind.Separator };
  const items = [...all, separator, add, ...(store.get("sample") ? [] : [start])];
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem & { profile?: ConnectionProfile; command?: string }>(items, {
    placeHolder: all.length === 0 ? t("There is no connection yet.") : t("Which database?"),
  });
  if (!chosen) return undefined;
  if (chosen.command) {
    await vscode.commands.executeCommand(chosen.command);
    return store.current();
  }
  if (chosen.profile) await store.setDefault(chosen.profile.id);
  return chosen.profile;
}
