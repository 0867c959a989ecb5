import * as vscode from "vscode";
import type { ConnectionStore } from "./store.js";
import { connectionRow, type ConnectionRow } from "./treeModel.js";

export class ConnectionTree implements vscode.TreeDataProvider<ConnectionRow> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(private readonly store: ConnectionStore) {
    store.onChanged(() => this.#changed.fire());
    store.onStatus(() => this.#changed.fire());
  }

  getChildren(row?: ConnectionRow): ConnectionRow[] {
    if (row) return [];
    const current = this.store.current()?.id;
    return this.store.all().map((profile) =>
      connectionRow(profile, {
        isDefault: profile.id === current,
        isOwn: this.store.isOwn(profile.id),
        status: this.store.status(profile.id),
      }),
    );
  }

  getTreeItem(row: ConnectionRow): vscode.TreeItem {
    const item = new vscode.TreeItem(row.label);
    item.id = row.id;
    item.description = row.description;
    item.contextValue = row.context;
    item.iconPath = new vscode.ThemeIcon(row.icon, row.color ? new vscode.ThemeColor(row.color) : undefined);
    item.tooltip = row.tooltip.join("\n");
    return item;
  }
}
