import { describe, expect, it } from "vitest";
import type { Plan } from "../../../../server/src/protocol/plan.js";
import { readPlans } from "../../../../server/src/plan/index.js";
import { recorded, recordedPlan, recordedText } from "../fixtures.js";

/** What two runs of one query have in common. Rows of parallel nodes depend on who took them. */
function shape(plan: Plan): unknown {
  // prettier-ignore
  const conditions = new Set(["Filter", "Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "Join Filter", "Sort Key", "Group Key", "Output",
    "Join Type", "Strategy", "Partial Mode", "Scan Direction", "Operation", "Presorted Key", "Inner Unique", "Workers Planned", "Command"]);
  return plan.nodes.map((node) => ({
    ...{ id: node.id, parent: node.parent, children: node.children, type: node.type, title: node.title },
    ...{ relationship: node.relationship, subplanName: node.subplanName, loops: node.loops, never: node.neverExecuted },
    ...{ relation: node.relation, schema: node.schema, alias: node.alias, index: node.index, buffers: node.buffers !== undefined },
    width: node.width,
    details: node.details.filter(({ key }) => conditions.has(key)).sort((a, b) => (a.key < b.key ? -1 : 1)),
  }));
}

/** Estimates follow the table's size, which changes between two runs that write. */
function expectNear(plan: Plan, expected: Plan): void {
  plan.nodes.forEach((node, index) => {
    const other = expected.nodes[index];
    for (const key of ["startupCost", "totalCost", "estimatedRows"] as const) {
      const [value, wanted] = [node[key] ?? NaN, other?.[key] ?? NaN];
      expect(Math.abs(value - wanted), `${node.title} ${key}`).toBeLessThanOrEqual(wanted * 0.01);
    }
  });
}

describe("TEXT and JSON of a case are the same plan", () => {
  it.each(recorded)("%s", (name) => {
    const { plans, problems } = readPlans(recordedText(name));
    expect(problems).toEqual([]);
    expect(plans).toHaveLength(1);
    expect(shape(plans[0] as Plan)).toEqual(shape(recordedPlan(name)));
    expectNear(plans[0] as Plan, recordedPlan(name));
  });
});
