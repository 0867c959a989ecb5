import type { Plan } from "#protocol/plan";
import { planFromJson } from "../../../../server/src/plan/index.js";

export interface Step {
  readonly "Node Type": string;
  readonly Plans?: readonly Step[];
  readonly [key: string]: unknown;
}

interface Run {
  /** ms, per loop, with what is below. */
  readonly ms?: number;
  readonly rows?: number;
}

/** A node that ran once, as FORMAT JSON shows it. */
export function step(type: string, { ms = 1, rows = 1 }: Run, keys: object = {}, ...children: readonly Step[]): Step {
  return {
    "Node Type": type,
    ...{ "Startup Cost": 0, "Total Cost": ms * 100, "Plan Rows": rows, "Plan Width": 8 },
    ...{ "Actual Startup Time": 0, "Actual Total Time": ms, "Actual Rows": rows, "Actual Loops": 1 },
    ...keys,
    ...(children.length > 0 ? { Plans: children.map((child) => ({ "Parent Relationship": "Outer", ...child })) } : {}),
  };
}

export const scan = (table: string, run: Run, keys: object = {}): Step =>
  step("Seq Scan", run, { "Relation Name": table, Alias: table, ...keys });

export const indexScan = (table: string, index: string, run: Run, keys: object = {}): Step =>
  step("Index Scan", run, { "Relation Name": table, Alias: table, "Index Name": index, ...keys });

/** @throws where it does not read as a plan */
export function plan(root: Step, more: object = { "Planning Time": 0.1, "Execution Time": Number(root["Actual Total Time"]) }): Plan {
  const { plan: read, problem } = planFromJson(JSON.stringify([{ Plan: root, ...more }]));
  if (!read) throw new Error(problem);
  return read;
}

/** Planned only. */
export function estimated(root: Step): Plan {
  const bare = (node: Step): Step => {
    const kept = Object.entries(node).filter(([key]) => !key.startsWith("Actual"));
    return { ...(Object.fromEntries(kept) as unknown as Step), ...(node.Plans ? { Plans: node.Plans.map(bare) } : {}) };
  };
  return plan(bare(root), {});
}
