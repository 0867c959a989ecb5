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
  const selected: Selected[] = [];
  let rest = groupByIndex(questions);
  while (rest.length > 0 && selected.length < mostIndexes) {
    const winner = bestGroup(rest, current, total * leastBenefit);
    if (!winner) break;
    const described = await describe(winner, planned, asked);
    for (const [item, cost] of described.costs) if (saves(item, cost, current)) current.set(item, cost);
    selected.push(described.selected);
    rest = rest.filter((group) => group !== winner);
  }
  return selected;
}

/** The index that saves most beside those already taken; among equals (3 %) the narrowest. */
function bestGroup(groups: readonly Question[][], current: ReadonlyMap<PlannedStatement, number>, least: number): Question[] | undefined {
  const ranked = groups.map((group) => ({ group, benefit: benefitOf(group, current) }));
  ranked.sort((a, b) => b.benefit - a.benefit || (keyOf(a.group) < keyOf(b.group) ? -1 : 1));
  const best = ranked[0]?.benefit ?? 0;
  if (best <= 0 || best < least) return undefined;
  return narrowest(ranked.filter(({ benefit }) => benefit >= best * 0.97).map(({ group }) => group));
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

interface Described {
  readonly selected: Selected;
  readonly costs: ReadonlyMap<PlannedStatement, number>;
}

/** Plans every statement on the index's table with it, whether it asked for the index or not: some gain too, some may get slower. */
async function describe(
  group: readonly Question[],
  planned: readonly PlannedStatement[],
  asked: WorkloadAdviceRequest,
): Promise<Described> {
  const best = group.reduce((a, b) => (gain(b) > gain(a) ? b : a));
  const [candidate] = best.answer.candidates;
  if (!candidate) throw new Error("a supposition without an index");
  const costs = new Map(group.map(({ planned: item, answer }) => [item, answer.cost]));
  for (const item of planned) {
    if (costs.has(item) || !item.plan.nodes.some((node) => node.relation === candidate.table)) continue;
    const after = await askAgain(item, candidate, asked);
    if (after !== undefined) costs.set(item, after);
  }
  const listed = [...costs].map(([item, after]): StatementCost => ({
    statement: item.statement.query,
    before: item.cost,
    after,
    calls: item.statement.calls,
  }));
  return {
    costs,
    selected: {
      candidate,
      best,
      statements: listed.filter(({ before, after }) => after < before * (1 - leastSaving)),
      slower: listed.filter(({ before, after }) => after > before * 1.01),
    },
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
