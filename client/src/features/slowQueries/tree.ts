import * as vscode from "vscode";
import type { SlowQuery, SlowQueryOrder } from "#protocol/workload";
import { slowQueryRow } from "./model.js";

export class SlowQueryTree implements vscode.TreeDataProvider<SlowQuery> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  #queries: readonly SlowQuery[] = [];
  #order: SlowQueryOrder = "total";
  #stale = false;

  show(queries: readonly SlowQuery[], order: SlowQueryOrder, stale: boolean): void {
    this.#queries = queries;
    this.#order = order;
    this.#stale = stale;
    this.#changed.fire();
  }

  getChildren(query?: SlowQuery): SlowQuery[] {
    return query ? [] : [...this.#queries];
  }

  getTreeItem(query: SlowQuery): vscode.TreeItem {
    const row = slowQueryRow(query, this.#order);
    const item = new vscode.TreeItem(row.label);
    item.description = row.description;
    item.accessibilityInformation = { label: `${row.label}, ${row.description}` };
    item.contextValue = "slowQuery";
    item.iconPath = icon(query.share, this.#stale);
    item.tooltip = tooltip(query, row.facts);
    item.command = { command: "dbOptimize.slowQueries.explain", title: vscode.l10n.t("Explain"), arguments: [query] };
    return item;
  }
}

/** A statement that takes a fifth of all time is worth a look before all others. */
function icon(share: number, stale: boolean): vscode.ThemeIcon {
  if (stale) return new vscode.ThemeIcon("history");
  if (share >= 0.2) return new vscode.ThemeIcon("flame", new vscode.ThemeColor("charts.red"));
  return new vscode.ThemeIcon(
    "flame",
    share >= 0.05 ? new vscode.ThemeColor("charts.orange") : new vscode.ThemeColor("disabledForeground"),
  );
}

/** Texts from the server are appended as text and code, never as Markdown. */
function tooltip(query: SlowQuery, facts: readonly (readonly [string, string])[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.appendCodeblock(query.query, "sql");
  for (const [name, value] of facts) markdown.appendText(`${name}: `).appendText(value).appendMarkdown("  \n");
  return markdown;
}
