import type { TableFacts } from "#protocol/explained";
import type { Plan } from "#protocol/plan";
import type { Catalog, Index, Table } from "../catalog/catalog.js";

/** What the catalog knows of the tables and indexes that a plan names. */
export function tableFactsOf(plan: Plan, catalog: Catalog): TableFacts[] {
  const relations = new Set(plan.nodes.flatMap(({ schema, relation }) => (relation === undefined ? [] : keysOf(schema, relation))));
  const indexes = new Set(plan.nodes.flatMap(({ index }) => index ?? []));
  return catalog.tables
    .filter((table) => relations.has(`${table.schema}.${table.name}`) || relations.has(`.${table.name}`) || hasIndex(table, indexes))
    .map(factsOf);
}

/** Without VERBOSE a plan names no schema. */
function keysOf(schema: string | undefined, relation: string): string[] {
  return schema === undefined ? [`.${relation}`] : [`${schema}.${relation}`];
}

/** A bitmap index scan names its index alone. */
function hasIndex(table: Table, indexes: ReadonlySet<string>): boolean {
  return table.indexes.some(({ name }) => indexes.has(name));
}

function factsOf({ schema, name, size, activity, indexes }: Table): TableFacts {
  return {
    schema,
    name,
    rows: size?.rows,
    bytes: size?.bytes,
    liveRows: activity?.liveRows,
    deadRows: activity?.deadRows,
    lastAnalyze: activity?.lastAnalyze,
    lastVacuum: activity?.lastVacuum,
    indexes: indexes.map(indexFacts),
  };
}

function indexFacts({ schema, name, definition, bytes, scans, unique, valid }: Index): TableFacts["indexes"][number] {
  return { schema, name, definition, bytes, scans, unique, valid };
}
