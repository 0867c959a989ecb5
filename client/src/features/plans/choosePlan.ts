import * as vscode from "vscode";
import type { KeptRun } from "#protocol/history";
import type { PlanPlace } from "#protocol/operations";
import type { Services } from "../../core/feature.js";
import { aboutRun, labelOfRun } from "./labels.js";

/** A plan that somebody chose, and what to call it. */
export interface ChosenPlan {
  readonly place: PlanPlace;
  readonly label: string;
}

interface PlanItem extends vscode.QuickPickItem {
  readonly choose?: () => Promise<ChosenPlan | undefined>;
}

interface Offer {
  readonly title: string;
  /** Offers the kept runs of this statement; of all statements where it is absent. */
  readonly key?: string | undefined;
  /** The run that is there already. */
  readonly without?: string | undefined;
  readonly kept: boolean;
}

/** Asks for a plan: one that was kept, a file, the clipboard, the text in the editor. Undefined where the user gave up. */
export async function choosePlan({ server }: Services, { title, key, without, kept }: Offer): Promise<ChosenPlan | undefined> {
  const { t } = vscode.l10n;
  const runs = kept ? (await server.run("listRuns", key === undefined ? {} : { key })).runs : [];
  const items: PlanItem[] = [
    ...runs.filter(({ id }) => id !== without).map((run) => itemOf(run, key === undefined)),
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    ...editorItem(),
    {
      label: `$(clippy) ${t("From the clipboard")}`,
      choose: async () => ({ place: { text: await vscode.env.clipboard.readText() }, label: t("Clipboard") }),
    },
    { label: `$(folder-opened) ${t("From a file…")}`, choose: chooseFile },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  return chosen?.choose?.();
}

function itemOf(run: KeptRun, withStatement: boolean): PlanItem {
  return {
    label: `$(history) ${labelOfRun(run)}`,
    description: aboutRun(run),
    ...(withStatement ? { detail: run.sql.split(/\s+/).join(" ").slice(0, 120) } : {}),
    choose: async () => ({ place: { run: run.id }, label: labelOfRun(run) }),
  };
}

/** What is selected, else the whole text. */
function editorItem(): PlanItem[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.document.getText().trim() === "") return [];
  const { document, selection } = editor;
  const name = vscode.workspace.asRelativePath(document.uri);
  const text = selection.isEmpty ? document.getText() : document.getText(selection);
  return [
    {
      label: `$(file) ${selection.isEmpty ? vscode.l10n.t("From the open editor") : vscode.l10n.t("From the selected text")}`,
      description: name,
      choose: async () => ({ place: { text }, label: name }),
    },
  ];
}

async function chooseFile(): Promise<ChosenPlan | undefined> {
  const { t } = vscode.l10n;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: t("A plan that EXPLAIN has written"),
      filters: { [t("Plans and logs")]: ["plan", "json", "txt", "text", "log", "yaml", "yml", "xml", "csv"], [t("All files")]: ["*"] },
    })) ?? [];
  return file && planOfFile(file);
}

export function planOfFile(file: vscode.Uri): ChosenPlan {
  return { place: { file: file.fsPath }, label: vscode.workspace.asRelativePath(file) };
}
