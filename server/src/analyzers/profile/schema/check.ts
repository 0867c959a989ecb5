import type { Recommendation } from "#protocol/report";
import type { Catalog, Table } from "../../../catalog/catalog.js";
import type { NewIndex } from "../../analyzer.js";

export interface SchemaProblem {
  readonly recommendation: Recommendation;
  readonly index?: NewIndex;
}

/** One thing that can be wrong with a table. */
export type SchemaCheck = (table: Table, catalog: Catalog) => readonly SchemaProblem[];

export function displayTable(table: { schema: string; name: string }): string {
  return table.schema === "public" ? table.name : `${table.schema}.${table.name}`;
}
