import type { Plan, PlanNode } from "#protocol/plan";

/** What kind of step a node is, whatever way the planner chose for it. */
export type Step = "scan" | "join" | "sort" | "aggregate" | "append" | "gather" | "modify" | "bitmap" | "helper" | (string & {});

/** A plan's node with what matching asks of it. */
export interface OutlinedNode {
  readonly node: PlanNode;
  readonly index: number;
  readonly parent: number | undefined;
  /** One behind the last node below it, in preorder. */
  readonly end: number;
  readonly step: Step;
  /** What a scan reads: "orders o". Absent for other steps. */
  readonly source: string | undefined;
  /** The relation alone, for aliases that were changed. */
  readonly relation: string | undefined;
  /** Stands for the set of sources at and below the node, whatever their order. */
  readonly sources: string;
  /** Names the subplan that the node heads; without its number, which another plan counts otherwise. */
  readonly role: string;
}

const steps: Record<string, Step> = {
  "Nested Loop": "join",
  "Hash Join": "join",
  "Merge Join": "join",
  Sort: "sort",
  "Incremental Sort": "sort",
  Aggregate: "aggregate",
  Group: "aggregate",
  Append: "append",
  "Merge Append": "append",
  Gather: "gather",
  "Gather Merge": "gather",
  ModifyTable: "modify",
  "Bitmap Index Scan": "bitmap",
  BitmapAnd: "bitmap",
  BitmapOr: "bitmap",
  Hash: "helper",
  Materialize: "helper",
  Memoize: "helper",
};

/** Nodes in preorder, as the plan has them. */
export function outline(plan: Plan): readonly OutlinedNode[] {
  const order = new Map(plan.nodes.map((node, index) => [node.id, index]));
  const parents = plan.nodes.map((node) => (node.parent === undefined ? undefined : order.get(node.parent)));
  const ends = plan.nodes.map((_, index) => index + 1);
  const sums = plan.nodes.map((node) => digestOf(sourceOf(node)));
  // Children stand behind their parents: from the last to the first, everything below a node is done before it.
  for (let index = plan.nodes.length - 1; index > 0; index--) {
    const parent = parents[index];
    if (parent === undefined) continue;
    ends[parent] = Math.max(ends[parent]!, ends[index]!);
    sums[parent] = [(sums[parent]![0] + sums[index]![0]) >>> 0, (sums[parent]![1] + sums[index]![1]) >>> 0];
  }
  return plan.nodes.map((node, index) => ({
    node,
    index,
    parent: parents[index],
    end: ends[index]!,
    step: stepOf(node),
    source: sourceOf(node),
    relation: node.relation,
    sources: sums[index]!.join(),
    role: roleOf(node),
  }));
}

function stepOf(node: PlanNode): Step {
  const known = steps[node.type];
  if (known !== undefined) return known;
  return sourceOf(node) === undefined ? node.type : "scan";
}

/** Bitmap index scans are parts of their heap scan, and what a statement changes is not read by it. */
function sourceOf(node: PlanNode): string | undefined {
  if (steps[node.type] === "bitmap" || node.type === "ModifyTable") return undefined;
  const what = node.relation ?? targetOf(node);
  const name = node.alias ?? what;
  return name === undefined ? undefined : `${what ?? ""} ${name}`;
}

function targetOf(node: PlanNode): string | undefined {
  const key = ["CTE Name", "Function Name", "Table Function Name", "Tuplestore Name"];
  return node.details.find((detail) => key.includes(detail.key))?.value;
}

function roleOf({ relationship, subplanName = "" }: PlanNode): string {
  if (subplanName.startsWith("CTE ")) return subplanName;
  return relationship === "InitPlan" || relationship === "SubPlan" ? relationship : "";
}

/** Two sums of 32 bits that tell sets apart; nothing for a node that reads no source. */
function digestOf(source: string | undefined): [number, number] {
  if (source === undefined) return [0, 0];
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let index = 0; index < source.length; index++) {
    const unit = source.charCodeAt(index);
    first = Math.imul(first ^ unit, 0x01000193) >>> 0;
    second = (Math.imul(second, 31) + unit) >>> 0;
  }
  return [first, second];
}
