import { OptimizerError } from "#protocol/failure";
import type { IndexSuggestion } from "#protocol/advice";
import { explain as contract } from "#protocol/operations";
import type { Plan } from "#protocol/plan";
import { adviseStatement } from "../analyzers/index.js";
import type { Catalog } from "../catalog/catalog.js";
import type { ExplainRequest, Session } from "../database/session.js";
import { fragmentsOf, planFromJson, planInsights, tableFactsOf, type ServerFacts } from "../plan/index.js";
import { statementKey, type ColumnsOf } from "../sql/index.js";
import { explainTrusting } from "./explainTrusting.js";
import { keepRun } from "./keepRun.js";
import { listsAsArrays, writeOutLists } from "./lists.js";
import { operation, type OperationContext } from "./operation.js";

/** The plan of one statement, what is wrong with it, and indexes that the planner says would help. One lease for all of it. */
export const explain = operation(contract, async (input, context) => {
  const { connections, signal, progress } = context;
  const { analyze, genericPlan, lists } = input;
  const written = genericPlan
    ? { sql: listsAsArrays(input.sql, lists), parameters: [] }
    : writeOutLists(input.sql, input.parameters, lists);
  const request: ExplainRequest = { ...written, analyze, genericPlan, consent: context.consent };
  return connections.lease(input.connection, signal, async (session) => {
    progress(input.analyze ? "Running the statement" : "Asking the planner");
    const answer = await explainTrusting(session, request, context);
    const reading = planFromJson(answer.json);
    if (!reading.plan) {
      throw new OptimizerError({
        kind: "database",
        message: `The server's answer is no plan: ${reading.problem}`,
        advice: "Report it with the server's version.",
      });
    }
    const notes = [...answer.notes, ...(genericPlan && lists.length > 0 ? [listsNote] : [])];
    const catalog = await readCatalog(session, context, notes);
    const server = await readServer(session, context, notes);
    const plan: Plan = { ...reading.plan, insights: [...planInsights(reading.plan, catalog, server)] };
    const suggestions = input.suggestIndexes && catalog ? await suggest({ session, request, plan, catalog }, context, notes) : [];
    const key = keyOf(input.sql);
    const kept = await keepRun({ input, sql: request.sql, key, connection: session.status, plan }, context, notes);
    return {
      sql: request.sql,
      connection: session.status,
      plan,
      suggestions: [...suggestions],
      notes,
      fragments: fragmentsOf(request.sql, plan, catalog && columnsIn(catalog)),
      ...(catalog ? { tables: tableFactsOf(plan, catalog) } : {}),
      ...(key === undefined ? {} : { key }),
      ...kept,
    };
  });
});

const listsNote =
  "How long an IN list will be is not known without values: it was planned as = ANY of an array, for which the planner assumes ten elements.";

/** A plan without advice is worth more than no answer: what only the advice needs may fail with a word. */
async function readCatalog(session: Session, { signal, progress }: OperationContext, notes: string[]): Promise<Catalog | undefined> {
  try {
    progress("Reading the catalog");
    return await session.catalog();
  } catch (error) {
    return leftOut(error, signal, "Tables and indexes were not read", notes);
  }
}

/** What bounds the memory that an insight may advise. How much the machine has, the server does not tell. */
async function readServer(session: Session, { signal }: OperationContext, notes: string[]): Promise<ServerFacts | undefined> {
  try {
    const settings = await session.settings();
    const numberOf = (name: string): number | undefined => {
      const value = Number(settings.get(name)?.value);
      return Number.isFinite(value) && value > 0 ? value : undefined;
    };
    return { maxConnections: numberOf("max_connections"), hashMemMultiplier: numberOf("hash_mem_multiplier") };
  } catch (error) {
    return leftOut(error, signal, "The server's settings were not read", notes);
  }
}

interface Explained {
  readonly session: Session;
  readonly request: ExplainRequest;
  readonly plan: Plan;
  readonly catalog: Catalog;
}

async function suggest(explained: Explained, { signal, progress }: OperationContext, notes: string[]): Promise<readonly IndexSuggestion[]> {
  try {
    progress("Trying indexes");
    const advice = await adviseStatement({ ...explained, request: { ...explained.request, analyze: false }, signal });
    notes.push(...advice.notes);
    return advice.suggestions;
  } catch (error) {
    return leftOut(error, signal, "Indexes were not suggested", notes) ?? [];
  }
}

function leftOut(error: unknown, signal: AbortSignal, what: string, notes: string[]): undefined {
  const canGoOn = error instanceof OptimizerError && ["refused", "database"].includes(error.failure.kind);
  if (signal.aborted || !canGoOn) throw error;
  notes.push(`${what}: ${error.message}`);
  return undefined;
}

/** A name without its schema is known only where one table alone has it: which of several is meant, the search path would say. */
function columnsIn(catalog: Catalog): ColumnsOf {
  return ({ schema, name }) => {
    const found = catalog.tables.filter((table) => table.name === name && (schema === undefined || table.schema === schema));
    return found.length === 1 ? new Set(found[0]?.columns.map((column) => column.name)) : undefined;
  };
}

/** What has been planned parses; a statement of an unknown dialect has no key, and needs none. */
function keyOf(sql: string): string | undefined {
  try {
    return statementKey(sql);
  } catch {
    return undefined;
  }
}
