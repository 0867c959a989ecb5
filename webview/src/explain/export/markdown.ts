import type { Plan, PlanNode } from "#protocol/plan";
import { formatBlocks, formatCost, formatFactor, formatRows, formatShare, formatTime } from "../../common/numbers.js";
import { estimatedTotal, misestimateOf, selfShare, selfTime, type PlanIndex } from "../planIndex.js";
import { treeRows } from "../table/rows.js";

/** The plan for a pull request: what it took, its tree with figures, its findings. */
export function planMarkdown(index: PlanIndex, sql: string): string {
  const { plan } = index;
  const numbers = new Map(plan.nodes.map((node, place) => [node.id, place + 1]));
  return [
    `### Query plan`,
    "",
    summaryOf(index),
    "",
    details("Statement", fenced(sql, "sql")),
    "",
    fenced(
      treeRows(index)
        .map(({ node, depth }) => lineOf(plan, node, depth, numbers.get(node.id) ?? 0))
        .join("\n"),
      "",
    ),
    ...findingsOf(plan, numbers),
    "",
  ].join("\n");
}

function summaryOf({ plan, root }: PlanIndex): string {
  const buffers = plan.buffers ?? root?.buffers;
  const parts = [
    plan.executionTimeMs !== undefined && `**Execution** ${formatTime(plan.executionTimeMs)}`,
    !plan.analyzed && root?.totalCost !== undefined && `**Cost** ${formatCost(root.totalCost)} (estimated, not run)`,
    plan.planningTimeMs !== undefined && `**Planning** ${formatTime(plan.planningTimeMs)}`,
    buffers && `**Shared hit** ${formatBlocks(buffers.sharedHit)}`,
    buffers && `**Shared read** ${formatBlocks(buffers.sharedRead)}`,
    buffers && buffers.tempWritten > 0 && `**Temp written** ${formatBlocks(buffers.tempWritten)}`,
  ];
  return parts.filter(Boolean).join(" · ");
}

function lineOf(plan: Plan, node: PlanNode, depth: number, number: number): string {
  const title = node.subplanName ? `${node.subplanName}: ${node.title}` : node.title;
  return `${String(number).padStart(3)}  ${"  ".repeat(depth)}${oneLine(title)}  ${figuresOf(plan, node).join(", ")}`.trimEnd();
}

function figuresOf(plan: Plan, node: PlanNode): string[] {
  if (node.neverExecuted) return ["never executed"];
  const self = selfTime(node);
  const share = selfShare(plan, node);
  const wrong = misestimateOf(node);
  const estimate = estimatedTotal(node);
  const parts = [
    self !== undefined && `self ${formatTime(self)}${share === undefined ? "" : ` (${formatShare(share)})`}`,
    node.rows !== undefined
      ? `rows ${formatRows(node.rows, node.rowsError)}`
      : estimate !== undefined && `rows ${formatRows(estimate)} estimated`,
    wrong && `${formatFactor(wrong.ratio)} ${wrong.direction} than estimated`,
    node.loops !== undefined && node.loops > 1 && `loops ${formatRows(node.loops)}`,
    node.selfBuffers && node.selfBuffers.sharedRead > 0 && `read ${formatBlocks(node.selfBuffers.sharedRead)}`,
    self === undefined && node.totalCost !== undefined && `cost ${formatCost(node.totalCost)}`,
  ];
  return parts.filter((part): part is string => typeof part === "string");
}

function findingsOf(plan: Plan, numbers: ReadonlyMap<string, number>): string[] {
  if (plan.insights.length === 0) return [];
  const items = plan.insights.map(
    ({ node, severity, message, advice }) => `- **${severity}** (node ${numbers.get(node) ?? "?"}): ${inline(message)} ${inline(advice)}`,
  );
  return ["", "#### Findings", "", ...items];
}

function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** The fence is longer than any run of backticks inside, so that nothing can end it. */
function fenced(text: string, language: string): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\r\n?|\u2028|\u2029/g, "\n")}\n${fence}`;
}

function oneLine(text: string): string {
  return text.replace(/[\s\u2028\u2029]+/g, " ").trim();
}

/** Sentences quote names and literals: what Markdown or HTML would read is escaped, except the backticks that mark code. */
function inline(text: string): string {
  const line = oneLine(text);
  const parts = line.split("`");
  if (parts.length % 2 === 0) return escaped(line);
  return parts.map((part, place) => (place % 2 === 1 ? codeSpan(part) : escaped(part))).join("");
}

function codeSpan(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** What would become emphasis, links, tags, or references to people and issues. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~@]/g, (letter) => entities[letter] ?? `\\${letter}`);
}

const entities: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "@": "&#64;" };
