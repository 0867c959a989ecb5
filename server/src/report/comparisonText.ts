import type { Change, ComparedNode, PlanComparison } from "#protocol/comparison";
import { format } from "../plan/index.js";
import { oneLine, type Style } from "./style.js";

/** Two plans as one tree for a terminal: + is new, − is gone, ~ is done otherwise; figures where they differ. */
export function comparisonText(comparison: PlanComparison, style: Style): string {
  const { summary, nodes, indexes } = comparison;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const lines = [style.bold(oneLine(summary)), ""];
  const waiting: { node: ComparedNode; indent: string; last: boolean; top: boolean }[] = [];
  if (nodes[0]) waiting.push({ node: nodes[0], indent: "", last: true, top: true });
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, indent, last, top } = next;
    const below = top ? "" : indent + (last ? "   " : "│  ");
    const rail = below + (node.children.length > 0 ? "│    " : "     ");
    lines.push(`${indent}${top ? "" : last ? "└─ " : "├─ "}${heading(node, style)}`);
    for (const change of node.changes) lines.push(`${rail}${style.yellow(oneLine(change))}`);
    const figures = figuresOf(node);
    if (figures !== "") lines.push(`${rail}${style.dim(figures)}`);
    const children = node.children.flatMap((id) => byId.get(id) ?? []);
    children.reverse().forEach((child, index) => waiting.push({ node: child, indent: below, last: index === 0, top: false }));
  }
  return [...lines, "", ...totals(comparison), ...indexLines(indexes, style)].join("\n").trimEnd();
}

function heading({ kind, title }: ComparedNode, style: Style): string {
  const text = oneLine(title);
  switch (kind) {
    case "added":
      return style.green(`+ ${text}`);
    case "removed":
      return style.red(`− ${text}`);
    case "changed":
      return style.yellow(`~ ${text}`);
    case "same":
      return `  ${text}`;
  }
}

function figuresOf({ selfTimeMs, timeDiffers, rows, rowsDiffer, blocks, cost }: ComparedNode): string {
  const parts = [
    timeDiffers === false ? "" : figure("self", selfTimeMs, format.milliseconds),
    rowsDiffer === false ? "" : figure("rows", rows, format.count),
    figure("blocks", blocks, format.count),
    // Costs weigh only where nothing was measured.
    selfTimeMs === undefined ? figure("cost", cost, (value) => value.toFixed(2)) : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

function figure(name: string, change: Change | undefined, show: (value: number) => string): string {
  if (!change) return "";
  const [before, after] = [change.before, change.after].map((value) => (value === undefined ? undefined : show(value)));
  if (before === after) return "";
  if (before === undefined || after === undefined) return `${name} ${before ?? after}`;
  return `${name} ${before} → ${after}`;
}

function totals({ executionTimeMs, planningTimeMs, blocks, cost }: PlanComparison): readonly string[] {
  const parts = [
    figure("execution", executionTimeMs, format.milliseconds),
    figure("planning", planningTimeMs, format.milliseconds),
    figure("blocks", blocks, format.count),
    figure("cost", cost, (value) => value.toFixed(2)),
  ].filter((part) => part !== "");
  return parts.length > 0 ? [parts.join(" · ")] : [];
}

function indexLines({ both, onlyBefore, onlyAfter }: PlanComparison["indexes"], style: Style): readonly string[] {
  const line = (what: string, names: readonly string[]): string[] =>
    names.length > 0 ? [`${what}: ${names.map(oneLine).join(", ")}`] : [];
  return [
    ...line("Indexes used by both", both),
    ...line("Only before", onlyBefore).map(style.red),
    ...line("Only after", onlyAfter).map(style.green),
  ];
}
