import type { Buffers, IoTimes, Plan, PlanNode, Wal, WorkerFigures } from "./plan.js";

/** A plan as text, with the lines of each node as `PlanNode.lines` counts them. */
export interface WrittenPlan {
  readonly text: string;
  readonly lines: ReadonlyMap<string, NonNullable<PlanNode["lines"]>>;
}

/**
 * A plan in the form of EXPLAIN (FORMAT JSON), for plans that came as text and for those whose names were replaced. Every number is the
 * model's; what the model has only as text goes out as text.
 */
export function planJson(plan: Plan): WrittenPlan {
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  const lines = new Map<string, NonNullable<PlanNode["lines"]>>();
  const out: string[] = ["[", "  {"];
  const root = plan.nodes.find((node) => node.parent === undefined);
  const rest = entriesOf(documentOf(plan));
  if (root) writeTree(out, lines, root, nodes, rest.length > 0);
  out.push(...rest.map((entry, index) => `    ${entry}${index < rest.length - 1 ? "," : ""}`));
  out.push("  }", "]");
  return { text: out.join("\n"), lines };
}

type Value = string | number | boolean | undefined | readonly unknown[] | object;

function entriesOf(object: Readonly<Record<string, Value>>): string[] {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
}

type Step = { readonly node: PlanNode; readonly depth: number; readonly last: boolean } | { readonly close: readonly string[] };

/** A loop with a stack of its own: a plan may be deeper than the language's. */
function writeTree(
  out: string[],
  lines: Map<string, NonNullable<PlanNode["lines"]>>,
  root: PlanNode,
  nodes: ReadonlyMap<string, PlanNode>,
  more: boolean,
): void {
  const steps: Step[] = [{ node: root, depth: 0, last: !more }];
  for (let step = steps.pop(); step; step = steps.pop()) {
    if ("close" in step) {
      out.push(...step.close);
      continue;
    }
    const { node, depth, last } = step;
    const indent = " ".repeat(4 + depth * 4);
    const first = out.length + 1;
    out.push(`${indent}${depth === 0 ? '"Plan": ' : ""}{`);
    const children = node.children.flatMap((id) => nodes.get(id) ?? []);
    const entries = entriesOf(keysOf(node));
    entries.forEach((entry, index) => out.push(`${indent}  ${entry}${index < entries.length - 1 || children.length > 0 ? "," : ""}`));
    lines.set(node.id, { first, last: out.length });
    if (children.length > 0) out.push(`${indent}  "Plans": [`);
    steps.push({ close: [...(children.length > 0 ? [`${indent}  ]`] : []), `${indent}}${last ? "" : ","}`] });
    for (let i = children.length - 1; i >= 0; i--)
      steps.push({ node: children[i] as PlanNode, depth: depth + 1, last: i === children.length - 1 });
  }
}

const blockNames: readonly (readonly [keyof Buffers, string])[] = [
  ["sharedHit", "Shared Hit Blocks"],
  ["sharedRead", "Shared Read Blocks"],
  ["sharedDirtied", "Shared Dirtied Blocks"],
  ["sharedWritten", "Shared Written Blocks"],
  ["localHit", "Local Hit Blocks"],
  ["localRead", "Local Read Blocks"],
  ["localDirtied", "Local Dirtied Blocks"],
  ["localWritten", "Local Written Blocks"],
  ["tempRead", "Temp Read Blocks"],
  ["tempWritten", "Temp Written Blocks"],
];

function keysOf(node: PlanNode): Record<string, Value> {
  const { loops } = node;
  const perLoop = (value: number | undefined, digits: number) =>
    value === undefined || loops === undefined ? undefined : loops === 0 ? 0 : Number((value / loops).toFixed(digits));
  return {
    "Node Type": node.type,
    "Parent Relationship": node.relationship,
    "Subplan Name": node.subplanName,
    "Relation Name": node.relation,
    Schema: node.schema,
    Alias: node.alias,
    "Index Name": node.index,
    "Startup Cost": node.startupCost,
    "Total Cost": node.totalCost,
    "Plan Rows": node.estimatedRows,
    "Plan Width": node.width,
    "Actual Total Time": perLoop(node.processTimeMs, 3),
    "Actual Rows": perLoop(node.rows, 2),
    "Actual Loops": loops,
    ...Object.fromEntries(node.details.map(({ key, value }) => [key, detailValue(key, value)])),
    ...blocksOf(node.buffers),
    ...ioOf(node.ioTimes),
    ...walOf(node.wal),
    Workers: node.workers?.filter(({ number }) => number !== undefined).map(workerOf),
  };
}

