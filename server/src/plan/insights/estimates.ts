import type { PlanNode } from "#protocol/plan";
import { predicatesOf } from "../conditions/predicates.js";
import { wrappedColumns } from "../conditions/wrapped.js";
import { plainColumn, servedColumns, type ServedColumns } from "../conditions/columns.js";
import { splitKeys } from "../conditions/access.js";
import { count, counted } from "../format.js";
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
    `The planner expected ${counted(node.estimatedRows ?? 0, "row")} of ${node.title}${loops > 1 ? " per loop" : ""} and got ${count((node.rows ?? 0) / loops)}: ` +
    `${times} ${(node.rowsRatio ?? 1) > 1 ? "more" : "fewer"}.`
  );
}

/** What makes an estimate wrong, as far as plan and catalog tell it. */
export type EstimateCause =
  | { readonly kind: "stale"; readonly why: string }
  | { readonly kind: "correlated"; readonly columns: readonly string[]; readonly statistics: "dependencies" | "mcv" | "ndistinct" }
  | { readonly kind: "expression"; readonly expression: string | undefined }
  /** A comparison of columns of two tables other than equality: the planner assumes a constant, and nothing can tell it more. */
  | { readonly kind: "guess" }
  | { readonly kind: "unknown" };

export function causeOf(node: PlanNode, subject: InsightSubject): EstimateCause {
  const why = staleness(node, subject);
  if (why !== undefined) return { kind: "stale", why };
  if (node.type === "Aggregate") {
    const columns = groupedColumns(node, subject);
    return columns.length < 2 ? { kind: "unknown" } : { kind: "correlated", columns, statistics: "ndistinct" };
  }
  const conditions = conditionsOf(node, subject);
  if (conditions.flatMap(predicatesOf).some((predicate) => predicate.kind === "join" && predicate.operator !== "="))
    return { kind: "guess" };
  const wrapped = conditions.flatMap(wrappedColumns).find(({ kind }) => kind !== "cast");
  if (wrapped) return { kind: "expression", expression: wrapped.expression };
  const { equal, range } = comparedColumns(node, conditions);
  const columns = [...new Set([...equal, ...range])];
  if (columns.length < 2 || equal.length === 0) return { kind: "unknown" };
  // Dependencies know equality only, and only raise an estimate. Where a list of most common values covers a condition they are not asked any more.
  const dependent = range.length === 0 && (node.rowsRatio ?? 1) > 1;
  return { kind: "correlated", columns, statistics: dependent ? "dependencies" : "mcv" };
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
function comparedColumns(node: PlanNode, conditions: readonly string[]): ServedColumns {
  if (node.relation === undefined) return { equal: [], range: [] };
  const all = conditions.flatMap((text) => servedColumns(text) ?? []);
  return { equal: [...new Set(all.flatMap(({ equal }) => equal))], range: [...new Set(all.flatMap(({ range }) => range))] };
}

function conditionsOf(node: PlanNode, subject: InsightSubject): readonly string[] {
  const own = ["Filter", "Index Cond", "Recheck Cond", "Join Filter"].flatMap((key) => detail(node, key) ?? []);
  if (node.type !== "Bitmap Heap Scan") return own;
  const bitmaps = subject.descendants(node).filter(({ type }) => type === "Bitmap Index Scan");
  return [...own, ...bitmaps.flatMap((child) => detail(child, "Index Cond") ?? [])];
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
  if (cause.kind === "expression") return expressionAdvice(cause.expression, table);
  if (cause.kind !== "correlated")
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

/** Statistics on expressions came with PostgreSQL 14; an index on the expression gives them too. */
function expressionAdvice(expression: string | undefined, table: string): EstimateAdvice {
  const what = expression ?? "the expression";
  const statistics = `CREATE STATISTICS ON (${expression ?? "…"}) FROM ${table}`;
  return {
    text: `The planner knows nothing of the values of ${what} and assumes a constant share. ${statistics}, then ANALYZE (PostgreSQL 14 and later), or an index on ${expression ?? "it"}, gives it statistics.`,
    ...(expression === undefined ? {} : { sql: `${statistics};\nANALYZE ${table};` }),
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
