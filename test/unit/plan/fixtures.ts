import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plan, PlanNode } from "../../../server/src/protocol/plan.js";
import { planFromJson } from "../../../server/src/plan/index.js";

const folder = resolve(import.meta.dirname, "../../fixtures/plans");

/** Names of the recorded plans, `pg15_cte2` and so on. */
export const recorded: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

export function recordedJson(name: string): string {
  return readFileSync(resolve(folder, `${name}.json`), "utf8");
}

export function recordedText(name: string): string {
  return readFileSync(resolve(folder, `${name}.text`), "utf8");
}

export function read(json: unknown): Plan {
  const reading = planFromJson(typeof json === "string" ? json : JSON.stringify(json));
  if (!reading.plan) throw new Error(reading.problem);
  return reading.plan;
}

export const recordedPlan = (name: string): Plan => read(recordedJson(name));

export function nodeOf(plan: Plan, type: string, position = 0): PlanNode {
  const node = plan.nodes.filter((candidate) => candidate.type === type)[position];
  if (!node) throw new Error(`no ${type}`);
  return node;
}

/** A hand-made node: what is not given is as an executed, timed, single-loop node has it. */
export function raw(type: string, keys: Record<string, unknown> = {}, children: readonly Record<string, unknown>[] = []) {
  const actual = { "Actual Startup Time": 0, "Actual Total Time": 1, "Actual Rows": 1, "Actual Loops": 1 };
  const cost = { "Startup Cost": 0, "Total Cost": 100, "Plan Rows": 1, "Plan Width": 8 };
  const plans = children.map((child) => ({ "Parent Relationship": "Outer", ...child }));
  return { "Node Type": type, ...cost, ...actual, ...keys, ...(plans.length > 0 ? { Plans: plans } : {}) };
}

export const document = (plan: Record<string, unknown>, rest: Record<string, unknown> = {}) => [
  { Plan: plan, "Planning Time": 0.1, "Execution Time": Number(plan["Actual Total Time"] ?? 1) + 0.1, Triggers: [], ...rest },
];
