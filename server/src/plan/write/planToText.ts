import type { Plan, PlanNode, WorkerFigures } from "#protocol/plan";
import { counterLines, jitLines } from "./counters.js";
import { detailLines } from "./details.js";

/**
 * A plan as EXPLAIN (FORMAT TEXT) prints it, line for line. Read again it is the same plan, but for what TEXT leaves out: counters and switches
 * that are zero or off.
 */
export function planToText(plan: Plan): string {
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  const out: string[] = plan.queryText === undefined ? [] : [`Query Text: ${plan.queryText}`];
  const root = plan.nodes.find((node) => node.parent === undefined);
  const decimals = root?.details.some(({ key }) => key === "Disabled") === true;
  // A stack of its own: a plan may be deeper than the language's.
  const waiting: Step[] = root ? [{ node: root, column: 0 }] : [];
  for (let step = waiting.pop(); step; step = waiting.pop()) {
    writeNode(out, step, decimals);
    waiting.push(...childrenOf(step, nodes).reverse());
  }
  out.push(...statementLines(plan));
  return out.join("\n");
}

/** A node and the column at which its arrow, or the root itself, stands. */
interface Step {
  readonly node: PlanNode;
  readonly column: number;
}

function childrenOf({ node, column }: Step, nodes: ReadonlyMap<string, PlanNode>): Step[] {
  const inside = node.parent === undefined ? column + 2 : column + 6;
  return node.children.flatMap((id) => {
    const child = nodes.get(id);
    return child ? [{ node: child, column: child.subplanName === undefined ? inside : inside + 2 }] : [];
  });
}

function writeNode(out: string[], { node, column }: Step, decimals: boolean): void {
  const root = node.parent === undefined;
  if (node.subplanName !== undefined && !root) out.push(" ".repeat(column - 2) + node.subplanName);
  out.push(`${" ".repeat(column)}${root ? "" : "->  "}${node.title}${figuresOf(node, decimals)}`);
  const inside = " ".repeat(root ? column + 2 : column + 6);
  for (const line of propertiesOf(node, decimals)) out.push(inside + line);
}

const fixed = (value: number, digits: number): string => {
  const text = value.toFixed(digits);
  return Number(text) === value && !text.includes("e") ? text : String(value);
};

function figuresOf(node: PlanNode, decimals: boolean): string {
  const { startupCost, totalCost, estimatedRows, width, loops } = node;
  const cost =
    startupCost === undefined || totalCost === undefined
      ? ""
      : `  (cost=${fixed(startupCost, 2)}..${fixed(totalCost, 2)} rows=${estimatedRows ?? 0} width=${width ?? 0})`;
  if (loops === undefined) return cost;
  const start = cost === "" ? "  (" : " (";
  if (node.neverExecuted) return `${cost}${start}never executed)`;
  return `${cost}${start}${actual(node, decimals)})`;
}

function actual(node: PlanNode, decimals: boolean): string {
  const { startupTimePerLoopMs, totalTimePerLoopMs, rowsPerLoop, loops } = node;
  const time = totalTimePerLoopMs === undefined ? "" : `time=${fixed(startupTimePerLoopMs ?? 0, 3)}..${fixed(totalTimePerLoopMs, 3)} `;
  return `actual ${time}rows=${fixed(rowsPerLoop ?? 0, decimals ? 2 : 0)} loops=${loops ?? 0}`;
}

function propertiesOf(node: PlanNode, decimals: boolean): readonly string[] {
  return [
    ...detailLines(node.details, node.loops),
    ...counterLines(node),
    ...(node.workers ?? []).flatMap((worker) => workerLines(worker, decimals)),
  ];
}

function workerLines(worker: WorkerFigures, decimals: boolean): readonly string[] {
  const { number, loops, rows, startupTimeMs, processTimeMs } = worker;
  if (number === undefined) return [];
  const sort =
    worker.sortMethod === undefined
      ? []
      : [
          `Sort Method: ${worker.sortMethod}${worker.sortSpaceType === undefined ? "" : `  ${worker.sortSpaceType}: ${worker.sortSpaceKb ?? 0}kB`}`,
        ];
  const lines = [...sort, ...(worker.jit ? jitLines(worker.jit) : []), ...detailLines(worker.details), ...counterLines(worker)].map(
    (line) => `  ${line}`,
  );
  if (loops === undefined) return lines.map((line) => `Worker ${number}:  ${line.trimStart()}`);
  const time =
    processTimeMs === undefined ? "" : `time=${fixed(startupTimeMs ?? 0, 3)}..${(loops === 0 ? 0 : processTimeMs / loops).toFixed(3)} `;
  const perLoop = rows === undefined || loops === 0 ? 0 : rows / loops;
  return [`Worker ${number}:  actual ${time}rows=${perLoop.toFixed(decimals ? 2 : 0)} loops=${loops}`, ...lines];
}

function statementLines(plan: Plan): readonly string[] {
  const settings = plan.settings.map(({ key, value }) => `${key} = '${value}'`).join(", ");
  return [
    ...(settings === "" ? [] : [`Settings: ${settings}`]),
    ...(plan.details ?? []).map(({ key, value }) => `${key}: ${value}`),
    ...planningLines(plan),
    ...(plan.planningTimeMs === undefined ? [] : [`Planning Time: ${fixed(plan.planningTimeMs, 3)} ms`]),
    ...plan.triggers.map(triggerLine),
    ...(plan.jit ? jitLines(plan.jit) : []),
    ...serializationLines(plan),
    ...(plan.executionTimeMs === undefined ? [] : [`Execution Time: ${fixed(plan.executionTimeMs, 3)} ms`]),
  ];
}

function planningLines({ planningBuffers, planningIoTimes, planningMemory }: Plan): readonly string[] {
  const lines = [...counterLines({ buffers: planningBuffers, ioTimes: planningIoTimes })];
  const { usedKb, allocatedKb } = planningMemory ?? {};
  if (usedKb !== undefined) lines.push(`Memory: used=${usedKb}kB${allocatedKb === undefined ? "" : `  allocated=${allocatedKb}kB`}`);
  return lines.length === 0 ? [] : ["Planning:", ...lines.map((line) => `  ${line}`)];
}

function triggerLine({ name, constraint, relation, timeMs, calls }: Plan["triggers"][number]): string {
  const owner = `${constraint === undefined ? "" : ` for constraint ${constraint}`}${relation === undefined ? "" : ` on ${relation}`}`;
  return `Trigger ${name}${owner}: ${timeMs === undefined ? "" : `time=${fixed(timeMs, 3)} `}calls=${calls}`;
}

function serializationLines({ serialization }: Plan): readonly string[] {
  if (!serialization) return [];
  const { timeMs, volumeKb, format } = serialization;
  const parts = [
    ...(timeMs === undefined ? [] : [`time=${fixed(timeMs, 3)} ms`]),
    ...(volumeKb === undefined ? [] : [`output=${volumeKb}kB`]),
    ...(format === undefined ? [] : [`format=${format}`]),
  ];
  return [`Serialization: ${parts.join("  ")}`, ...counterLines(serialization).map((line) => `  ${line}`)];
}
