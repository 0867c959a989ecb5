import type { PlanComparison } from "#protocol/comparison";
import type { Plan, PlanInsight, PlanNode } from "#protocol/plan";

/** What was read from a text: plans, and what of it could not be read. */
export interface PlansRead {
  readonly plans: readonly Plan[];
  readonly problems: readonly { readonly message: string; readonly line: number; readonly column?: number | undefined }[];
}

/**
 * The contract of `db-optimize plan --format json`, spelled out field by field. Times are ms, buffers blocks of 8 kB; `selfTimeMs` is over all
 * processes, and ÷ `participants` the node's share of the execution time. What a plan does not tell is absent. The first plan's members
 * stand at the top; `morePlans` has those of the others, `problems` what could not be read.
 */
export function planJson({ plans: [first, ...others], problems }: PlansRead): object {
  return {
    ...(first && onePlan(first)),
    ...(others.length > 0 ? { morePlans: others.map(onePlan) } : {}),
    ...(problems.length > 0 ? { problems: problems.map(({ message, line, column }) => ({ message, line, column })) } : {}),
  };
}

/** Both plans and how they differ: `comparison.nodes` is one tree, whose `before` and `after` are ids of nodes. */
export function comparisonJson(before: Plan, after: Plan, comparison: PlanComparison): object {
  return { before: onePlan(before), after: onePlan(after), comparison };
}

function onePlan(plan: Plan): object {
  const { executionTimeMs, planningTimeMs, unattributedMs, timeErrorMs, serializationMs, serialization, jitMs, jit } = plan;
  const { buffers, unattributedBuffers, ioTimes, unattributedIoTimes, ioTimeErrorMs, wal, unattributedWal } = plan;
  const { planningBuffers, planningIoTimes, planningMemory, charges, causes, settings, queryText } = plan;
  return {
    ...{ executionTimeMs, planningTimeMs, unattributedMs, timeErrorMs, serializationMs, serialization, jitMs, jit, queryText },
    triggers: plan.triggers.map(({ name, constraint, relation, timeMs, calls, inside }) => ({
      name,
      constraint,
      relation,
      timeMs,
      calls,
      inside,
    })),
    nodes: plan.nodes.map(oneNode),
    ...{ buffers, unattributedBuffers, ioTimes, unattributedIoTimes, ioTimeErrorMs, wal, unattributedWal },
    ...{ planningBuffers, planningIoTimes, planningMemory, charges, causes },
    insights: plan.insights.map(oneInsight),
    notes: plan.notes ?? [],
    settings: Object.fromEntries(settings.map(({ key, value }) => [key, value])),
  };
}

function oneNode(node: PlanNode): object {
  const { id, parent, type, operation, title, relationship, subplanName, relation, schema, alias, index } = node;
  const { selfTimeMs, processTimeMs, selfWallTimeMs, wallTimeMs, selfErrorMs, timeErrorMs, participants, includedIn } = node;
  const { rows, rowsError, estimatedRows, rowsRatio, loops, neverExecuted, startupCost, totalCost, width } = node;
  const { buffers, selfBuffers, ioTimes, selfIoTimes, wal, selfWal, spill, peakMemoryKb, workers, lines } = node;
  return {
    ...{ id, parent, type, operation, title, relationship, subplanName, relation, schema, alias, index },
    ...{ selfTimeMs, processTimeMs, selfWallTimeMs, wallTimeMs, selfErrorMs, timeErrorMs, participants, includedIn },
    ...{ rows, rowsError, estimatedRows, rowsRatio, loops, neverExecuted, startupCost, totalCost, width },
    ...{ buffers, selfBuffers, ioTimes, selfIoTimes, wal, selfWal, spill, peakMemoryKb, workers, lines },
    notes: node.notes,
    details: Object.fromEntries(node.details.map(({ key, value }) => [key, value])),
  };
}

function oneInsight({ rule, node, severity, message, advice, evidence, sql }: PlanInsight): object {
  return { rule, node, severity, message, advice, evidence, sql };
}
