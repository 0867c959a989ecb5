import { figureValue } from "./figureValue.js";
import type { Charge, Figure, Plan, PlanNode } from "./plan.js";

/**
 * How a number of the plan was computed, step by step, from what the server printed. Wiring: a click on a figure of a node calls
 * `derivationOf(plan, node, figure)`, a click on an unattributed one `derivationOfRest(plan, figure)`; each step is shown with `stepText`, and
 * `step.node` is what a click on the step selects. `evaluate(steps)` gives the number that is shown.
 */
export interface Derivation {
  readonly unit: Unit;
  readonly value: number;
  /** ± of the value, in its unit. */
  readonly error: number;
  readonly steps: readonly Step[];
}

/** Of a node: its times, its rows, their ratio to the estimate, its processes, or its own part of a counter. */
export type DerivedFigure =
  "processTime" | "wallTime" | "selfTime" | "selfWallTime" | "rows" | "rowsRatio" | "participants" | Exclude<Figure, "time">;

export type Unit = "ms" | "rows" | "blocks" | "bytes" | "times" | "";

/** What is done with the result of the steps before: `=` replaces it, `max` makes it at least the operand. */
export interface Step {
  readonly operation: "=" | "+" | "−" | "×" | "÷" | "max";
  readonly operand: number;
  readonly unit: Unit;
  readonly label: string;
  /** The node that the operand belongs to. */
  readonly node?: string;
}

export function evaluate(steps: readonly Step[]): number {
  return steps.reduce((result, { operation, operand }) => apply(result, operation, operand), 0);
}

function apply(result: number, operation: Step["operation"], operand: number): number {
  switch (operation) {
    case "=":
      return operand;
    case "+":
      return result + operand;
    case "−":
      return result - operand;
    case "×":
      return result * operand;
    case "÷":
      return result / operand;
    case "max":
      return Math.max(result, operand);
  }
}

/** `− 4.200 ms  Seq Scan on a`; the first step has no sign. */
export function stepText({ operation, operand, unit, label }: Step, position: number): string {
  const number = unit === "ms" ? operand.toFixed(3) : Number(operand.toFixed(3)).toString();
  const sign = position === 0 && operation === "=" ? "" : operation === "max" ? "at least " : `${operation} `;
  return `${sign}${number}${unit === "" ? "" : ` ${unit}`}  ${label}`;
}

/** Undefined where the plan does not tell the figure. */
export function derivationOf(plan: Plan, node: PlanNode, figure: DerivedFigure): Derivation | undefined {
  switch (figure) {
    case "processTime":
      return timed(node.processTimeMs, node.timeErrorMs, () => processSteps(node));
    case "wallTime":
      return timed(node.wallTimeMs, perProcess(node, node.timeErrorMs), () => [...processSteps(node), shareStep(plan, node)]);
    case "selfTime":
      return timed(node.selfTimeMs, node.selfErrorMs, () => selfTimeSteps(plan, node));
    case "selfWallTime":
      return timed(node.selfWallTimeMs, perProcess(node, node.selfErrorMs), () => [...selfTimeSteps(plan, node), shareStep(plan, node)]);
    case "rows":
      return rowsOf(node);
    case "rowsRatio":
      return ratioOf(node);
    case "participants":
      return participantsOf(plan, node);
    default:
      return counterOf(plan, node, figure);
  }
}

/** What of a figure no node accounts for: of the execution time, or of a counter's total. */
export function derivationOfRest(plan: Plan, figure: Figure): Derivation | undefined {
  return figure === "time" ? unattributedTime(plan) : unattributedCounter(plan, figure);
}

function timed(value: number | undefined, error: number | undefined, steps: () => readonly Step[]): Derivation | undefined {
  return value === undefined ? undefined : { unit: "ms", value, error: error ?? 0, steps: steps() };
}

const perProcess = (node: PlanNode, error = 0): number => error / (node.participants ?? 1);

function processSteps(node: PlanNode): readonly Step[] {
  return [
    { operation: "=", operand: node.totalTimePerLoopMs ?? 0, unit: "ms", label: "Actual Total Time, an average over the loops" },
    { operation: "×", operand: node.loops ?? 0, unit: "", label: "loops of all processes" },
  ];
}

function shareStep(plan: Plan, node: PlanNode): Step {
  return { operation: "÷", operand: node.participants ?? 1, unit: "", label: participantsLabel(plan, node) };
}

function participantsLabel(plan: Plan, node: PlanNode): string {
  const found = workersPlan(plan, node);
  if (!found) return "process: no Gather shares this work";
  return `processes: ${found.child.loops} loops under the ${found.gather.type}, which ran ${found.gather.loops} ${found.gather.loops === 1 ? "time" : "times"}`;
}

