import type { z } from "zod";
import type { ConnectionStatus } from "#protocol/connection";
import type { KeptRun, RunStatistics } from "#protocol/history";
import type { explain } from "#protocol/operations";
import type { Plan } from "#protocol/plan";
import { statisticsOf } from "../history/index.js";
import { planShape } from "../plan/index.js";
import type { OperationContext } from "./operation.js";

interface Explained {
  readonly input: z.output<typeof explain.input>;
  /** As it was sent. */
  readonly sql: string;
  readonly key: string | undefined;
  readonly connection: ConnectionStatus;
  readonly plan: Plan;
}

/** Keeps an explain in the history, and says how its time stands among its repeats. What cannot be kept is told in a note: the plan is there. */
export async function keepRun(
  { input, sql, key, connection: { id, name, target }, plan }: Explained,
  { history, now }: OperationContext,
  notes: string[],
): Promise<{ run?: KeptRun; statistics?: RunStatistics }> {
  if (input.keep === 0) return {};
  const run = {
    key: key ?? sql,
    sql: input.sql,
    parameters: input.genericPlan ? [] : input.parameters,
    genericPlan: input.genericPlan,
    connection: { id, name, target },
    time: now().toISOString(),
    analyzed: plan.analyzed,
    executionTimeMs: plan.executionTimeMs,
    cost: plan.nodes[0]?.totalCost,
    shape: planShape(plan),
  };
  try {
    const kept = await history.add(run, plan.source, input.keep);
    if (!kept) return {};
    const statistics = statisticsOf(kept, await history.list(kept.key));
    return { run: kept, ...(statistics ? { statistics } : {}) };
  } catch (error) {
    notes.push(`This plan was not kept: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}
