import type { IndexSuggestion } from "#protocol/advice";
import type { Plan } from "#protocol/plan";
import type { Catalog } from "../../../catalog/catalog.js";
import { format, planText } from "../../../plan/index.js";
import { candidateId, createIndexSql, indexName, type Candidate } from "./candidate.js";
import { estimateIndexSize } from "./statistics.js";
import { tableOf, type Supposition } from "./whatIf.js";

export type StatementCost = IndexSuggestion["statements"][number];

export const methodLabels = {
  hypopg: "HypoPG (hypothetical index, planner's cost)",
  "rolled-back-index": "a real index, built and rolled back (planner's cost)",
  none: "unproved",
} as const;

interface Proved {
  readonly candidate: Candidate;
  readonly before: { readonly plan: Plan; readonly cost: number };
  readonly after: Supposition;
  readonly statements: readonly StatementCost[];
  readonly facts?: readonly string[];
  readonly note?: string;
}

export function provedSuggestion({ candidate, before, after, statements, facts = [], note }: Proved, catalog: Catalog): IndexSuggestion {
  const name = nameOf(candidate, catalog);
  const saved = 1 - after.cost / before.cost;
  return {
    ...identity(candidate, name),
    reason: `${candidate.reason}: the planner's cost falls from ${cost(before.cost)} to ${cost(after.cost)} (${format.percent(saved)} less).`,
    proof: {
      method: after.method,
      costBefore: before.cost,
      costAfter: after.cost,
      planBefore: planText(before.plan),
      planAfter: withName(planText(after.plan), after.usedIndexes, name),
      ...(note === undefined ? {} : { note }),
    },
    statements: [...statements],
    sizeBytes: (after.method === "rolled-back-index" ? after.sizeBytes : undefined) ?? estimatedSize(candidate, catalog) ?? after.sizeBytes,
    evidence: { level: "planner", facts: [`Proved with ${methodLabels[after.method]}.`, ...facts] },
  };
}

/** What the plan's conditions ask for where no planner could be asked: shown as unproved everywhere. */
export function unprovedSuggestion(
  candidate: Candidate,
  why: string,
  catalog: Catalog,
  statement: StatementCost | undefined,
): IndexSuggestion {
  return {
    ...identity(candidate, nameOf(candidate, catalog)),
    reason: `${candidate.reason}, and no index of the table serves that. Unproved: the planner has not been asked.`,
    proof: { method: "none", note: why },
    statements: statement ? [statement] : [],
    sizeBytes: estimatedSize(candidate, catalog),
    evidence: { level: "schema", facts: [why] },
  };
}

function identity(candidate: Candidate, name: string) {
  const qualified = candidate.schema === "public" ? candidate.table : `${candidate.schema}.${candidate.table}`;
  return {
    id: candidateId(candidate),
    table: qualified,
    columns: candidate.columns.map(({ column }) => column),
    method: "btree",
    ddl: createIndexSql(candidate, name),
  };
}

/** Index names are unique per schema; tables share their name space. */
export function nameOf(candidate: Candidate, catalog: Catalog): string {
  const tables = catalog.tables.filter((table) => table.schema === candidate.schema);
  return indexName(candidate, new Set(tables.flatMap((table) => [table.name, ...table.indexes.map((index) => index.name)])));
}

function estimatedSize(candidate: Candidate, catalog: Catalog): number | undefined {
  const table = tableOf(catalog, candidate);
  return table && candidate.predicate === undefined ? estimateIndexSize(candidate, table) : undefined;
}

/** HypoPG calls its indexes `<13402>btree_orders_customer_id`: show the name that the index will have. */
function withName(text: string, used: readonly string[], name: string): string {
  return used.reduce((shown, given) => shown.replaceAll(`"${given}"`, name).replaceAll(given, name), text);
}

const cost = (value: number): string => (value >= 100 ? format.count(value) : value.toFixed(2));
