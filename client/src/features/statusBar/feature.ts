import * as vscode from "vscode";
import type { Feature, Services } from "../../core/feature.js";
import { pickConnection } from "../connections/pick.js";
import { statusText } from "./model.js";

export const statusBar: Feature = {
  name: "statusBar",
  activate(services) {
    const { extension, connections: store, work, commands } = services;
    const item = vscode.window.createStatusBarItem("dbOptimize.status", vscode.StatusBarAlignment.Left, 0);
    item.name = "DB Optimize";
    item.command = "dbOptimize.selectConnection";
    const update = () => show(item, services);
    extension.subscriptions.push(
      item,
      store.onChanged(update),
      store.onStatus(update),
      work.onChanged(update),
      vscode.workspace.onDidGrantWorkspaceTrust(update),
    );
    update();
    item.show();
    commands.register("dbOptimize.selectConnection", () => pickConnection(store, true));
    commands.register("dbOptimize.openWalkthrough", () =>
      vscode.commands.executeCommand("workbench.action.openWalkthrough", `${extension.extension.id}#dbOptimize.start`, false),
    );
  },
};

function show(item: vscode.StatusBarItem, { connections: store, work }: Services): void {
  const connection = store.current();
  const status = connection && store.status(connection.id);
  const trusted = vscode.workspace.isTrusted;
  const { text, tooltip, warn } = statusText({ connection, status, running: work.titles, trusted });
  item.text = text;
  item.tooltip = tooltip;
  item.backgroundColor = warn ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
}