function workersPlan(plan: Plan, node: PlanNode): { readonly gather: PlanNode; readonly child: PlanNode } | undefined {
  const gather = nodeById(plan, node.gather);
  const child = gather?.children.map((id) => nodeById(plan, id)).find((candidate) => candidate?.relationship === "Outer");
  return gather && child && { gather, child };
}

function participantsOf(plan: Plan, node: PlanNode): Derivation | undefined {
  if (node.participants === undefined) return undefined;
  const found = workersPlan(plan, node);
  const alone: Step = { operation: "=", operand: 1, unit: "", label: "process: no Gather shares this work" };
  const steps: readonly Step[] = found
    ? [
        { operation: "=", operand: found.child.loops ?? 0, unit: "", label: `loops of ${found.child.title}`, node: found.child.id },
        { operation: "÷", operand: found.gather.loops ?? 1, unit: "", label: `loops of the ${found.gather.type}`, node: found.gather.id },
        { operation: "max", operand: 1, unit: "", label: "process" },
      ]
    : [alone];
  return { unit: "", value: node.participants, error: 0, steps };
}

function selfTimeSteps(plan: Plan, node: PlanNode): readonly Step[] {
  const children = ordinaryChildren(plan, node).map((child): Step => {
    const shared = node.id === child.gather && child.relationship === "Outer" ? (child.participants ?? 1) : 1;
    const label = shared === 1 ? child.title : `${child.title}: ${(child.processTimeMs ?? 0).toFixed(3)} ms ÷ ${shared} processes`;
    return { operation: "−", operand: (child.processTimeMs ?? 0) / shared, unit: "ms", label, node: child.id };
  });
  return [...processSteps(node), ...children, ...chargeSteps(plan, node, "time")];
}

function counterOf(plan: Plan, node: PlanNode, figure: Exclude<Figure, "time">): Derivation | undefined {
  const value = figureValue({ buffers: node.selfBuffers, ioTimes: node.selfIoTimes, wal: node.selfWal }, figure);
  if (value === undefined) return undefined;
  const unit = unitOf(figure);
  const children = ordinaryChildren(plan, node).map((child): Step => ({
    operation: "−",
    operand: figureValue(child, figure) ?? 0,
    unit,
    label: child.title,
    node: child.id,
  }));
  const steps: readonly Step[] = [
    { operation: "=", operand: figureValue(node, figure) ?? 0, unit, label: "of this node and what ran inside it" },
    ...children,
    ...chargeSteps(plan, node, figure),
  ];
  // A rounded total, and one for each value that was taken from it.
  const error = figure.startsWith("io") ? rounding * steps.length : 0;
  return { unit, value, error, steps };
}

const rounding = 0.0005;

/** What runs elsewhere than in its parent says so, and is among the charges. */
function ordinaryChildren(plan: Plan, node: PlanNode): readonly PlanNode[] {
  return node.children.flatMap((id) => nodeById(plan, id) ?? []).filter((child) => child.includedIn === undefined);
}

function chargeSteps(plan: Plan, node: PlanNode, figure: Figure): readonly Step[] {
  return (plan.charges ?? [])
    .filter((charge) => charge.node === node.id && charge.figure === figure)
    .map((charge) => ({
      operation: charge.amount < 0 ? "+" : "−",
      operand: Math.abs(charge.amount),
      unit: unitOf(figure),
      label: chargeLabel(plan, node, charge),
      ...(charge.of === undefined || charge.cause === "trigger" ? {} : { node: charge.of }),
    }));
}

function chargeLabel(plan: Plan, node: PlanNode, { cause, of, amount, figure }: Charge): string {
  const guest = cause === "trigger" ? undefined : nodeById(plan, of);
  const name = guest ? (guest.subplanName ?? guest.title) : "";
  switch (cause) {
    case "guest":
      return `${name}, which was evaluated here`;
    case "cte":
      return `${name}: this scan's share, ${percentOf(amount, guest, figure)} of it`;
    case "shutdown":
      return guest?.id === node.id
        ? "done while only nodes above were running (stopped or started anew)"
        : `${name}: done while only this node was running (stopped or started anew)`;
    case "trigger":
      return `trigger ${plan.triggers[Number(of)]?.name ?? ""}, which ran inside`;
    case "rounding":
      return "below zero by rounding: shown as 0";
    case "gather":
      return "the processes worked while the nodes above did, so it waited less: shown as 0";
    case "async":
      return "the foreign scans overlapped: shown as 0";
  }
}

