import type { Plan } from "#protocol/plan";
import type { Catalog, Table } from "../../../catalog/catalog.js";
import type { ExplainRequest, Session, WhatIfAnswer } from "../../../database/session.js";
import { planFromJson } from "../../../plan/index.js";
import { definition, type Candidate } from "./candidate.js";
import { descentCost } from "./descent.js";

/** A statement planned with indexes that do not exist. */
export interface Supposition {
  readonly candidates: readonly Candidate[];
  readonly method: WhatIfAnswer["method"];
  /** Planner cost of the whole statement; for HypoPG with the descents that it leaves out. */
  readonly cost: number;
  readonly plan: Plan;
  /** Names of the supposed indexes that the plan uses, as the plan has them. */
  readonly usedIndexes: readonly string[];
  readonly sizeBytes?: number;
}

export type SuppositionResult = Supposition | { readonly unavailable: string };

export function isUnavailable(result: SuppositionResult): result is { readonly unavailable: string } {
  return "unavailable" in result;
}

export function tableOf(catalog: Catalog, candidate: Candidate): Table | undefined {
  return catalog.tables.find((table) => table.schema === candidate.schema && table.name === candidate.table);
}

/** Asks the planner. Throws what the session throws (cancelled, statement refused, connection lost). */
export async function suppose(
  session: Session,
  request: ExplainRequest,
  candidates: readonly Candidate[],
  catalog: Catalog,
): Promise<SuppositionResult> {
  const answer = await session.whatIf({ ...request, analyze: false }, candidates.map(definition));
  if ("unavailable" in answer) return answer;
  const { plan, problem } = planFromJson(answer.json);
  if (!plan) return { unavailable: `The plan with the index could not be read: ${problem}` };
  const [only] = candidates;
  const flattered = answer.method === "hypopg" && only && answer.usedIndexes.length > 0;
  const missing = flattered ? descentCost(plan, only, tableOf(catalog, only), answer.usedIndexes) : 0;
  return {
    candidates,
    method: answer.method,
    cost: costOf(plan) + missing,
    plan,
    usedIndexes: answer.usedIndexes,
    sizeBytes: answer.sizeBytes,
  };
}

export function costOf(plan: Plan): number {
  return plan.nodes[0]?.totalCost ?? 0;
}
