import { OptimizerError } from "#protocol/failure";
import type { PlanInsight } from "#protocol/plan";
import type { Recommendation } from "#protocol/report";
import type { SlowQuery } from "#protocol/workload";
import type { Session } from "../../database/session.js";
import type { Catalog } from "../../catalog/catalog.js";
import { format, planFromJson, planInsights } from "../../plan/index.js";
import type { Analyzer, AnalyzerContext } from "../analyzer.js";
import { slowQueriesOf } from "../profile/slowQueries.js";
import { plural, recommend, shortened, slowStatementId } from "../support.js";

const examined = 10;
/** Below this share of all time a statement is not what makes the database slow. */
const leastShare = 0.01;

/** Why the statements that take most time are slow: their generic plans, read. */
export const slowQueryAnalyzer: Analyzer = {
  name: "slowQueryAnalyzer",
  phase: "diagnose",
  needs: ["workload"],
  run: async (context) => {
    const workload = await context.workload?.();
    const slowest = slowQueriesOf(workload?.statements ?? [])
      .filter(({ share }) => share >= leastShare)
      .slice(0, examined);
    const catalog = await context.catalog();
    const results = await context.withSession?.((session) => explainAll(slowest, session, catalog, context));
    const recommendations = (results ?? []).flatMap(({ recommendation }) => recommendation ?? []);
    const refused = (results ?? []).flatMap(({ refused: reason }) => reason ?? []);
    return {
      summary: `${plural(slowest.length - refused.length, "plan")} read, ${plural(recommendations.length, "statement")} with a visible cause.`,
      recommendations,
      notes: refused.length > 0 ? [`${plural(refused.length, "statement")} could not be planned; the first: ${refused[0] ?? ""}`] : [],
    };
  },
};

interface Examined {
  readonly recommendation?: Recommendation;
  readonly refused?: string;
}

async function explainAll(
  queries: readonly SlowQuery[],
  session: Session,
  catalog: Catalog,
  context: AnalyzerContext,
): Promise<readonly Examined[]> {
  const results: Examined[] = [];
  for (const [index, query] of queries.entries()) {
    context.signal.throwIfAborted();
    context.progress(`Reading plan ${index + 1} of ${queries.length}`);
    results.push(await examine(query, session, catalog));
  }
  return results;
}

async function examine(query: SlowQuery, session: Session, catalog: Catalog): Promise<Examined> {
  try {
    const request = { sql: query.query, analyze: false, parameters: [], genericPlan: true, consent: () => Promise.resolve(false) };
    const { json } = await session.explain(request);
    const { plan, problem } = planFromJson(json);
    if (!plan) return { refused: `${shortened(query.query)}: ${problem}` };
    const insights = planInsights(plan, catalog);
    return insights.length === 0 ? {} : { recommendation: describe(query, insights) };
  } catch (error) {
    if (error instanceof OptimizerError && ["refused", "database"].includes(error.failure.kind)) {
      return { refused: `${shortened(query.query)}: ${error.message}` };
    }
    throw error;
  }
}

function describe(query: SlowQuery, insights: readonly PlanInsight[]): Recommendation {
  const { calls, totalTimeMs, share } = query;
  const spent = `${plural(query.calls, "call")}, ${format.milliseconds(query.meanTimeMs)} each, ${format.percent(query.share)} of all time`;
  return recommend({
    id: slowStatementId(query.query),
    kind: "rewrite",
    title: `Slow: ${shortened(query.query)}`,
    why: `${insights.map(({ message, advice }) => `${message} ${advice}`).join(" ")}`,
    severity: query.share >= 0.1 ? "warning" : "info",
    evidence: { level: "workload", facts: [`${spent}.`, "Generic plan: the values are not known."] },
    load: { statements: 1, calls, totalTimeMs, share },
  });
}
