import { OptimizerError } from "#protocol/failure";
import type { Backend, Value } from "./backend.js";
import type { Passed } from "./guard/guard.js";
import type { ServerFacts } from "./prepareSession.js";
import { setLocal, undoing, useSettingsOf } from "./transaction.js";

export interface ExplainOptions {
  readonly analyze: boolean;
  readonly genericPlan: boolean;
  readonly parameters: readonly (string | null)[];
}

const statementName = "db_optimize_explained";

/** Explains what the guard has passed, inside the guard's transaction. Returns the server's JSON as it came. */
export async function explainPassed(backend: Backend, facts: ServerFacts, passed: Passed, options: ExplainOptions): Promise<string> {
  await useSettingsOf(backend, facts);
  const words = explainWords(options);
  if (!options.genericPlan) return planOf(await backend.query(`EXPLAIN (${words}) ${passed.text}`, options.parameters as Value[]));
  if (options.analyze)
    throw new OptimizerError({
      kind: "usage",
      message: "A generic plan has no values, so it cannot be run with ANALYZE.",
      advice: "Give values for the placeholders, or explain without ANALYZE.",
    });
  return explainPrepared(backend, words, passed);
}

function explainWords({ analyze }: ExplainOptions): string {
  const words = ["FORMAT JSON", "VERBOSE", "SETTINGS", "BUFFERS"];
  return (analyze ? [...words, "ANALYZE", "WAL"] : words).join(", ");
}

/**
 * A generic plan is made for a prepared statement; its values are NULLs that such a plan never looks at. GENERIC_PLAN (16 and later) gives the
 * same plan, but cannot be sent by the extended protocol without values.
 */
async function explainPrepared(backend: Backend, words: string, passed: Passed): Promise<string> {
  await setLocal(backend, [["plan_cache_mode", "force_generic_plan"]]);
  await backend.query(`PREPARE ${statementName} AS ${passed.text}`);
  const values = Array.from({ length: passed.parameters }, () => "NULL").join(", ");
  return undoing(
    backend,
    async () => planOf(await backend.query(`EXPLAIN (${words}) EXECUTE ${statementName}${values ? `(${values})` : ""}`)),
    () => backend.query(`DEALLOCATE ${statementName}`),
  );
}

function planOf(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const plan = rows[0]?.["QUERY PLAN"];
  if (plan === undefined)
    throw new OptimizerError({
      kind: "database",
      message: "The server gave no plan: a rule on the table replaces the statement by nothing.",
      advice: "Explain the statement that the rule puts in its place.",
    });
  return String(plan);
}
