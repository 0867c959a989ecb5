import type { IndexSuggestion } from "#protocol/advice";
import type { Plan } from "#protocol/plan";
import type { Catalog } from "../../../catalog/catalog.js";
import type { ExplainRequest, Session } from "../../../database/session.js";
import type { Candidate } from "./candidate.js";
import { branchCandidates, candidatesOf, knownAccesses } from "./candidates.js";
import { coveringCandidate } from "./covering.js";
import { provedSuggestion, unprovedSuggestion } from "./suggestion.js";
import { costOf, isUnavailable, suppose, tableOf, type Supposition } from "./whatIf.js";

/** An index must save a tenth of the statement's cost, and more than noise. */
export const leastSaving = 0.1;
export const leastSavedCost = 25;

export interface StatementAdviceRequest {
  readonly session: Session;
  /** As it was explained; `analyze` is ignored. */
  readonly request: ExplainRequest;
  /** The plan without any new index. */
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly signal: AbortSignal;
  readonly calls?: number;
}

export interface StatementAdvice {
  readonly suggestions: readonly IndexSuggestion[];
  /** Why there are none, or none that are proved. */
  readonly notes: readonly string[];
}

/** Indexes for one statement, each proved by the planner where the connection allows it. Throws what the session throws. */
export async function adviseStatement(asked: StatementAdviceRequest): Promise<StatementAdvice> {
  const { plan, catalog, request } = asked;
  if (costOf(plan) < leastSavedCost) return { suggestions: [], notes: [] };
  const candidates = candidatesOf(plan, catalog, { constantsAreFixed: request.parameters.length === 0 && !request.genericPlan });
  const single = await supposeEach(asked, candidates);
  if ("unavailable" in single) return unproved(asked, candidates, single.unavailable);
  const chosen = await grow(asked, single.found);
  return { suggestions: chosen.length > 0 ? chosen : await adviseForOr(asked), notes: [] };
}

async function supposeEach(
  { session, request, catalog, plan, signal }: StatementAdviceRequest,
  candidates: readonly Candidate[],
): Promise<{ found: readonly Supposition[] } | { unavailable: string }> {
  const found: Supposition[] = [];
  let refused: string | undefined;
  for (const candidate of candidates) {
    signal.throwIfAborted();
    const result = await suppose(session, request, [candidate], catalog);
    if (isUnavailable(result)) refused = result.unavailable;
    else if (helps(result, costOf(plan))) found.push(result);
    // Where the first cannot be asked, none can.
    if (refused !== undefined && found.length === 0 && candidate === candidates[0]) return { unavailable: refused };
  }
  return { found: found.sort((a, b) => a.cost - b.cost) };
}

export function helps(result: Supposition, before: number): boolean {
  const saved = before - result.cost;
  return result.usedIndexes.length > 0 && saved >= leastSavedCost && saved >= before * leastSaving;
}

/** Takes the best index, then whichever adds most to those taken, until none adds a tenth. */
async function grow(asked: StatementAdviceRequest, single: readonly Supposition[]): Promise<readonly IndexSuggestion[]> {
  const suggestions: IndexSuggestion[] = [];
  const taken: Candidate[] = [];
  let before = { plan: asked.plan, cost: costOf(asked.plan) };
  let ranked = single;
  while (ranked.length > 0 && taken.length < 3) {
    const [best] = ranked;
    if (!best) break;
    const winner = await refine(asked, narrowest(ranked, best, before.cost), taken, before.cost);
    const candidate = winner.candidates[winner.candidates.length - 1];
    if (!candidate) break;
    const statements = [{ statement: asked.request.sql, before: before.cost, after: winner.cost, calls: asked.calls }];
    const note = taken.length > 0 ? "Cost before is with the suggestions above already in place." : undefined;
    suggestions.push(provedSuggestion({ candidate, before, after: winner, statements, note }, asked.catalog));
    taken.push(candidate);
    before = { plan: winner.plan, cost: winner.cost };
    ranked = await rankOnTop(asked, single, taken, before.cost);
  }
  return suggestions;
}

/**
 * What costs within 3 % of the statement's first cost of the best is as good: then the narrowest wins, because other statements can use it too
 * and it is cheaper to keep. A partial index counts half a column more: fewer statements can use it.
 */
