import * as vscode from "vscode";
import { setContext } from "../../core/contextKeys.js";
import type { Feature } from "../../core/feature.js";
import { groupByRule, type FoundPlace, type RuleGroup } from "./model.js";

/** As the language server names itself in its diagnostics. */
const source = "DB Optimize";

export const findings: Feature = {
  name: "findings",
  activate({ extension, commands, server }) {
    const provider = new FindingsTree();
    const view = vscode.window.createTreeView("dbOptimize.findings", { treeDataProvider: provider, showCollapseAll: true });
    const update = () => {
      const places = collect();
      provider.show(groupByRule(places));
      setContext("dbOptimize.findings", places.length);
      view.badge = places.length > 0 ? { value: places.length, tooltip: vscode.l10n.t("{0} findings", places.length) } : undefined;
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Diagnostics of a whole workspace arrive file by file.
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(update, 100);
    };
    // Findings are what the server is for; when it cannot start, its own feature says so.
    const need = () => void (view.visible && server.start().catch(() => undefined));
    extension.subscriptions.push(view, view.onDidChangeVisibility(need), vscode.languages.onDidChangeDiagnostics(soon), {
      dispose: () => clearTimeout(timer),
    });
    update();
    commands.register("dbOptimize.findings.openRule", (group?: RuleNode) => openRule(group));
  },
};

interface Place extends FoundPlace {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
  readonly page?: vscode.Uri;
}
type RuleNode = RuleGroup & { readonly kind: "rule" };
type PlaceNode = Place & { readonly kind: "place" };

function collect(): Place[] {
  const places: Place[] = [];
  for (const [uri, diagnostics] of vscode.languages.getDiagnostics()) {
    for (const diagnostic of diagnostics) {
      if (diagnostic.source !== source) continue;
      const { code, range, message, severity } = diagnostic;
      const rule = typeof code === "object" ? String(code.value) : String(code ?? "");
      const page = typeof code === "object" ? { page: code.target } : {};
      const { line, character: column } = range.start;
      places.push({ rule, file: vscode.workspace.asRelativePath(uri), line, column, message, severity, uri, range, ...page });
    }
  }
  return places;
}

async function openRule(node: RuleNode | undefined): Promise<void> {
  const page = (node?.places[0] as Place | undefined)?.page;
  // Pages ship with the extension, as Markdown.
  if (page?.scheme === "file") await vscode.commands.executeCommand("markdown.showPreview", page);
  else if (page) await vscode.env.openExternal(page);
}

class FindingsTree implements vscode.TreeDataProvider<RuleNode | PlaceNode> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  #groups: readonly RuleGroup[] = [];

  show(groups: readonly RuleGroup[]): void {
    this.#groups = groups;
    this.#changed.fire();
  }

  getChildren(node?: RuleNode | PlaceNode): (RuleNode | PlaceNode)[] {
    if (!node) return this.#groups.map((group) => ({ ...group, kind: "rule" }));
    return node.kind === "rule" ? node.places.map((place) => ({ ...(place as Place), kind: "place" })) : [];
  }

  getTreeItem(node: RuleNode | PlaceNode): vscode.TreeItem {
    return node.kind === "rule" ? ruleItem(node) : placeItem(node);
  }
}

const icons = [
  ["error", "problemsErrorIcon.foreground"],
  ["warning", "problemsWarningIcon.foreground"],
  ["info", "problemsInfoIcon.foreground"],
  ["lightbulb", "problemsInfoIcon.foreground"],
] as const;

function ruleItem(node: RuleNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.rule, vscode.TreeItemCollapsibleState.Expanded);
  const [icon, color] = icons[node.severity] ?? icons[2];
  item.id = node.rule;
  item.description = String(node.places.length);
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.contextValue = "rule";
  return item;
}

function placeItem(node: PlaceNode): vscode.TreeItem {
  const item = new vscode.TreeItem(`${node.file.slice(node.file.lastIndexOf("/") + 1)}:${node.line + 1}`);
  item.description = node.message;
  item.tooltip = `${node.file}:${node.line + 1}\n${node.message}`;
  item.contextValue = "place";
  item.command = { command: "vscode.open", title: vscode.l10n.t("Open"), arguments: [node.uri, { selection: node.range }] };
  return item;
}
