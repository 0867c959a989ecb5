import { numberAt, textAt } from "./json.js";
import { isCte, isGather, type RawNode } from "./rawTree.js";

/** What keeps a node's actual rows from being compared with its estimate. */
interface Fairness {
  /** Somebody above may stop asking before the end: fewer rows than estimated prove nothing. */
  readonly mayStop: boolean;
  /** Somebody above may read rows again (Merge Join's restore): more rows than estimated prove nothing. */
  readonly mayRepeat: boolean;
}

export interface RowRatio {
  readonly rowsRatio?: number;
  /** There for partial plans: by what the planner divided the rows of all processes. */
  readonly estimateDivisor?: number | undefined;
}

const fair: Fairness = { mayStop: false, mayRepeat: false };
const lazy: Fairness = { mayStop: true, mayRepeat: false };

/**
 * Actual ÷ estimated rows per loop, both at least 1 because the planner never estimates less; undefined where the comparison is not fair.
 * Estimates of partial plans are per process and are multiplied with the planner's own divisor first.
 */
export function rowRatios(nodes: readonly RawNode[], participants: ArrayLike<number>, rowError: number): readonly RowRatio[] {
  const fairness = judge(nodes);
  const partial = findPartial(nodes);
  return nodes.map((node, index) => {
    const estimateDivisor = partial[index] ? divisor(node, nodes) : undefined;
    const scale = estimateDivisor === undefined ? 1 : (participants[index] ?? 1) / estimateDivisor;
    const rowsRatio = ratio(node, fairness[index] ?? fair, scale, rowError);
    return rowsRatio === undefined ? {} : { rowsRatio, estimateDivisor };
  });
}

function ratio(node: RawNode, fairness: Fairness, scale: number, rowError: number): number | undefined {
  const estimated = numberAt(node.keys, "Plan Rows");
  const actual = numberAt(node.keys, "Actual Rows");
  const loops = node.loops ?? 0;
  if (estimated === undefined || actual === undefined || loops === 0 || uncounted.has(node.type)) return undefined;
  if (node.type === "ModifyTable" && estimated === 0) return undefined;
  const error = loops > 1 ? rowError : 0;
  const expected = Math.max(estimated, 1);
  const low = Math.max((actual - error) * scale, 1);
  const high = Math.max((actual + error) * scale, 1);
  if (low <= expected && expected <= high) return 1;
  const value = Math.max(actual * scale, 1) / expected;
  if ((fairness.mayStop && value < 1) || (fairness.mayRepeat && value > 1)) return undefined;
  return value;
}

/** BitmapAnd and BitmapOr report no rows. */
const uncounted = new Set(["BitmapAnd", "BitmapOr"]);

/** Nodes that read their input to the end before they give the first row. */
function blocks(node: RawNode): boolean {
  const strategy = textAt(node.keys, "Strategy");
  if (node.type === "Aggregate") return strategy !== "Sorted";
  if (node.type === "SetOp") return strategy === "Hashed";
  return node.type === "Sort" || node.type === "Hash" || node.type === "Bitmap Heap Scan";
}

function judge(nodes: readonly RawNode[]): readonly Fairness[] {
  const result: Fairness[] = nodes.map(() => fair);
  for (const node of nodes) {
    const parent = node.parent === undefined ? undefined : nodes[node.parent];
    if (parent)
      result[node.index] = isCte(node) ? fairnessOfCte(node, nodes, result) : below(parent, result[parent.index] ?? fair, node, nodes);
  }
  return result;
}

function below(parent: RawNode, above: Fairness, node: RawNode, nodes: readonly RawNode[]): Fairness {
  if (node.relationship === "SubPlan" || node.relationship === "InitPlan") return lazy;
  if (blocks(parent)) return fair;
  const inner = node.relationship === "Inner";
  if (parent.type === "Limit") return isExhausted(parent) ? above : { ...above, mayStop: true };
  if (parent.type === "Merge Join") return { mayStop: true, mayRepeat: above.mayRepeat || inner };
  const joinType = textAt(parent.keys, "Join Type");
  const stopsAtFirst = joinType === "Semi" || joinType === "Anti" || parent.keys["Inner Unique"] === true;
  if (parent.type === "Nested Loop" && inner && stopsAtFirst) return { ...above, mayStop: true };
  if (parent.type === "Hash Join" && !inner && hashIsEmpty(parent, nodes)) return { ...above, mayStop: true };
  return above;
}

/** An empty hash table ends the join before the other side is read. */
function hashIsEmpty(join: RawNode, nodes: readonly RawNode[]): boolean {
  return join.children.some((child) => nodes[child]?.type === "Hash" && numberAt(nodes[child].keys, "Actual Rows") === 0);
}

/** A LIMIT that gave fewer rows than it planned read its input to the end. */
function isExhausted(limit: RawNode): boolean {
  const planned = numberAt(limit.keys, "Plan Rows");
  const actual = numberAt(limit.keys, "Actual Rows");
  return planned !== undefined && actual !== undefined && actual < planned && (limit.loops ?? 0) === 1;
}

/** A CTE is read as far as its most curious scan wants; whether a scan may stop is known only after the whole tree, so be careful. */
function fairnessOfCte(cte: RawNode, nodes: readonly RawNode[], judged: readonly Fairness[]): Fairness {
  const owner = cte.parent === undefined ? fair : (judged[cte.parent] ?? fair);
  const limited = cte.parent !== undefined && nodes[cte.parent]?.type === "Limit";
  return owner.mayStop || limited ? lazy : fair;
}

/** Partial plans have the rows of one process as estimate. Children come after their parents in the list, so it is walked backwards. */
function findPartial(nodes: readonly RawNode[]): readonly boolean[] {
  const partial = nodes.map((node) => node.keys["Parallel Aware"] === true);
  for (const node of [...nodes].reverse()) {
    const passesOn = node.relationship === "Outer" || node.relationship === "Member";
    const parent = passesOn && node.parent !== undefined ? nodes[node.parent] : undefined;
    if (parent && partial[node.index] && !isGather(parent) && parent.type !== "Aggregate") partial[parent.index] = true;
  }
  return partial;
}

/** get_parallel_divisor: the leader helps with what managing its workers leaves of it. */
function divisor(node: RawNode, nodes: readonly RawNode[]): number {
  let at: RawNode | undefined = node;
  while (at && !isGather(at)) at = at.parent === undefined ? undefined : nodes[at.parent];
  const workers = at ? (numberAt(at.keys, "Workers Planned") ?? 0) : 0;
  return workers + Math.max(1 - 0.3 * workers, 0) || 1;
}
