import * as vscode from "vscode";
import type { OperationOutput } from "#protocol/operations";
import { setContext } from "../../core/contextKeys.js";
import type { Feature, Services } from "../../core/feature.js";
import { requireTrust } from "../connections/pick.js";
import { completeProfile, parseUrl } from "../connections/profiles.js";
import { copyTree } from "./copyProject.js";

export const sample: Feature = {
  name: "sample",
  activate(services) {
    const { commands, server, connections: store, extension } = services;
    setContext("dbOptimize.sampleRunning", false);
    // A new server owns no sample, and the sample's process may end by itself: then its connection goes too.
    const look = () => void lookAgain(services);
    extension.subscriptions.push(
      server.onStarted(() => store.get("sample") && look()),
      store.onStatus(({ id, state }) => id === "sample" && state === "failed" && look()),
    );
    commands.register("dbOptimize.sample.start", () => start(services));
    commands.register("dbOptimize.sample.stop", () => stop(services));
    commands.register("dbOptimize.sample.reset", () => reset(services));
    commands.register("dbOptimize.sample.openProject", () => openProject(services));
  },
};

type Status = OperationOutput<"sampleDatabase">;

async function start(services: Services): Promise<void> {
  requireTrust();
  const title = vscode.l10n.t("Starting the sample database");
  const status = await services.server.run("sampleDatabase", { action: "start" }, { title, notify: true });
  follow(services, status);
  await services.connections.setDefault("sample");
  const rows = status.rows === undefined ? "" : ` ${vscode.l10n.t("It holds {0} rows.", status.rows.toLocaleString("en-US"))}`;
  void vscode.window.showInformationMessage(`${vscode.l10n.t("The sample database is running.")}${rows}`);
}

async function stop(services: Services): Promise<void> {
  const title = vscode.l10n.t("Stopping the sample database");
  follow(services, await services.server.run("sampleDatabase", { action: "stop" }, { title, notify: true }));
}

async function reset(services: Services): Promise<void> {
  requireTrust();
  const yes = vscode.l10n.t("Reset");
  const question = vscode.l10n.t("Throw away the sample database's data and make it anew?");
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  const title = vscode.l10n.t("Resetting the sample database");
  follow(services, await services.server.run("sampleDatabase", { action: "reset" }, { title, notify: true }));
}

async function lookAgain(services: Services): Promise<void> {
  try {
    const status = await services.server.run("sampleDatabase", { action: "status" });
    if (!status.running) follow(services, status);
  } catch (error) {
    services.log.warn(`sample database: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** While the sample runs it is one of the connections. */
function follow({ connections: store }: Services, status: Status): void {
  setContext("dbOptimize.sampleRunning", status.running);
  if (!status.running || !status.dsn) return store.setSample(undefined);
  const parsed = parseUrl(status.dsn);
  const where = typeof parsed === "string" ? {} : parsed;
  const name = vscode.l10n.t("Sample database");
  store.setSample(completeProfile({ id: "sample", name, class: "sample", source: "sample", ...where }));
}

/** The project inside the extension is replaced with every update: the user works on a copy. */
async function openProject({ extension }: Services): Promise<void> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: vscode.l10n.t("Copy the sample here"),
    title: vscode.l10n.t("Folder for a copy of the sample project"),
  });
  const parent = chosen?.[0];
  if (!parent) return;
  const target = vscode.Uri.joinPath(parent, "db-optimize-sample");
  await copyTree(vscode.Uri.joinPath(extension.extensionUri, "media", "sample"), target);
  await vscode.commands.executeCommand("vscode.openFolder", target, { forceNewWindow: vscode.workspace.workspaceFolders !== undefined });
}
