import { samePlan, type LoadPlan } from "../values/plan.js";
import { membersOf, type EntityValue, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";

/** By parameter, what a call has changed in the plans of the rows that it was given: it assigned a relationship, or had it loaded. */
export type PlansLeft = ReadonlyMap<string, LoadPlan>;
export const noPlans: PlansLeft = new Map();

/** The plans at the end of a function's body, where they are others than at its beginning. */
export function plansLeft(child: Evaluator, rows: ReadonlyMap<string, EntityValue>): PlansLeft {
  let left: Map<string, LoadPlan> | undefined;
  for (const [name, before] of rows) {
    const plan = planAfter(child.env.get(name), before);
    if (plan && !samePlan(plan, before.plan)) (left ??= new Map()).set(name, plan);
  }
  return left ?? noPlans;
}

/** Undefined where the name may mean another row by now. Where paths differ, something may have been loaded. */
function planAfter(after: Value | undefined, before: EntityValue): LoadPlan | undefined {
  const rows = after ? membersOf(after) : [];
  if (!rows.every((one) => one.kind === "entity" && one.origin === before.origin)) return undefined;
  const [only] = rows;
  return rows.length === 1 && only?.kind === "entity" ? only.plan : { ...before.plan, uncertain: true };
}

/** The caller's names for the same rows know it too. */
export function takePlans(ev: Evaluator, plans: PlansLeft, rows: ReadonlyMap<string, EntityValue>): void {
  for (const [param, plan] of plans) {
    const given = rows.get(param);
    if (!given) continue;
    for (const [name, value] of ev.env.withPrefix("")) if (value === given) ev.bind(name, { ...given, plan });
  }
}
