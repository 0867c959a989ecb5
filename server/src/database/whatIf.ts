import { escapeIdentifier } from "pg";
import { explainPassed } from "./explain.js";
import { checkIndexDefinition } from "./guard/indexDefinition.js";
import { passGuard, type GuardContext, type Passed } from "./guard/guard.js";
import { checkParameters } from "./leasedSession.js";
import type { ExplainRequest, IndexDefinition, WhatIfAnswer } from "./session.js";
import { setLocal, undoing, useOwnPath } from "./transaction.js";

type Unavailable = { readonly unavailable: string };

const hypotheticalMethods = new Set(["btree", "hash", "brin", "bloom"]);
/** A real index waits for writers and makes writers wait: not for long. */
const lockTimeout = "1s";

/** Plans as if the indexes existed: with HypoPG, else with real ones in a transaction that is rolled back, where the connection allows it. */
export async function planWithIndexes(
  context: GuardContext,
  request: ExplainRequest,
  indexes: readonly IndexDefinition[],
): Promise<WhatIfAnswer | Unavailable> {
  const { facts, profile } = context;
  const mayCreate = (profile.class === "sample" || profile.class === "disposable") && !facts.replica;
  if (facts.hypopg && indexes.every(({ method }) => hypotheticalMethods.has(method))) return run(context, request, indexes, "hypopg");
  if (mayCreate) return run(context, request, indexes, "rolled-back-index");
  const methods = [...new Set(indexes.map(({ method }) => method))].filter((method) => !hypotheticalMethods.has(method));
  if (facts.replica)
    return { unavailable: "On a replica no index can be tried without HypoPG. Run CREATE EXTENSION hypopg on the primary." };
  return {
    unavailable: facts.hypopg
      ? `HypoPG cannot imagine ${methods.join(", ")} indexes. Mark the connection as disposable to try real ones in a rolled-back transaction.`
      : "The extension hypopg is not installed in this database. Run CREATE EXTENSION hypopg, or mark the connection as disposable to try real indexes in a rolled-back transaction.",
  };
}

function run(
  context: GuardContext,
  request: ExplainRequest,
  indexes: readonly IndexDefinition[],
  method: WhatIfAnswer["method"],
): Promise<WhatIfAnswer | Unavailable> {
  const guarded = {
    sql: request.sql,
    purpose: "plan" as const,
    consent: request.consent,
    ...(method === "rolled-back-index" ? { createsIndexes: true } : {}),
  };
  return passGuard(context, guarded, async (passed) => {
    checkParameters(passed.parameters, request);
    const blocked = method === "hypopg" ? await foreignHypopg(context) : await eventTriggers(context);
    if (blocked) return { unavailable: blocked };
    for (const index of indexes) await checkIndexDefinition(context, index, createIndex(index, undefined));
    return method === "hypopg" ? hypothetical(context, request, passed, indexes) : real(context, request, passed, indexes);
  });
}

/** The words of CREATE INDEX. Names are quoted here; keys and predicate are SQL that `checkIndexDefinition` has parsed and judged. */
export function createIndex(index: IndexDefinition, name: string | undefined): string {
  const include = index.include?.length ? ` INCLUDE (${index.include.map((column) => escapeIdentifier(column)).join(", ")})` : "";
  const where = index.predicate ? ` WHERE ${index.predicate}` : "";
  const table = `${escapeIdentifier(index.schema)}.${escapeIdentifier(index.table)}`;
  return `CREATE INDEX${name ? ` ${escapeIdentifier(name)}` : ""} ON ${table} USING ${escapeIdentifier(index.method)} (${index.keys.join(", ")})${include}${where}`;
}

async function hypothetical(
  context: GuardContext,
  request: ExplainRequest,
  passed: Passed,
  indexes: readonly IndexDefinition[],
): Promise<WhatIfAnswer> {
  const { backend, facts } = context;
  const schema = escapeIdentifier(facts.hypopg?.schema ?? "public");
  const plan = async (): Promise<WhatIfAnswer> => {
    const names: string[] = [];
    let sizeBytes = 0;
    for (const index of indexes) {
      const [created] = await backend.query(`SELECT indexrelid, indexname FROM ${schema}.hypopg_create_index($1)`, [
        createIndex(index, undefined),
      ]);
      names.push(String(created?.indexname));
      const [size] = await backend.query(`SELECT ${schema}.hypopg_relation_size($1::pg_catalog.oid) AS bytes`, [
        String(created?.indexrelid),
      ]);
      sizeBytes += Number(size?.bytes ?? 0);
    }
    const json = await explainPassed(backend, facts, passed, { ...request, analyze: false });
    return { method: "hypopg", json, sizeBytes, names, usedIndexes: used(json, names) };
  };
  // Hypothetical indexes outlive their transaction.
  return undoing(backend, plan, async () => {
    await useOwnPath(backend);
    await backend.query(`SELECT ${schema}.hypopg_reset()`);
  });
}

async function real(
  context: GuardContext,
  request: ExplainRequest,
  passed: Passed,
  indexes: readonly IndexDefinition[],
): Promise<WhatIfAnswer> {
  const { backend, facts } = context;
  await setLocal(backend, [["lock_timeout", lockTimeout]]);
  const names = indexes.map((_, at) => `db_optimize_what_if_${at + 1}`);
  let sizeBytes = 0;
  for (const [at, index] of indexes.entries()) {
    await backend.query(createIndex(index, names[at]));
    const [size] = await backend.query("SELECT pg_relation_size(to_regclass(format('%I.%I', $1::text, $2::text))) AS bytes", [
      index.schema,
      names[at] ?? "",
    ]);
    sizeBytes += Number(size?.bytes ?? 0);
  }
  const json = await explainPassed(backend, facts, passed, { ...request, analyze: false });
  return { method: "rolled-back-index", json, sizeBytes, names, usedIndexes: used(json, names) };
}

function used(json: string, names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        if (key === "Index Name" && typeof inner === "string") found.add(inner);
        else visit(inner);
      }
  };
  visit(JSON.parse(json));
  return names.filter((name) => found.has(name));
}

/** A function of that name which is not HypoPG's own must not be called. */
async function foreignHypopg({ backend, facts }: GuardContext): Promise<string | undefined> {
  const rows = await backend.query(
    `SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = $1::name AND p.proname IN ('hypopg_create_index', 'hypopg_relation_size', 'hypopg_reset') AND p.probin IS DISTINCT FROM '$libdir/hypopg'`,
    [facts.hypopg?.schema ?? ""],
  );
  return rows.length === 0 ? undefined : "The functions hypopg_… of this database are not those of the extension HypoPG.";
}

/** Event triggers would run at CREATE INDEX, and what they do is not known. */
async function eventTriggers({ backend }: GuardContext): Promise<string | undefined> {
  const rows = await backend.query(
    "SELECT evtname FROM pg_event_trigger WHERE evtenabled <> 'D' AND evtevent IN ('ddl_command_start', 'ddl_command_end')",
  );
  if (rows.length === 0) return undefined;
  return `The event trigger ${String(rows[0]?.evtname)} would run at CREATE INDEX. Install HypoPG to try indexes on this database.`;
}
