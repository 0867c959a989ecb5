import type { PlanNode } from "#protocol/plan";
import { plainColumn, servedColumns } from "../conditions/columns.js";
import { splitKeys } from "../conditions/access.js";
import { count } from "../format.js";
import { detail, rowsRemoved } from "./details.js";
import { columnList, enumerate, tableName } from "./names.js";
import type { InsightSubject } from "./subject.js";

/** From here on an estimate is wrong enough to change what the planner chooses. */
export const leastFactor = 10;

/** Nodes that only hand on the rows below, or whose estimate is a constant of the planner. */
const passing: ReadonlySet<string> = new Set([
  "Append",
  "Bitmap Index Scan",
  "CTE Scan",
  "Gather",
  "Gather Merge",
  "Hash",
  "Incremental Sort",
  "Limit",
  "LockRows",
  "Materialize",
  "Memoize",
  "Merge Append",
  "ModifyTable",
  "ProjectSet",
  "Recursive Union",
  "Result",
  "Sort",
  "Subquery Scan",
  "WindowAgg",
  "WorkTable Scan",
]);

/** How many times off, in either direction; 1 where a comparison is not fair. */
export function estimateFactor(node: PlanNode): number {
  return node.rowsRatio === undefined ? 1 : Math.max(node.rowsRatio, 1 / node.rowsRatio);
}

/** The error arises here: nothing below has it already. */
export function isOrigin(node: PlanNode, subject: InsightSubject): boolean {
  return isWrong(node) && !subject.descendants(node).some(isWrong);
}

function isWrong(node: PlanNode): boolean {
  return estimateFactor(node) >= leastFactor && !passing.has(node.type);
}

/** Where the wrong estimates of a part of the plan arise, the root of the part included. */
export function originsBelow(top: PlanNode, subject: InsightSubject): readonly PlanNode[] {
  return [top, ...subject.descendants(top)].filter((node) => isOrigin(node, subject));
}

/** "The planner expected 10 rows of Seq Scan on orders and got 9,000: 900 times more." */
export function wrongEstimate(node: PlanNode): string {
  const loops = node.loops ?? 1;
  const factor = estimateFactor(node);
  const times = factor >= 1000 ? "over a thousand times" : `${count(factor)} times`;
  return (
    `The planner expected ${count(node.estimatedRows ?? 0)} rows of ${node.title}${loops > 1 ? " per loop" : ""} and got ${count((node.rows ?? 0) / loops)}: ` +
    `${times} ${(node.rowsRatio ?? 1) > 1 ? "more" : "fewer"}.`
  );
}

/** What makes an estimate wrong, as far as plan and catalog tell it. */
export type EstimateCause =
  | { readonly kind: "stale"; readonly why: string }
  | { readonly kind: "correlated"; readonly columns: readonly string[]; readonly statistics: "dependencies, mcv" | "ndistinct" }
  | { readonly kind: "unknown" };

export function causeOf(node: PlanNode, subject: InsightSubject): EstimateCause {
  const why = staleness(node, subject);
  if (why !== undefined) return { kind: "stale", why };
  const columns = node.type === "Aggregate" ? groupedColumns(node, subject) : comparedColumns(node, subject);
  if (columns.length < 2) return { kind: "unknown" };
  return { kind: "correlated", columns, statistics: node.type === "Aggregate" ? "ndistinct" : "dependencies, mcv" };
}

/** Changed rows, of all rows, from which autovacuum would analyse: autovacuum_analyze_scale_factor is a tenth. */
const staleShare = 0.1;

function staleness(node: PlanNode, subject: InsightSubject): string | undefined {
  if (node.relation === undefined) return undefined;
  const { activity, size } = subject.table(node) ?? {};
  const changed = activity?.modifiedSinceAnalyze;
  if (activity && changed !== undefined && changed >= 50 && changed >= activity.liveRows * staleShare)
    return `${count(changed)} of ${count(activity.liveRows)} rows changed since the last ANALYZE${activity.lastAnalyze === undefined ? ", which never ran" : ` (${activity.lastAnalyze})`}`;
  const read = (node.rows ?? 0) + rowsRemoved(node, "Filter");
  if (node.type !== "Seq Scan" || node.loops !== 1) return undefined;
  if (detail(node, "Filter") === undefined) return `the scan has no condition, so only the table's size was guessed wrong`;
  if (size?.rows === undefined || Math.max(read, 1) / Math.max(size.rows, 1) < 2) return undefined;
  return `the statistics tell of ${count(size.rows)} rows, the scan read ${count(read)}`;
}

