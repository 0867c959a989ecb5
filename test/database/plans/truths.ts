import type { Plan, PlanNode } from "../../../server/src/protocol/plan.js";
import type { PlanCase } from "./queries.js";
import { deepPages } from "./stage.js";

/** What is known of a statement beyond the laws that hold for all plans: told where the plan says otherwise. */
export function untruths(plan: Plan, planCase: PlanCase): readonly string[] {
  return [...misplacedBlocks(plan, planCase), ...misplacedTriggers(plan, planCase), ...busyIdlers(plan)];
}

const blocksOf = ({ selfBuffers }: PlanNode): number => (selfBuffers?.sharedHit ?? 0) + (selfBuffers?.sharedRead ?? 0);

/** Blocks tell exactly in which node a guest was evaluated: nobody else may own what it read. */
function misplacedBlocks(plan: Plan, { guest }: PlanCase): readonly string[] {
  if (guest === undefined) return [];
  const deep = plan.nodes.filter((node) => blocksOf(node) >= deepPages);
  const wrong = deep.filter((node) => !isBelow(node, plan, guest));
  if (wrong.length === deep.length) return [`nobody in ${guest} has the blocks that it read`];
  return wrong.map((node) => `${node.id} ${node.title} has ${blocksOf(node)} blocks of ${guest}`);
}

function isBelow(node: PlanNode, plan: Plan, wanted: string): boolean {
  for (let at: PlanNode | undefined = node; at; at = at.parent === undefined ? undefined : plan.nodes[Number(at.parent)])
    if (at.subplanName?.startsWith(wanted) === true || at.title.includes(wanted)) return true;
  return false;
}

function misplacedTriggers(plan: Plan, { inside }: PlanCase): readonly string[] {
  if (plan.unattributedMs === undefined) return [];
  const found = plan.triggers.filter((trigger) => trigger.inside !== undefined).map(({ name }) => name);
  return found.join() === (inside ?? []).join() ? [] : [`triggers inside: ${found.join()}`];
}

/** These read no table: more than a look into the catalog, which each worker has to take for itself, is somebody else's. */
const idle = new Set([
  "Nested Loop",
  "Hash Join",
  "Merge Join",
  "Hash",
  "Materialize",
  "Memoize",
  "Limit",
  "Append",
  "CTE Scan",
  "Unique",
  "Gather",
]);
const catalogBlocks = 100;

function busyIdlers(plan: Plan): readonly string[] {
  return plan.nodes
    .filter((node) => idle.has(node.type) && blocksOf(node) > catalogBlocks * (node.participants ?? 1))
    .map((node) => `${node.id} ${node.title} has ${blocksOf(node)} blocks of its own`);
}