function narrowest(ranked: readonly Supposition[], best: Supposition, before: number): Supposition {
  const width = (supposition: Supposition): number => {
    const candidate = supposition.candidates[supposition.candidates.length - 1];
    return (candidate?.columns.length ?? 0) + (candidate?.include.length ?? 0) + (candidate?.predicate === undefined ? 0 : 0.5);
  };
  const close = ranked.filter(({ cost }) => cost - best.cost <= before * 0.03);
  return close.reduce((a, b) => (width(b) < width(a) ? b : a), best);
}

/** Columns to INCLUDE, where an index-only scan saves another twentieth of the statement's first cost. */
async function refine(
  asked: StatementAdviceRequest,
  winner: Supposition,
  taken: readonly Candidate[],
  before: number,
): Promise<Supposition> {
  const candidate = winner.candidates[winner.candidates.length - 1];
  const table = candidate && tableOf(asked.catalog, candidate);
  const covering = candidate && table && coveringCandidate(candidate, table, knownAccesses(asked.plan, asked.catalog));
  if (!covering) return winner;
  asked.signal.throwIfAborted();
  const result = await suppose(asked.session, asked.request, [...taken, covering], asked.catalog);
  return !isUnavailable(result) && helps(result, before) && winner.cost - result.cost >= before * 0.05 ? result : winner;
}

/** An OR is served by one index for each of its sides, or by none. */
async function adviseForOr(asked: StatementAdviceRequest): Promise<readonly IndexSuggestion[]> {
  for (const sides of branchCandidates(asked.plan, asked.catalog)) {
    asked.signal.throwIfAborted();
    const result = await suppose(asked.session, asked.request, sides, asked.catalog);
    if (isUnavailable(result) || result.usedIndexes.length < sides.length || !helps(result, costOf(asked.plan))) continue;
    const before = { plan: asked.plan, cost: costOf(asked.plan) };
    const statements = [{ statement: asked.request.sql, before: before.cost, after: result.cost, calls: asked.calls }];
    const note = "Both costs are of all sides of the OR together: one index alone does not help.";
    return sides.map((candidate) => provedSuggestion({ candidate, before, after: result, statements, note }, asked.catalog));
  }
  return [];
}

async function rankOnTop(
  { session, request, catalog, signal }: StatementAdviceRequest,
  single: readonly Supposition[],
  taken: readonly Candidate[],
  before: number,
): Promise<readonly Supposition[]> {
  const ranked: Supposition[] = [];
  const tables = new Set(taken.map(({ schema, table }) => `${schema}.${table}`));
  // A second index on the same table would be the loser of the first round: only other tables can add something.
  const others = single.flatMap(({ candidates: [candidate] }) =>
    candidate && !tables.has(`${candidate.schema}.${candidate.table}`) ? [candidate] : [],
  );
  for (const candidate of others.slice(0, 6)) {
    signal.throwIfAborted();
    const result = await suppose(session, request, [...taken, candidate], catalog);
    if (!isUnavailable(result) && result.usedIndexes.length > taken.length && helps(result, before)) ranked.push(result);
  }
  return ranked.sort((a, b) => a.cost - b.cost);
}

/** Without a planner to ask, only what a sequential scan of a large table cries for is worth mentioning. */
function unproved({ plan, catalog }: StatementAdviceRequest, candidates: readonly Candidate[], why: string): StatementAdvice {
  const scanned = knownAccesses(plan, catalog).filter(({ access, table }) => {
    const share = (access.node.totalCost ?? 0) / Math.max(costOf(plan), 1);
    return access.node.type === "Seq Scan" && (table.size?.rows ?? 0) >= 10_000 && share >= 0.3 && access.predicates.length > 0;
  });
  const suggestions = scanned.flatMap(({ table }) => {
    const first = candidates.find((candidate) => candidate.table === table.name && candidate.schema === table.schema);
    return first ? [unprovedSuggestion(first, why, catalog, undefined)] : [];
  });
  const unique = [...new Map(suggestions.map((suggestion) => [suggestion.id, suggestion])).values()];
  return { suggestions: unique, notes: [`Index suggestions are unproved: ${why}`] };
}