/** Columns that conditions on this one table compare, whose selectivities the planner multiplies. */
function comparedColumns(node: PlanNode, subject: InsightSubject): readonly string[] {
  if (node.relation === undefined) return [];
  const conditions = ["Filter", "Index Cond", "Recheck Cond"].flatMap((key) => detail(node, key) ?? []);
  const bitmaps = subject.children(node).filter(({ type }) => type === "Bitmap Index Scan");
  const all = [...conditions, ...bitmaps.flatMap((child) => detail(child, "Index Cond") ?? [])].flatMap(
    (text) => servedColumns(text) ?? [],
  );
  const equal = new Set(all.flatMap(({ equal }) => equal));
  const columns = new Set([...equal, ...all.flatMap(({ range }) => range)]);
  // Dependencies count for equality; two ranges are beyond what extended statistics know.
  return equal.size === 0 ? [] : [...columns];
}

/** Grouping keys of one relation: the planner multiplies their numbers of distinct values. */
function groupedColumns(node: PlanNode, subject: InsightSubject): readonly string[] {
  const columns = splitKeys(detail(node, "Group Key") ?? "").map(plainColumn);
  const aliases = new Set(columns.map((column) => column?.alias));
  if (columns.length < 2 || columns.includes(undefined) || aliases.size !== 1 || groupedScan(node, subject) === undefined) return [];
  return columns.flatMap((column) => column?.column ?? []);
}

/** The scan of the table that grouping keys come from, where it is plain which. */
function groupedScan(node: PlanNode, subject: InsightSubject): PlanNode | undefined {
  const alias = plainColumn(splitKeys(detail(node, "Group Key") ?? "")[0] ?? "")?.alias;
  const scans = subject.descendants(node).filter((each) => each.relation !== undefined);
  const named = alias === undefined ? scans : scans.filter((scan) => scan.alias === alias);
  return named.length === 1 ? named[0] : undefined;
}

export interface EstimateAdvice {
  readonly text: string;
  readonly sql?: string;
}

/** What mends the estimate, with the statement where plan and catalog give all of it. */
export function estimateAdvice(node: PlanNode, subject: InsightSubject): EstimateAdvice {
  const cause = causeOf(node, subject);
  const table = tableName(node.type === "Aggregate" ? (groupedScan(node, subject) ?? node) : node);
  if (table === undefined)
    return {
      text: "Look at the statistics of its inputs; for columns that depend on each other CREATE STATISTICS helps, for expressions an index or statistics on them.",
    };
  if (cause.kind === "stale") return { text: `Run ANALYZE ${table}: ${cause.why}.`, sql: `ANALYZE ${table};` };
  if (cause.kind === "unknown")
    return {
      text: `Run ANALYZE ${table}; if it stays wrong, raise the statistics target of the compared columns.`,
      sql: `ANALYZE ${table};`,
    };
  const statistics = `CREATE STATISTICS (${cause.statistics}) ON ${columnList(cause.columns)} FROM ${table}`;
  return {
    text: `If ANALYZE ${table} alone does not mend it: ${statistics}, then ANALYZE again. The planner takes ${enumerate(cause.columns)} as independent of each other.`,
    sql: `${statistics};\nANALYZE ${table};`,
  };
}

/** Where the planner chose a method or a size by the number of rows that come from below. */
const choices: ReadonlySet<string> = new Set(["Nested Loop", "Hash Join", "Merge Join", "Sort", "Aggregate", "Memoize", "SetOp"]);
const leastRows = 100;

/** Ten rows instead of one decide nothing, nor do rows above which nothing was chosen. */
export function changesChoices(node: PlanNode, subject: InsightSubject): boolean {
  const difference = Math.abs((node.rows ?? 0) / (node.loops ?? 1) - (node.estimatedRows ?? 0));
  return difference >= leastRows && subject.ancestors(node).some((above) => choices.has(above.type));
}
