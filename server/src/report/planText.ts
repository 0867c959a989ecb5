import type { Plan, PlanNode } from "#protocol/plan";
import type { IndexSuggestion } from "#protocol/advice";
import { bytes, duration, grouped, percent } from "./numbers.js";
import { oneLine, printable, severityStyle, type Style } from "./style.js";

/** A plan as a tree for a terminal: what each node costs, and under it what is wrong with it. */
export function planText(plan: Plan, style: Style): string {
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const out: string[] = [];
  const visit = (node: PlanNode, indent: string, isRoot: boolean): void => {
    out.push(`${indent}${isRoot ? "" : style.dim("-> ")}${style.bold(nodeTitle(node))}  ${style.dim(figures(node))}`);
    const inner = `${indent}${isRoot ? "" : "   "}`;
    for (const insight of plan.insights.filter((insight) => insight.node === node.id)) {
      const paint = severityStyle(style, insight.severity);
      out.push(`${inner}   ${paint(`! ${oneLine(insight.message)}`)} ${oneLine(insight.advice)}`);
    }
    for (const child of node.children) visit(byId.get(child)!, `${inner}  `, false);
  };
  for (const root of plan.nodes.filter((node) => node.parent === undefined)) visit(root, "", true);
  out.push("", totals(plan));
  return out.join("\n");
}

function nodeTitle(node: PlanNode): string {
  const name = node.subplanName ? `${node.subplanName}: ` : "";
  return oneLine(name + node.title);
}

function figures(node: PlanNode): string {
  if (node.neverExecuted) return "(never executed)";
  const parts: string[] = [];
  if (node.rows !== undefined) parts.push(`${grouped(node.rows)} rows${estimate(node)}`);
  else if (node.estimatedRows !== undefined) parts.push(`~${grouped(node.estimatedRows)} rows`);
  if (node.loops !== undefined && node.loops > 1) parts.push(`${grouped(node.loops)} loops`);
  if (node.selfTimeMs !== undefined) parts.push(`self ${duration(node.selfTimeMs)}`);
  if (node.processTimeMs !== undefined) parts.push(`total ${duration(node.processTimeMs)}`);
  else if (node.totalCost !== undefined) parts.push(`cost ${grouped(node.totalCost)}`);
  if (node.selfBuffers) parts.push(`read ${grouped(node.selfBuffers.sharedRead)} hit ${grouped(node.selfBuffers.sharedHit)}`);
  return parts.length > 0 ? `(${parts.join(", ")})` : "";
}

function estimate(node: PlanNode): string {
  if (node.rowsRatio === undefined || (node.rowsRatio > 0.1 && node.rowsRatio < 10)) return "";
  const times = node.rowsRatio >= 1 ? node.rowsRatio : 1 / node.rowsRatio;
  return ` (${grouped(times)}× ${node.rowsRatio >= 1 ? "more" : "fewer"} than estimated)`;
}

function totals(plan: Plan): string {
  const parts: string[] = [];
  if (plan.planningTimeMs !== undefined) parts.push(`planning ${duration(plan.planningTimeMs)}`);
  if (plan.executionTimeMs !== undefined) parts.push(`execution ${duration(plan.executionTimeMs)}`);
  if (plan.unattributedMs !== undefined) parts.push(`of it in no node ${duration(plan.unattributedMs)}`);
  if (!plan.analyzed) parts.push("estimated only: nothing was run");
  return `${parts.join(", ")}.`.replace(/^./, (first) => first.toUpperCase());
}

export function suggestionText(suggestion: IndexSuggestion, style: Style): string {
  const { proof } = suggestion;
  const out = [`${style.green(printable(suggestion.ddl))}`, `  ${oneLine(suggestion.reason)}`];
  if (proof.method === "none") out.push(`  ${style.yellow("Unproved")}${proof.note ? `: ${oneLine(proof.note)}` : "."}`);
  else {
    const how = proof.method === "hypopg" ? "with a hypothetical index (HypoPG)" : "with the index built and rolled back";
    out.push(`  Proved ${how}: planner cost ${costs(proof.costBefore, proof.costAfter)}.${proof.note ? ` ${oneLine(proof.note)}` : ""}`);
  }
  if (suggestion.sizeBytes !== undefined) out.push(`  Takes about ${bytes(suggestion.sizeBytes)}.`);
  return out.join("\n");
}

/** `1,234 → 56 (95 % less)`; planner costs are no times, so no unit. */
export function costs(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return "unknown";
  const less = before > 0 ? ` (${percent(1 - after / before)} less)` : "";
  return `${grouped(before)} → ${grouped(after)}${less}`;
}
