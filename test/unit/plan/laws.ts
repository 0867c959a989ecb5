import { derivationOf, derivationOfRest, evaluate, type Derivation, type DerivedFigure } from "../../../server/src/protocol/derivation.js";
import { figureValue, type CounterGroups } from "../../../server/src/protocol/figureValue.js";
import { figureNames, type Figure, type Plan, type PlanNode } from "../../../server/src/protocol/plan.js";

type Counter = Exclude<Figure, "time">;
const counters = figureNames.filter((figure): figure is Counter => figure !== "time");

export const selfGroups = (node: PlanNode): CounterGroups => ({ buffers: node.selfBuffers, ioTimes: node.selfIoTimes, wal: node.selfWal });
const restGroups = (plan: Plan): CounterGroups => ({
  buffers: plan.unattributedBuffers,
  ioTimes: plan.unattributedIoTimes,
  wal: plan.unattributedWal,
});

export const sum = (values: readonly (number | undefined)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);

const dust = 1e-6;

/** Everything that holds of any executed plan, told where it does not. */
export function violations(plan: Plan): readonly string[] {
  return [
    ...timeViolations(plan),
    ...counters.flatMap((figure) => counterViolations(plan, figure)),
    ...badNumbers(plan),
    ...excuses(plan),
    ...underived(plan),
  ];
}

function timeViolations(plan: Plan): readonly string[] {
  if (plan.executionTimeMs === undefined || plan.unattributedMs === undefined) return [];
  const found: string[] = [];
  const selves = sum(plan.nodes.map((node) => (node.selfTimeMs ?? 0) / (node.participants ?? 1)));
  const attributed = selves + sum(plan.triggers.map(({ timeMs }) => timeMs)) + (plan.serializationMs ?? 0) + plan.unattributedMs;
  if (Math.abs(attributed - plan.executionTimeMs) > dust) found.push(`Σ self and the rest are ${attributed} of ${plan.executionTimeMs} ms`);
  const named = sum(
    (plan.causes ?? [])
      .filter(({ figure, cause, amount }) => figure === "time" && (cause === "gather" || cause === "async") && amount < 0)
      .map(({ amount }) => amount),
  );
  if (plan.unattributedMs < named - (plan.timeErrorMs ?? 0) - dust) found.push(`unattributed ${plan.unattributedMs} ms, named ${named} ms`);
  for (const node of plan.nodes) {
    if (Math.abs((node.selfTimeMs ?? 0) / (node.participants ?? 1) - (node.selfWallTimeMs ?? 0)) > dust) found.push(`${node.id}: wall`);
    if ((node.participants ?? 1) < 1) found.push(`${node.id}: ${node.participants} participants`);
  }
  return found;
}

function counterViolations(plan: Plan, figure: Counter): readonly string[] {
  const total = figureValue(plan, figure);
  if (total === undefined) return [];
  const rest = figureValue(restGroups(plan), figure) ?? NaN;
  const selves = sum(plan.nodes.map((node) => figureValue(selfGroups(node), figure)));
  const afterPlan = sum(
    (plan.causes ?? []).filter((cause) => cause.figure === figure && cause.cause === "after-plan").map(({ amount }) => amount),
  );
  const bound = figure.startsWith("io") ? (plan.ioTimeErrorMs ?? 0) : 0;
  const found: string[] = [];
  if (Math.abs(selves + rest - total) > dust) found.push(`${figure}: Σ self ${selves} + ${rest} is not ${total}`);
  if (Math.abs(rest) > bound + dust) found.push(`${figure}: ${rest} unattributed`);
  const root = plan.nodes[0] && figureValue(plan.nodes[0], figure);
  if (Math.abs((root ?? NaN) + afterPlan - total) > dust)
    found.push(`${figure}: total ${total}, root ${root}, after the plan ${afterPlan}`);
  return found;
}

/** Nothing is negative but what is called unattributed; nothing is NaN. */
function badNumbers(value: unknown, path = "plan"): readonly string[] {
  if (typeof value === "number") {
    const mayBeNegative = path.includes("unattributed") || path.includes(".charges.") || path.includes(".causes.");
    return Number.isFinite(value) && (value >= 0 || mayBeNegative) ? [] : [`${path} is ${value}`];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => badNumbers(member, `${path}.${key}`));
}

/** The plans of a real server leave nothing unexplained. */
function excuses(plan: Plan): readonly string[] {
  return (plan.causes ?? []).filter(({ cause }) => cause === "unexplained").map(({ message }) => message);
}

const derived: readonly DerivedFigure[] = [
  "processTime",
  "wallTime",
  "selfTime",
  "selfWallTime",
  "rows",
  "rowsRatio",
  "participants",
  ...counters,
];

/** The steps of every number, evaluated, give the number that is shown. */
function underived(plan: Plan): readonly string[] {
  const wrong = (name: string, derivation: Derivation | undefined): readonly string[] => {
    if (!derivation || Math.abs(evaluate(derivation.steps) - derivation.value) <= dust * Math.max(1, derivation.value)) return [];
    return [`${name}: the steps give ${evaluate(derivation.steps)}, not ${derivation.value}`];
  };
  return [
    ...plan.nodes.flatMap((node) => derived.flatMap((figure) => wrong(`${node.id} ${figure}`, derivationOf(plan, node, figure)))),
    ...figureNames.flatMap((figure) => wrong(`rest of ${figure}`, derivationOfRest(plan, figure))),
  ];
}
