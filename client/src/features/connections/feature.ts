import * as vscode from "vscode";
import type { ConnectionProfile, ConnectionStatus } from "#protocol/connection";
import { setContext } from "../../core/contextKeys.js";
import { failureOf, showFailure } from "../../core/failure.js";
import type { Feature, Services } from "../../core/feature.js";
import { askClass, editConnection } from "./editFlow.js";
import { pickConnection, requireTrust } from "./pick.js";
import { targetOf } from "./profiles.js";
import { ConnectionTree } from "./tree.js";

export const connections: Feature = {
  name: "connections",
  activate(services) {
    const { extension, connections: store, server, commands } = services;
    const tree = vscode.window.createTreeView("dbOptimize.connections", { treeDataProvider: new ConnectionTree(store) });
    extension.subscriptions.push(
      tree,
      server.onConnectionStatus((status) => store.statusArrived(status)),
    );
    const follow = () => setContext("dbOptimize.hasConnections", store.all().length > 0);
    follow();
    extension.subscriptions.push(store.onChanged(follow));
    complainOnce(services);
    commands.register("dbOptimize.connections.add", () => add(services));
    commands.register("dbOptimize.connections.edit", (row?: Row) => edit(services, row));
    commands.register("dbOptimize.connections.test", (row?: Row) => test(services, row));
    commands.register("dbOptimize.connections.remove", (row?: Row) => remove(services, row));
    commands.register("dbOptimize.connections.setClass", (row?: Row) => setClass(services, row));
    commands.register("dbOptimize.connections.setDefault", (row?: Row) => setDefault(services, row));
  },
};

interface Row {
  readonly id: string;
}

async function profileOf({ connections: store }: Services, row: Row | undefined, own = false): Promise<ConnectionProfile | undefined> {
  if (row) return store.get(row.id);
  const items = store
    .all()
    .filter((profile) => !own || store.isOwn(profile.id))
    .map((profile) => ({ label: profile.name, description: targetOf(profile), profile }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("There is no connection to choose. Add one first."));
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which connection?") }))?.profile;
}

async function add(services: Services): Promise<void> {
  requireTrust();
  const { connections: store } = services;
  const names = store.all().map(({ name }) => name);
  const edited = await editConnection(store.newId(), undefined, names);
  if (!edited) return;
  await store.save(edited.profile, edited.password);
  await store.setDefault(edited.profile.id);
  await tryOut(services, edited.profile);
}

async function edit(services: Services, row: Row | undefined): Promise<void> {
  requireTrust();
  const { connections: store } = services;
  const profile = await profileOf(services, row, true);
  if (!profile) return;
  const others = store.all().filter(({ id }) => id !== profile.id);
  const edited = await editConnection(
    profile.id,
    profile,
    others.map(({ name }) => name),
  );
  if (!edited) return;
  await store.save(edited.profile, edited.password);
  await tryOut(services, edited.profile);
}

async function test(services: Services, row: Row | undefined): Promise<void> {
  requireTrust();
  const profile = await profileOf(services, row);
  if (profile) await tryOut(services, profile);
}

/** Connects once; the tree shows the outcome, and one message says what the server offers or what is wrong. */
async function tryOut(services: Services, profile: ConnectionProfile): Promise<void> {
  const { server, connections: store, log } = services;
  const base: ConnectionStatus = {
    id: profile.id,
    name: profile.name,
    class: profile.class,
    target: targetOf(profile),
    state: "connecting",
  };
  store.statusArrived(base);
  try {
    const title = vscode.l10n.t("Connecting to {0}", profile.name);
    const { status } = await server.run("testConnection", { profile }, { title, notify: true });
    store.statusArrived(status);
    if (status.state === "failed") throw new Error(status.error ?? vscode.l10n.t("The connection failed."));
    const has = (name: string, version: string | undefined) => (version ? `${name} ${version}` : vscode.l10n.t("no {0}", name));
    const offers = [has("pg_stat_statements", status.pgStatStatements), has("HypoPG", status.hypopg)].join(", ");
    void vscode.window.showInformationMessage(
      vscode.l10n.t("{0}: PostgreSQL {1}, {2}.", profile.name, status.serverVersion ?? "?", offers),
    );
  } catch (error) {
    store.statusArrived({ ...base, state: "failed", error: failureOf(error).message });
    await showFailure(error, log);
  }
}

async function remove(services: Services, row: Row | undefined): Promise<void> {
  const profile = await profileOf(services, row, true);
  if (!profile) return;
  const yes = vscode.l10n.t("Remove");
  const question = vscode.l10n.t("Remove the connection {0} and its password?", profile.name);
  const chosen = await vscode.window.showWarningMessage(question, { modal: true }, yes);
  if (chosen === yes) await services.connections.remove(profile.id);
}

async function setClass(services: Services, row: Row | undefined): Promise<void> {
  const profile = await profileOf(services, row, true);
  if (!profile) return;
  const answer = await askClass({ title: vscode.l10n.t("Class of {0}", profile.name), step: 1, total: 1 }, profile.class);
  if (answer.kind === "next") await services.connections.save({ ...profile, class: answer.value });
}

async function setDefault(services: Services, row: Row | undefined): Promise<void> {
  if (row) await services.connections.setDefault(row.id);
  else await pickConnection(services.connections, true);
}

/** Wrong entries of the setting are told once per change, in the log and in one message. */
function complainOnce({ connections: store, log, extension }: Services): void {
  let told = "";
  const tell = () => {
    const text = store.settings().problems.join("\n");
    if (text === told) return;
    told = text;
    if (text === "") return;
    log.warn(text);
    void vscode.window.showWarningMessage(text);
  };
  tell();
  extension.subscriptions.push(store.onChanged(tell));
}
