import type { IndexSuggestion } from "#protocol/advice";
import type { Plan } from "#protocol/plan";
import { OptimizerError } from "#protocol/failure";
import type { Catalog } from "../../../catalog/catalog.js";
import type { ExplainRequest, Session } from "../../../database/session.js";
import { planFromJson } from "../../../plan/index.js";
import type { WorkloadStatement } from "../../../workload/workload.js";
import { candidateKey, type Candidate } from "./candidate.js";
import { candidatesOf } from "./candidates.js";
import { selectIndexes, type Selected } from "./select.js";
import { leastSavedCost } from "./adviseStatement.js";
import { nameOf, provedSuggestion, unprovedSuggestion } from "./suggestion.js";
import { plural } from "../../support.js";
import { costOf, isUnavailable, suppose, type Supposition } from "./whatIf.js";
import { maintenanceFacts } from "./maintenance.js";

export interface WorkloadAdviceRequest {
  readonly session: Session;
  readonly statements: readonly WorkloadStatement[];
  readonly catalog: Catalog;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  /** Statements that are looked at, by total time. */
  readonly limit?: number;
}

export interface WorkloadAdvice {
  readonly suggestions: readonly IndexSuggestion[];
  /** The suggested ones, in full. */
  readonly indexes: readonly { readonly name: string; readonly candidate: Candidate }[];
  readonly explained: number;
  /** Statements that could not be planned, with the reason. */
  readonly refused: readonly { readonly statement: string; readonly reason: string }[];
  readonly notes: readonly string[];
}

/** One statement of the workload with its generic plan and the indexes it could use. */
export interface PlannedStatement {
  readonly statement: WorkloadStatement;
  readonly request: ExplainRequest;
  readonly plan: Plan;
  readonly cost: number;
  readonly candidates: readonly Candidate[];
}

/** A real index is built for each question where HypoPG is missing: ask less. */
const questionsAllowed = { hypopg: 400, "rolled-back-index": 48 } as const;

/** Indexes for a whole workload: the set that saves most planner cost × calls, with every statement that it touches. */
export async function adviseWorkload(asked: WorkloadAdviceRequest): Promise<WorkloadAdvice> {
  const refused: { statement: string; reason: string }[] = [];
  const planned: PlannedStatement[] = [];
  const busiest = [...asked.statements].sort((a, b) => b.totalTimeMs - a.totalTimeMs).slice(0, asked.limit ?? 30);
  for (const [index, statement] of busiest.entries()) {
    asked.signal.throwIfAborted();
    asked.progress(`Planning statement ${index + 1} of ${busiest.length}`);
    const result = await planStatement(statement, asked);
    if ("reason" in result) refused.push({ statement: statement.query, reason: result.reason });
    else planned.push(result);
  }
  const answer = await askPlanner(planned, asked);
  const base = { explained: planned.length, refused };
  if ("unavailable" in answer) return { ...base, ...unproved(planned, answer.unavailable, asked.catalog) };
  const selected = await selectIndexes(planned, answer.questions, asked);
  const suggestions = selected.map((choice) => suggestion(choice, asked));
  const indexes = selected.map(({ candidate }) => ({ name: nameOf(candidate, asked.catalog), candidate }));
  return {
    ...base,
    suggestions,
    indexes,
    notes: answer.cut ? ["Not every candidate was tried: each one is built for real without HypoPG."] : [],
  };
}

async function planStatement(statement: WorkloadStatement, asked: WorkloadAdviceRequest): Promise<PlannedStatement | { reason: string }> {
  const request: ExplainRequest = {
    sql: statement.query,
    analyze: false,
    parameters: [],
    genericPlan: true,
    // A plain EXPLAIN changes nothing; what would need a person's word is left out of the advice.
    consent: () => Promise.resolve(false),
  };
  try {
    const { json } = await asked.session.explain(request);
    const { plan, problem } = planFromJson(json);
    if (!plan) return { reason: problem };
    const candidates = costOf(plan) < leastSavedCost ? [] : candidatesOf(plan, asked.catalog, { constantsAreFixed: false });
    return { statement, request, plan, cost: costOf(plan), candidates };
  } catch (error) {
    if (error instanceof OptimizerError && (error.failure.kind === "refused" || error.failure.kind === "database"))
      return { reason: error.message };
    throw error;
  }
}

/** A statement, a candidate of its own, and what the planner makes of them. */
export interface Question {
  readonly planned: PlannedStatement;
  readonly answer: Supposition;
  readonly key: string;
}

async function askPlanner(
  planned: readonly PlannedStatement[],
  asked: WorkloadAdviceRequest,
): Promise<{ questions: readonly Question[]; cut: boolean } | { unavailable: string }> {
  const questions: Question[] = [];
  let left: number = questionsAllowed.hypopg;
  let count = 0;
  for (const [round, item] of rounds(planned)) {
    if (left <= 0) return { questions, cut: true };
    asked.signal.throwIfAborted();
    asked.progress(`Asking the planner about indexes (${(count += 1)})`);
    const answer = await suppose(asked.session, item.request, [round], asked.catalog);
    if (isUnavailable(answer)) {
      if (questions.length === 0) return answer;
      continue;
    }
    if (count === 1) left = questionsAllowed[answer.method];
    left -= 1;
    questions.push({ planned: item, answer, key: candidateKey(round) });
  }
  return { questions, cut: false };
}

/** Each statement's best guesses first: where questions are few, every statement gets some. */
function rounds(planned: readonly PlannedStatement[]): readonly (readonly [Candidate, PlannedStatement])[] {
  const most = Math.max(0, ...planned.map(({ candidates }) => candidates.length));
  const result: (readonly [Candidate, PlannedStatement])[] = [];
  for (let position = 0; position < most; position++) {
    for (const item of planned) {
      const candidate = item.candidates[position];
      if (candidate) result.push([candidate, item]);
    }
  }
  return result;
}

function suggestion(
  { candidate, best, statements, slower }: Selected,
  { catalog, statements: workload }: WorkloadAdviceRequest,
): IndexSuggestion {
  const calls = statements.reduce((sum, statement) => sum + (statement.calls ?? 0), 0);
  const facts = [
    `${statements.length === 1 ? "One statement" : `${statements.length} statements`} of the workload, ${plural(calls, "call")}.`,
    ...slower.map(
      ({ statement, before, after }) => `Slower by the planner's cost (${before.toFixed(0)} → ${after.toFixed(0)}): ${statement}`,
    ),
    ...maintenanceFacts(candidate, workload),
  ];
  const before = { plan: best.planned.plan, cost: best.planned.cost };
  return provedSuggestion(
    {
      candidate,
      before,
      after: best.answer,
      statements: [...statements, ...slower],
      facts,
      note: "Generic plan: the parameters' values are not known.",
    },
    catalog,
  );
}

function unproved(
  planned: readonly PlannedStatement[],
  why: string,
  catalog: Catalog,
): Pick<WorkloadAdvice, "suggestions" | "indexes" | "notes"> {
  const firsts = planned.flatMap(({ candidates: [candidate], statement, plan }) => {
    const scansAll = plan.nodes.some((node) => node.type === "Seq Scan" && node.relation === candidate?.table);
    return candidate && scansAll ? [{ candidate, statement }] : [];
  });
  const unique = new Map(firsts.map((first) => [candidateKey(first.candidate), first]));
  return {
    suggestions: [...unique.values()].slice(0, 10).map(({ candidate }) => unprovedSuggestion(candidate, why, catalog, undefined)),
    indexes: [],
    notes: [`Index suggestions are unproved: ${why}`],
  };
}
