import type { Candidate } from "./candidate.js";
import type { PlannedStatement, Question, WorkloadAdviceRequest } from "./adviseWorkload.js";
import { leastSavedCost, leastSaving } from "./adviseStatement.js";
import type { StatementCost } from "./suggestion.js";
import { isUnavailable, suppose } from "./whatIf.js";

/** An index that was taken, with what it does to each statement. */
export interface Selected {
  readonly candidate: Candidate;
  /** The statement that gains most. */
  readonly best: Question;
  readonly statements: readonly StatementCost[];
  readonly slower: readonly StatementCost[];
}

const mostIndexes = 8;
/** An index that saves less than this share of the whole workload's cost is not worth its upkeep. */
const leastBenefit = 0.005;

/**
 * Greedy by benefit (planner cost × calls), counted against the cheapest plan that the indexes already taken give, so that two indexes for
 * the same statement are not both paid for.
 */
export async function selectIndexes(
  planned: readonly PlannedStatement[],
  questions: readonly Question[],
  asked: WorkloadAdviceRequest,
): Promise<readonly Selected[]> {
  const total = planned.reduce((sum, { cost, statement }) => sum + cost * statement.calls, 0);
  const current = new Map(planned.map((item) => [item, item.cost]));
  const chosen: Question[][] = [];
  let rest = groupByIndex(questions);
  while (rest.length > 0 && chosen.length < mostIndexes) {
    const ranked = rest
      .map((group) => ({ group, benefit: benefitOf(group, current) }))
      .sort((a, b) => b.benefit - a.benefit || (keyOf(a.group) < keyOf(b.group) ? -1 : 1));
    const [best] = ranked;
    if (!best || best.benefit <= 0 || best.benefit < total * leastBenefit) break;
    const winner = narrowest(ranked.filter(({ benefit }) => benefit >= best.benefit * 0.97).map(({ group }) => group)) ?? best.group;
    chosen.push(winner);
    for (const { planned: item, answer } of winner)
      if (saves(item, answer.cost, current)) current.set(item, Math.min(current.get(item) ?? Infinity, answer.cost));
    rest = rest.filter((group) => group !== winner);
  }
  const described: Selected[] = [];
  // One after the other: hypothetical indexes live in the session.
  for (const group of chosen) described.push(await describe(group, planned, asked));
  return described;
}

function groupByIndex(questions: readonly Question[]): readonly Question[][] {
  const groups = new Map<string, Question[]>();
  for (const question of questions) groups.set(question.key, [...(groups.get(question.key) ?? []), question]);
  return [...groups.values()];
}

const keyOf = (group: readonly Question[]): string => group[0]?.key ?? "";

function benefitOf(group: readonly Question[], current: ReadonlyMap<PlannedStatement, number>): number {
  return group.reduce((sum, { planned, answer }) => {
    const now = current.get(planned) ?? planned.cost;
    return (
      sum + (answer.usedIndexes.length > 0 && saves(planned, answer.cost, current) ? (now - answer.cost) * planned.statement.calls : 0)
    );
  }, 0);
}

function saves(planned: PlannedStatement, after: number, current: ReadonlyMap<PlannedStatement, number>): boolean {
  const now = current.get(planned) ?? planned.cost;
  return now - after >= leastSavedCost && now - after >= now * leastSaving;
}

function narrowest(groups: readonly Question[][]): Question[] | undefined {
  const width = (group: Question[]): number => group[0]?.answer.candidates[0]?.columns.length ?? 0;
  return groups.reduce<Question[] | undefined>((best, group) => (best && width(best) <= width(group) ? best : group), undefined);
}

/** Plans every statement on the index's table again, its own or not: some may get slower. */
async function describe(group: readonly Question[], planned: readonly PlannedStatement[], asked: WorkloadAdviceRequest): Promise<Selected> {
  const best = group.reduce((a, b) => (gain(b) > gain(a) ? b : a));
  const [candidate] = best.answer.candidates;
  if (!candidate) throw new Error("a supposition without an index");
  const known = new Map(group.map(({ planned: item, answer }) => [item, answer.cost]));
  const costs: StatementCost[] = [];
  for (const item of planned) {
    const reads = item.plan.nodes.some((node) => node.relation === candidate.table);
    if (!reads) continue;
    const after = known.get(item) ?? (await askAgain(item, candidate, asked));
    if (after !== undefined) costs.push({ statement: item.statement.query, before: item.cost, after, calls: item.statement.calls });
  }
  return {
    candidate,
    best,
    statements: costs.filter(({ before, after }) => after < before * (1 - leastSaving)),
    slower: costs.filter(({ before, after }) => after > before * 1.01),
  };
}

const gain = ({ planned, answer }: Question): number => (planned.cost - answer.cost) * planned.statement.calls;

async function askAgain(item: PlannedStatement, candidate: Candidate, asked: WorkloadAdviceRequest): Promise<number | undefined> {
  // Real indexes cost seconds each: without HypoPG only the statements that asked for the index are planned with it.
  if (asked.session.status.hypopg === undefined) return undefined;
  asked.signal.throwIfAborted();
  const answer = await suppose(asked.session, item.request, [candidate], asked.catalog);
  return isUnavailable(answer) ? undefined : answer.cost;
}
