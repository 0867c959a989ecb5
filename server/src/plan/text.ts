import type { Plan, PlanInsight, PlanNode } from "#protocol/plan";
import { bytes, count, milliseconds, percent } from "./format.js";

const blockBytes = 8192;

/** A plan for a terminal: one line per node with its figures, insights under the node they belong to, totals at the end. */
export function planText(plan: Plan): string {
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const insights = insightsByNode(plan);
  const lines: string[] = [];
  const waiting: { node: PlanNode; indent: string; last: boolean; top: boolean }[] = [];
  if (plan.nodes[0]) waiting.push({ node: plan.nodes[0], indent: "", last: true, top: true });
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, indent, last, top } = next;
    const below = top ? "" : indent + (last ? "   " : "│  ");
    lines.push(indent + (top ? "" : last ? "└─ " : "├─ ") + heading(node));
    const rail = below + (node.children.length > 0 ? "│  " : "   ");
    const figures = figuresOf(node, plan);
    if (figures !== "") lines.push(`${rail}${figures}`);
    for (const insight of insights.get(node.id) ?? []) {
      lines.push(`${rail}▲ ${insight.message}`, `${rail}  → ${insight.advice}`);
    }
    const children = node.children.flatMap((id) => byId.get(id) ?? []);
    children.reverse().forEach((child, index) => waiting.push({ node: child, indent: below, last: index === 0, top: false }));
  }
  return [...lines, ...totals(plan)].join("\n");
}

function insightsByNode(plan: Plan): ReadonlyMap<string, readonly PlanInsight[]> {
  const byNode = new Map<string, PlanInsight[]>();
  for (const insight of plan.insights) {
    const known = byNode.get(insight.node);
    if (known) known.push(insight);
    else byNode.set(insight.node, [insight]);
  }
  return byNode;
}

function heading(node: PlanNode): string {
  return node.subplanName === undefined ? node.title : `${node.subplanName}: ${node.title}`;
}

function figuresOf(node: PlanNode, plan: Plan): string {
  if (node.neverExecuted) return "never executed";
  return [timeOf(node, plan), rowsOf(node), loopsOf(node), buffersOf(node), costOf(node, plan)].filter((part) => part !== "").join(" · ");
}

function timeOf(node: PlanNode, plan: Plan): string {
  if (node.selfWallTimeMs === undefined || node.wallTimeMs === undefined) return "";
  const share = plan.executionTimeMs ? ` (${percent(node.selfWallTimeMs / plan.executionTimeMs)})` : "";
  return `${milliseconds(node.wallTimeMs)}, self ${milliseconds(node.selfWallTimeMs)}${share}`;
}

function rowsOf(node: PlanNode): string {
  if (node.rows === undefined) return node.estimatedRows === undefined ? "" : `≈ ${count(node.estimatedRows)} rows`;
  const about = node.rowsError ? ` ± ${count(Math.max(node.rowsError, 1))}` : "";
  const expected =
    node.rowsRatio !== undefined && (node.rowsRatio >= 2 || node.rowsRatio <= 0.5) ? ` (${ratio(node.rowsRatio)} than expected)` : "";
  return `${count(node.rows)}${about} ${node.rows === 1 ? "row" : "rows"}${expected}`;
}

function ratio(value: number): string {
  const factor = Math.max(value, 1 / value);
  return `${factor >= 10 ? count(factor) : factor.toFixed(1)}× ${value > 1 ? "more" : "fewer"}`;
}

function loopsOf(node: PlanNode): string {
  if ((node.loops ?? 1) <= 1) return "";
  const processes = node.participants ?? 1;
  return processes > 1 ? `${count(node.loops ?? 1)} loops in ${Number(processes.toFixed(1))} processes` : `${count(node.loops ?? 1)} loops`;
}

function buffersOf(node: PlanNode): string {
  const own = node.selfBuffers;
  if (!own) return "";
  const parts = [
    [own.sharedHit + own.localHit, "hit"],
    [own.sharedRead + own.localRead, "read"],
    [own.tempRead + own.tempWritten, "temp"],
  ] as const;
  return parts
    .filter(([blocks]) => blocks > 0)
    .map(([blocks, what]) => `${what} ${bytes(blocks * blockBytes)}`)
    .join(", ");
}

function costOf(node: PlanNode, plan: Plan): string {
  return plan.analyzed || node.totalCost === undefined ? "" : `cost ${node.totalCost.toFixed(2)}`;
}

function totals(plan: Plan): readonly string[] {
  const parts: string[] = [];
  if (plan.planningTimeMs !== undefined) parts.push(`planning ${milliseconds(plan.planningTimeMs)}`);
  if (plan.executionTimeMs !== undefined) parts.push(`execution ${milliseconds(plan.executionTimeMs)}`);
  for (const trigger of plan.triggers)
    if (trigger.timeMs !== undefined) parts.push(`trigger ${trigger.constraint ?? trigger.name} ${milliseconds(trigger.timeMs)}`);
  if (plan.serializationMs !== undefined) parts.push(`serialization ${milliseconds(plan.serializationMs)}`);
  if (plan.jitMs !== undefined) parts.push(`JIT ${milliseconds(plan.jitMs)} (inside)`);
  if (plan.unattributedMs !== undefined)
    parts.push(`unattributed ${milliseconds(plan.unattributedMs)} ± ${milliseconds(plan.timeErrorMs ?? 0)}`);
  return ["", ...(parts.length > 0 ? [parts.join(" · ")] : []), ...(plan.notes ?? []).map((note) => `Note: ${note}`)];
}
