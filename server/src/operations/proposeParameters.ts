import { proposeParameters as contract } from "#protocol/operations";
import type { OperationOutput } from "#protocol/operations";
import type { Parameter } from "#protocol/statement";
import type { Catalog, Column, Table } from "../catalog/catalog.js";
import { operation } from "./operation.js";

type Proposal = OperationOutput<"proposeParameters">["proposals"][number];
type Value = Proposal["values"][number];

/** Values that a statement's placeholders may take, from what the server knows of the columns they are compared with. */
export const proposeParameters = operation(contract, async ({ connection, statement }, { connections, signal, progress }) => {
  if (statement.parameters.length === 0) return { proposals: [] };
  progress("Reading column statistics");
  const catalog = await connections.lease(connection, signal, (session) => session.catalog());
  return { proposals: statement.parameters.map((parameter) => proposalFor(parameter, catalog)) };
});

export function proposalFor(parameter: Parameter, catalog: Catalog): Proposal {
  const found = columnOf(parameter, catalog);
  const sqlType = parameter.sqlType ?? found?.column.type;
  return {
    position: parameter.position,
    ...(sqlType ? { sqlType } : {}),
    values: found ? valuesOf(found.table, found.column) : [],
  };
}

function columnOf(parameter: Parameter, catalog: Catalog): { table: Table; column: Column } | undefined {
  const wanted = parameter.column;
  if (!wanted) return undefined;
  const tables = catalog.tables.filter((table) => table.name === wanted.table && (!wanted.schema || table.schema === wanted.schema));
  const table = tables.find((candidate) => candidate.schema === "public") ?? tables[0];
  const column = table?.columns.find((candidate) => candidate.name === wanted.column);
  return table && column ? { table, column } : undefined;
}

/** The most common value, a rare one, and the ends of the histogram: between them lie the plans that the statement can get. */
function valuesOf(table: Table, column: Column): Value[] {
  const statistics = column.statistics;
  if (!statistics) return [];
  const rows = table.size?.rows;
  const estimate = (share: number): { estimatedRows?: number } => (rows === undefined ? {} : { estimatedRows: Math.round(share * rows) });
  const { mostCommon, histogram, nullFraction } = statistics;
  const values: Value[] = [];
  const add = (value: string | null | undefined, label: string, rows: { estimatedRows?: number }): void => {
    if (value !== undefined && !values.some((known) => known.value === value)) values.push({ value, label, ...rows });
  };
  const [first, last] = [mostCommon[0], mostCommon.at(-1)];
  if (first) add(first.value, "most common value", estimate(first.frequency));
  if (last) add(last.value, "least common of the listed values", estimate(last.frequency));
  const rare = shareOfOthers(column, rows);
  add(histogram[Math.floor(histogram.length / 2)], "typical rare value", rare === undefined ? {} : estimate(rare));
  add(histogram[0], "smallest value", rare === undefined ? {} : estimate(rare));
  add(histogram.at(-1), "largest value", rare === undefined ? {} : estimate(rare));
  if (nullFraction > 0) add(null, "NULL", estimate(nullFraction));
  return values;
}

/** The planner's own estimate of an equality with a value outside the list: what is left, shared by the other distinct values. */
function shareOfOthers(column: Column, rows: number | undefined): number | undefined {
  const { distinct, mostCommon, nullFraction } = column.statistics!;
  const values = distinct >= 0 ? distinct : rows === undefined ? undefined : -distinct * rows;
  if (values === undefined) return undefined;
  const left = 1 - nullFraction - mostCommon.reduce((sum, value) => sum + value.frequency, 0);
  const others = values - mostCommon.length;
  return others > 0 ? Math.max(0, left) / others : undefined;
}
