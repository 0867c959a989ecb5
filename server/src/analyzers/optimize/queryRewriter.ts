import { OptimizerError } from "#protocol/failure";
import type { Finding, Fix } from "#protocol/finding";
import type { Recommendation } from "#protocol/report";
import type { Plan } from "#protocol/plan";
import type { ExplainRequest, Session } from "../../database/session.js";
import { format, planFromJson } from "../../plan/index.js";
import type { Analyzer, AnalyzerContext } from "../analyzer.js";
import { codeChangeId, currentFindings, plural, recommend, recommendationId } from "../support.js";
import { adviseStatement } from "./indexes/adviseStatement.js";
import { costOf } from "./indexes/whatIf.js";

/** Rules about the text of a statement whose fix is another statement with the same result. */
export const rewriteRules: ReadonlySet<string> = new Set([
  "not-in-subquery",
  "function-on-column",
  "offset-pagination",
  "order-by-random",
  "leading-wildcard-like",
]);

/** A rewrite must save this share of the planner's cost to be called an improvement. */
const leastSaving = 0.05;

/** The SQL rules' rewrites, each planned before and after: several classics lose, and those are not advised. */
export const queryRewriter: Analyzer = {
  name: "queryRewriter",
  phase: "optimize",
  needs: ["project"],
  run: async (context) => {
    const findings = (await currentFindings(context)).filter(({ rule, fixes }) => rewriteRules.has(rule) && fixes.some(isEdit));
    const outcomes: Outcome[] = [];
    for (const finding of findings) {
      context.signal.throwIfAborted();
      outcomes.push(await compare(finding, context));
    }
    const recommendations = outcomes.flatMap((outcome) => toRecommendation(outcome) ?? []);
    const declined = outcomes.flatMap(({ finding, costs }) => (costs && !improves(costs) ? finding.id : []));
    return {
      summary: `${plural(recommendations.length, "rewrite")} advised${declined.length > 0 ? `; ${declined.length} left out because the planner's cost does not fall` : ""}.`,
      recommendations,
      declined,
      notes: outcomes.flatMap(({ refused }) => refused ?? []),
    };
  },
};

interface Costs {
  readonly before: number;
  readonly after: number;
  /** The index with which the rewrite has this cost: some only let one be used. */
  readonly index?: string;
}

interface Outcome {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly costs?: Costs;
  readonly refused?: string;
}

const isEdit = (fix: Fix): boolean => fix.applicability !== "displayOnly" && fix.edits.length > 0;
const improves = ({ before, after }: Costs): boolean => after <= before * (1 - leastSaving);

async function compare(finding: Finding, context: AnalyzerContext): Promise<Outcome> {
  const fix = finding.fixes.find(isEdit);
  if (!fix) throw new Error("a finding without an edit");
  const before = await context.statementOf?.(finding);
  const after = await context.statementOf?.(finding, fix);
  if (!context.withSession || before === undefined || after === undefined) return { finding, fix };
  try {
    return { finding, fix, costs: await context.withSession((session) => planBoth(before, after, session, context)) };
  } catch (error) {
    if (error instanceof OptimizerError && ["refused", "database"].includes(error.failure.kind)) {
      return { finding, fix, refused: `${finding.file}:${finding.line}: ${error.message}` };
    }
    throw error;
  }
}

async function planBoth(before: string, after: string, session: Session, context: AnalyzerContext): Promise<Costs> {
  const costs = { before: costOf((await planned(before, session)).plan), after: 0 };
  const { plan, request } = await planned(after, session);
  const alone = { ...costs, after: costOf(plan) };
  if (improves(alone)) return alone;
  const { suggestions } = await adviseStatement({ session, request, plan, catalog: await context.catalog(), signal: context.signal });
  const [best] = suggestions;
  const cost = best?.proof.costAfter;
  if (!best || cost === undefined) return alone;
  // The index must be the rewrite's merit: what the old text could use as well proves nothing for the new one.
  const old = await planned(before, session);
  const same = await adviseStatement({
    session,
    request: old.request,
    plan: old.plan,
    catalog: await context.catalog(),
    signal: context.signal,
  });
  return same.suggestions.some(({ id }) => id === best.id) ? alone : { ...costs, after: cost, index: best.ddl };
}

async function planned(sql: string, session: Session): Promise<{ readonly plan: Plan; readonly request: ExplainRequest }> {
  const request = { sql, analyze: false, parameters: [], genericPlan: true, consent: () => Promise.resolve(false) };
  const { plan, problem } = planFromJson((await session.explain(request)).json);
  if (!plan) throw new OptimizerError({ kind: "database", message: problem });
  return { plan, request };
}

function toRecommendation({ finding, fix, costs }: Outcome): Recommendation | undefined {
  if (costs && !improves(costs)) return undefined;
  const safe = fix.applicability === "safe";
  const proof =
    costs &&
    `Planner's cost ${format.count(costs.before)} → ${format.count(costs.after)} (generic plan)${costs.index === undefined ? "" : ` together with ${costs.index}`}`;
  return recommend({
    // A safe one is a code change like any other, which the code generator proposes too: the same id makes them one.
    id: safe ? codeChangeId(finding) : recommendationId("rewrite", finding.id),
    kind: safe ? "code" : "rewrite",
    title: `${finding.file}:${finding.line}: ${fix.title}`,
    why: finding.message,
    severity: finding.severity,
    evidence: proof === undefined ? finding.evidence : { level: "planner", facts: [...finding.evidence.facts, proof] },
    applicability: fix.applicability,
    edits: fix.edits,
  });
}
