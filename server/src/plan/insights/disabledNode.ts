import type { PlanNode } from "#protocol/plan";
import { enumerate } from "./names.js";
import { evidence, tookSelf } from "./costs.js";
import { detail } from "./details.js";
import { isNegligible, type InsightRule } from "./insight.js";
import type { InsightSubject } from "./subject.js";

/** What a disabled method costs more before PostgreSQL 18 (disable_cost in costsize.c). */
const disableCost = 1e10;

/** A method that a setting forbids was used all the same, because there is no other. */
export const disabledNode: InsightRule = {
  id: "disabled-node",
  docs: {
    summary: "A method that a setting forbids was used because there is no other.",
    whatItMeans:
      "`enable_… = off` does not forbid a method, it makes it the last choice. This node was chosen although it is disabled (`Disabled: true`; before PostgreSQL 18 a cost of 10,000,000,000).",
    whyItCosts: "The other choices of the plan were made under that setting, which is meant for trials.",
    whatToDo: "Reset the setting (look at role and database too: `ALTER ROLE … RESET`), and see what the planner chooses.",
    silentWhen: "A node below is the disabled one, or the node took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/runtime-config-query.html#RUNTIME-CONFIG-QUERY-ENABLE"],
  },
  inspect: (node, subject) => {
    if (!isDisabled(node, subject) || isNegligible(node)) return undefined;
    const off = subject.plan.settings.filter(({ key, value }) => key.startsWith("enable_") && value === "off").map(({ key }) => key);
    return {
      message: `${node.title} was chosen although ${off.length > 0 ? `a setting forbids it (${enumerate(off)} = off)` : "a setting forbids it"}: there is no other way; it ${tookSelf(node, subject)}.`,
      advice: `${off.length > 0 ? `RESET ${off.join(", ")}` : "Reset the enable_… setting"} (it may be set for the role or database), or create the index that another way needs.`,
      share: subject.share(node),
      evidence: evidence(["Disabled by", off.length > 0 ? enumerate(off) : undefined], ["Total cost", node.totalCost?.toFixed(2)]),
      ...(off.length > 0 ? { sql: off.map((name) => `RESET ${name};`).join("\n") } : {}),
    };
  },
};

function isDisabled(node: PlanNode, subject: InsightSubject): boolean {
  const told = detail(node, "Disabled");
  if (told !== undefined) return told === "true";
  const below = subject.children(node).reduce((most, child) => Math.max(most, child.totalCost ?? 0), 0);
  return (node.totalCost ?? 0) >= disableCost && below < disableCost;
}
