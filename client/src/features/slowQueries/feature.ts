import * as vscode from "vscode";
import type { SlowQuery, SlowQueryOrder } from "#protocol/workload";
import { OperationFailed } from "../../core/failure.js";
import type { Feature, Services } from "../../core/feature.js";
import { pickConnection, requireTrust } from "../connections/pick.js";
import { SlowQueryView } from "./view.js";

export const slowQueries: Feature = {
  name: "slowQueries",
  activate(services) {
    const view = new SlowQueryView(services);
    const { commands } = services;
    commands.register("dbOptimize.slowQueries.refresh", () => view.refresh());
    commands.register("dbOptimize.slowQueries.order", () => chooseOrder(view));
    commands.register("dbOptimize.slowQueries.filter", () => chooseFilter(view));
    commands.register("dbOptimize.slowQueries.clearFilter", () => view.setFilter(""));
    commands.register("dbOptimize.slowQueries.connection", () => pickConnection(services.connections, true));
    commands.register("dbOptimize.slowQueries.explain", (query?: SlowQuery) => explainSlow(services, view, query));
    commands.register("dbOptimize.slowQueries.copy", (query?: SlowQuery) => copy(query ?? view.selected()));
    commands.register("dbOptimize.slowQueries.open", (query?: SlowQuery) => open(query ?? view.selected()));
    commands.register("dbOptimize.slowQueries.howToEnable", () => howToEnable(view));
  },
};

const orders: readonly { value: SlowQueryOrder; label: () => string }[] = [
  { value: "total", label: () => vscode.l10n.t("Total time") },
  { value: "mean", label: () => vscode.l10n.t("Mean time") },
  { value: "calls", label: () => vscode.l10n.t("Calls") },
  { value: "rows", label: () => vscode.l10n.t("Rows") },
  { value: "reads", label: () => vscode.l10n.t("Blocks read") },
];

async function chooseOrder(view: SlowQueryView): Promise<void> {
  const items = orders.map(({ value, label }) => ({ label: `${value === view.order ? "$(check) " : ""}${label()}`, value }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Order slow queries by") });
  if (chosen) await view.setOrder(chosen.value);
}

async function chooseFilter(view: SlowQueryView): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t("Filter slow queries"),
    prompt: vscode.l10n.t("Only statements that contain this text; empty shows all."),
    value: view.filter,
  });
  if (text !== undefined) await view.setFilter(text);
}

async function explainSlow({ server }: Services, view: SlowQueryView, given: SlowQuery | undefined): Promise<void> {
  requireTrust();
  const query = given ?? view.selected();
  if (!query) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Select a statement in the view of slow queries first."));
    return;
  }
  const { statements } = await server.run("listStatements", { file: "slow-query.sql", text: query.query, languageId: "sql" });
  const [statement] = statements;
  if (!statement) {
    throw new OperationFailed({
      kind: "refused",
      message: vscode.l10n.t("This entry holds no statement that can be explained."),
      advice: vscode.l10n.t("Only SELECT, VALUES, TABLE, INSERT, UPDATE, DELETE and MERGE can be."),
    });
  }
  await vscode.commands.executeCommand("dbOptimize.explainStatement", { statement });
}

async function copy(query: SlowQuery | undefined): Promise<void> {
  if (!query) return;
  await vscode.env.clipboard.writeText(query.query);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Copied: {0}", vscode.l10n.t("the statement")), 3000);
}

async function open(query: SlowQuery | undefined): Promise<void> {
  if (!query) return;
  const document = await vscode.workspace.openTextDocument({ language: "sql", content: `${query.query.trimEnd().replace(/;?$/, ";")}\n` });
  await vscode.window.showTextDocument(document);
}

/** A document that can be read next to the server's configuration, and copied from. */
async function howToEnable(view: SlowQueryView): Promise<void> {
  const { t } = vscode.l10n;
  const content = [
    ...(view.unavailable ? [`-- ${view.unavailable.split(/\s+/).join(" ")}`, ""] : []),
    `-- ${t("pg_stat_statements counts calls and times of every statement. It needs two steps, as a superuser.")}`,
    "",
    `-- ${t("1. In postgresql.conf (or the parameter group of a managed server), then restart the server:")}`,
    "--    shared_preload_libraries = 'pg_stat_statements'",
    `--    ${t("An existing list is kept: add it, separated by a comma. See what is set now:")}`,
    "SHOW shared_preload_libraries;",
    "",
    `-- ${t("2. In the database of the connection:")}`,
    "CREATE EXTENSION IF NOT EXISTS pg_stat_statements;",
    "",
    `-- ${t("A role that is no superuser sees the texts of other roles' statements after:")}`,
    "-- GRANT pg_read_all_stats TO your_role;",
    "",
  ].join("\n");
  const document = await vscode.workspace.openTextDocument({ language: "sql", content });
  await vscode.window.showTextDocument(document);
}
