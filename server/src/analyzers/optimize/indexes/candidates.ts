import type { Catalog, Table } from "../../../catalog/catalog.js";
import type { Plan } from "#protocol/plan";
import { tableAccesses, type Predicate, type TableAccess } from "../../../plan/index.js";
import { candidateKey, type Candidate, type CandidateColumn } from "./candidate.js";
import { isServed, isTiny } from "./existing.js";
import { partialPredicates } from "./partial.js";
import { columnOf, distinctValues } from "./statistics.js";

const mostColumns = 4;
const mostPerPlan = 16;

export interface CandidateOptions {
  /** True when literals of the plan stand in the statement itself, so that a partial index for them is of use again. */
  readonly constantsAreFixed: boolean;
}

/** An access with its table from the catalog. */
export interface KnownAccess {
  readonly access: TableAccess;
  readonly table: Table;
}

/** The indexes that the plan's scans, joins and sorts could use and that do not exist yet; the most promising first. */
export function candidatesOf(plan: Plan, catalog: Catalog, options: CandidateOptions): readonly Candidate[] {
  const found = knownAccesses(plan, catalog).flatMap((known) => candidatesFor(known, options));
  return [...new Map(found.map((candidate) => [candidateKey(candidate), candidate])).values()].slice(0, mostPerPlan);
}

export function knownAccesses(plan: Plan, catalog: Catalog): readonly KnownAccess[] {
  const byName = new Map(catalog.tables.map((table) => [`${table.schema}.${table.name}`, table]));
  const only = (name: string): Table | undefined => {
    const same = catalog.tables.filter((table) => table.name === name);
    return same.length === 1 ? same[0] : undefined;
  };
  return tableAccesses(plan)
    .flatMap((access) => {
      const table = access.schema === undefined ? only(access.table) : byName.get(`${access.schema}.${access.table}`);
      return table && (table.kind === "table" || table.kind === "materialized") ? [{ access, table }] : [];
    })
    .sort((a, b) => (b.access.node.totalCost ?? 0) - (a.access.node.totalCost ?? 0));
}

function candidatesFor({ access, table }: KnownAccess, options: CandidateOptions): readonly Candidate[] {
  if (isTiny(table)) return [];
  const equal = bySelectivity(columnsWhere(access.predicates, table, isEquality), table);
  const ranges = access.predicates.flatMap((predicate) => rangeColumn(predicate, table));
  const sort = access.sort.every(({ column }) => columnOf(table, column)) ? sortKeys(access) : [];
  const make = (
    equalities: readonly string[],
    rest: readonly CandidateColumn[],
    reason: string,
    predicate?: string,
  ): readonly Candidate[] => {
    const keys = new Set(equalities);
    const columns = [...equalities.map((column) => ({ column })), ...rest.filter(({ column }) => !keys.has(column))].slice(0, mostColumns);
    if (columns.length === 0) return [];
    const identity = { schema: table.schema, table: table.name, include: [], predicate };
    return [{ ...identity, columns, equalities: Math.min(equalities.length, columns.length), reason }];
  };
  const why = (parts: readonly string[], what: string): string => `${what} ${parts.join(", ")} of ${table.name}`;
  const joins = access.joined.filter((column) => columnOf(table, column));
  const all: readonly Candidate[] = [
    ...(sort.length > 0
      ? make(equal, sort, why([...equal, ...sort.map(({ column }) => column)], "The statement filters and sorts by"))
      : []),
    ...ranges.flatMap((range) => make(equal, [range], why([...equal, range.column], "The statement compares"))),
    ...make(equal, [], why(equal, "The statement compares")),
    ...joins.flatMap((join) =>
      make([join, ...equal.filter((column) => column !== join)], [], why([join, ...equal], "The statement joins by")),
    ),
    ...joins.flatMap((join) => make([join], ranges.slice(0, 1), why([join], "The statement joins by"))),
    ...joins.flatMap((join) => make([join], [], why([join], "The statement joins by"))),
    ...partialPredicates(access, table, options.constantsAreFixed).flatMap(({ column, sql }) => {
      const rest = equal.filter((name) => name !== column);
      const tail = sort.length > 0 ? sort : ranges.slice(0, 1);
      return make([...rest, ...(rest.length === 0 ? joins.slice(0, 1) : [])], tail, `Most rows of ${table.name} do not meet ${sql}`, sql);
    }),
    ...(equal.length > 1 ? equal.slice(0, 2).flatMap((column) => make([column], [], why([column], "The statement compares"))) : []),
    ...branchColumns(access.predicates, table).flatMap((column) => make([column], [], why([column], "One side of an OR compares"))),
  ];
  return all.filter((candidate) => !isServed(candidate, table));
}

const isEquality = (predicate: Predicate): boolean =>
  ["equality", "any", "boolean"].includes(predicate.kind) || (predicate.kind === "null" && !predicate.negated);

function columnsWhere(predicates: readonly Predicate[], table: Table, holds: (predicate: Predicate) => boolean): readonly string[] {
  const names = predicates
    .filter(holds)
    .flatMap((predicate) => ("column" in predicate && isComparable(predicate.column, table) ? [predicate.column.column] : []));
  return [...new Set(names)];
}

/** An index on the column serves a cast of it only where the cast changes nothing: varchar to text. */
function isComparable({ column, castTo }: { column: string; castTo?: string }, table: Table): boolean {
  const type = columnOf(table, column)?.type;
  if (type === undefined) return false;
  return castTo === undefined || (castTo === "text" && (type.startsWith("character varying") || type === "text"));
}

function rangeColumn(predicate: Predicate, table: Table): readonly CandidateColumn[] {
  if ((predicate.kind !== "range" && predicate.kind !== "prefix") || !isComparable(predicate.column, table)) return [];
  const { column } = predicate.column;
  return [predicate.kind === "prefix" ? { column, operatorClass: patternClass(table, column) } : { column }];
}

/** LIKE 'abc%' can use a B-tree only in the C collation or with the pattern operators, which is safe in both. */
function patternClass(table: Table, column: string): string {
  return columnOf(table, column)?.type.startsWith("character varying") ? "varchar_pattern_ops" : "text_pattern_ops";
}

function sortKeys(access: TableAccess): readonly CandidateColumn[] {
  const [first] = access.sort;
  const uniform = access.sort.every(({ descending, nulls }) => descending === first?.descending && nulls === undefined);
  // A B-tree is read in both directions.
  if (uniform) return access.sort.map(({ column }) => ({ column }));
  return access.sort.map(({ column, descending, nulls }) => ({ column, descending, ...(nulls === undefined ? {} : { nulls }) }));
}

/** The most telling first; the planner does not care, but other statements can use the prefix. */
function bySelectivity(columns: readonly string[], table: Table): readonly string[] {
  return [...columns].sort((a, b) => (distinctValues(table, b) ?? 0) - (distinctValues(table, a) ?? 0) || (a < b ? -1 : 1));
}

/** A BitmapOr needs an index for each side. */
function branchColumns(predicates: readonly Predicate[], table: Table): readonly string[] {
  const branches = predicates.flatMap((predicate) => (predicate.kind === "or" ? predicate.branches : []));
  return [...new Set(branches.flatMap((branch) => columnsWhere(branch, table, isEquality).slice(0, 1)))];
}