function workerOf(worker: WorkerFigures): Record<string, Value> {
  const { loops = 0 } = worker;
  const perLoop = (value: number | undefined, digits: number) =>
    value === undefined ? undefined : loops === 0 ? 0 : Number((value / loops).toFixed(digits));
  return {
    "Worker Number": worker.number,
    "Actual Startup Time": worker.startupTimeMs,
    "Actual Total Time": perLoop(worker.processTimeMs, 3),
    "Actual Rows": perLoop(worker.rows, 2),
    "Actual Loops": worker.loops,
    "Sort Method": worker.sortMethod,
    "Sort Space Used": worker.sortSpaceKb,
    "Sort Space Type": worker.sortSpaceType,
    ...Object.fromEntries(worker.details.map(({ key, value }) => [key, detailValue(key, value)])),
    ...blocksOf(worker.buffers),
    ...ioOf(worker.ioTimes),
    ...walOf(worker.wal),
  };
}

/** Local blocks are counted apart from 17 on, which is how the keys tell the versions apart. */
function ioOf(times: IoTimes | undefined): Record<string, Value> {
  if (!times) return {};
  const shared = times.localRead === undefined ? "" : "Shared ";
  return {
    [`${shared}I/O Read Time`]: times.sharedRead,
    [`${shared}I/O Write Time`]: times.sharedWrite,
    "Local I/O Read Time": times.localRead,
    "Local I/O Write Time": times.localWrite,
    "Temp I/O Read Time": times.tempRead,
    "Temp I/O Write Time": times.tempWrite,
  };
}

function walOf(wal: Wal | undefined): Record<string, Value> {
  if (!wal) return {};
  return { "WAL Records": wal.records, "WAL FPI": wal.fpi, "WAL Bytes": wal.bytes, "WAL Buffers Full": wal.buffersFull };
}

function blocksOf(buffers: Buffers | undefined): Record<string, Value> {
  return buffers ? Object.fromEntries(blockNames.map(([counter, name]) => [name, buffers[counter]])) : {};
}

const lists = new Set(["Output", "Sort Key", "Presorted Key", "Group Key"]);

/** Details are kept as text: numbers, truth values and objects become again what they were. */
function detailValue(key: string, value: string): Value {
  if (lists.has(key)) return [value];
  if (value === "true" || value === "false") return value === "true";
  if (value !== "" && String(Number(value)) === value) return Number(value);
  if (!value.startsWith("{") && !value.startsWith("[")) return value;
  try {
    return JSON.parse(value) as object;
  } catch {
    // An expression that begins with a bracket.
    return value;
  }
}

function documentOf(plan: Plan): Record<string, Value> {
  return {
    Planning: plan.planningBuffers && blocksOf(plan.planningBuffers),
    "Planning Time": plan.planningTimeMs,
    Settings: plan.settings.length > 0 ? Object.fromEntries(plan.settings.map(({ key, value }) => [key, value])) : undefined,
    Triggers: plan.analyzed
      ? plan.triggers.map(({ name, constraint, relation, timeMs, calls }) => ({
          "Trigger Name": name,
          "Constraint Name": constraint,
          Relation: relation,
          Time: timeMs,
          Calls: calls,
        }))
      : undefined,
    Serialization: plan.serializationMs === undefined ? undefined : { Time: plan.serializationMs },
    JIT: plan.jitMs === undefined ? undefined : { Timing: { Total: plan.jitMs } },
    "Execution Time": plan.executionTimeMs,
  };
}