function percentOf(amount: number, guest: PlanNode | undefined, figure: Figure): string {
  const whole = guest && (figure === "time" ? guest.processTimeMs : figureValue(guest, figure));
  return whole ? `${Number(((amount / whole) * 100).toFixed(1))} %` : "a part";
}

function rowsOf(node: PlanNode): Derivation | undefined {
  if (node.rows === undefined) return undefined;
  const steps: readonly Step[] = [
    { operation: "=", operand: node.rowsPerLoop ?? 0, unit: "rows", label: "Actual Rows, an average over the loops" },
    { operation: "×", operand: node.loops ?? 0, unit: "", label: "loops of all processes" },
  ];
  return { unit: "rows", value: node.rows, error: node.rowsError ?? 0, steps };
}

function ratioOf(node: PlanNode): Derivation | undefined {
  if (node.rowsRatio === undefined) return undefined;
  const steps: Step[] = [{ operation: "=", operand: node.rowsPerLoop ?? 0, unit: "rows", label: "Actual Rows, an average over the loops" }];
  if (node.estimateDivisor !== undefined) {
    steps.push({ operation: "×", operand: node.participants ?? 1, unit: "", label: "processes" });
    const label = "the planner's own divisor for a part of a parallel plan";
    steps.push({ operation: "÷", operand: node.estimateDivisor, unit: "", label });
  }
  steps.push({ operation: "max", operand: 1, unit: "rows", label: "the planner never expects less" });
  steps.push({ operation: "÷", operand: Math.max(node.estimatedRows ?? 1, 1), unit: "rows", label: "expected" });
  if (node.rowsRatio === 1 && evaluate(steps) !== 1) {
    steps.push({ operation: "=", operand: 1, unit: "times", label: "the same within the rounding of Actual Rows" });
  }
  return { unit: "times", value: node.rowsRatio, error: 0, steps };
}

function unattributedTime(plan: Plan): Derivation | undefined {
  if (plan.unattributedMs === undefined || plan.executionTimeMs === undefined) return undefined;
  const selves = plan.nodes.reduce((sum, node) => sum + (node.selfWallTimeMs ?? 0), 0);
  const steps: Step[] = [
    { operation: "=", operand: plan.executionTimeMs, unit: "ms", label: "Execution Time" },
    { operation: "−", operand: selves, unit: "ms", label: `own time of all ${plan.nodes.length} nodes, each ÷ its processes` },
  ];
  for (const { timeMs, constraint, name } of plan.triggers)
    if (timeMs !== undefined) steps.push({ operation: "−", operand: timeMs, unit: "ms", label: `trigger ${constraint ?? name}` });
  if (plan.serializationMs !== undefined) steps.push({ operation: "−", operand: plan.serializationMs, unit: "ms", label: "serialization" });
  return { unit: "ms", value: plan.unattributedMs, error: plan.timeErrorMs ?? 0, steps };
}

function unattributedCounter(plan: Plan, figure: Exclude<Figure, "time">): Derivation | undefined {
  const value = figureValue({ buffers: plan.unattributedBuffers, ioTimes: plan.unattributedIoTimes, wal: plan.unattributedWal }, figure);
  const [root] = plan.nodes;
  if (value === undefined || !root) return undefined;
  const unit = unitOf(figure);
  const after = (plan.causes ?? []).filter((cause) => cause.figure === figure && cause.cause === "after-plan");
  const selves = plan.nodes.reduce(
    (sum, node) => sum + (figureValue({ buffers: node.selfBuffers, ioTimes: node.selfIoTimes, wal: node.selfWal }, figure) ?? 0),
    0,
  );
  const steps: readonly Step[] = [
    { operation: "=", operand: figureValue(root, figure) ?? 0, unit, label: "of the whole plan", node: root.id },
    ...after.map(({ amount, node }): Step => ({
      operation: "+",
      operand: amount,
      unit,
      label: "after the plan had ended",
      ...(node === undefined ? {} : { node }),
    })),
    { operation: "−", operand: selves, unit, label: `own part of all ${plan.nodes.length} nodes` },
  ];
  return { unit, value, error: figure.startsWith("io") ? (plan.ioTimeErrorMs ?? 0) : 0, steps };
}

function unitOf(figure: Figure): Unit {
  if (figure === "time" || figure.startsWith("io")) return "ms";
  if (figure === "walBytes") return "bytes";
  return figure.startsWith("wal") ? "" : "blocks";
}

/** Ids are preorder numbers. */
function nodeById(plan: Plan, id: string | undefined): PlanNode | undefined {
  return id === undefined ? undefined : plan.nodes[Number(id)];
}
