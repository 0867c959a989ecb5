import type { Plan } from "#protocol/plan";
import type { Catalog, Table } from "../../../catalog/catalog.js";
import { tableAccesses, type TableAccess } from "../../../plan/index.js";
import { accessColumns, sidesOfOrs, type AccessColumns } from "./accessColumns.js";
import { candidateKey, type Candidate, type CandidateColumn } from "./candidate.js";
import { isServed, isTiny } from "./existing.js";
import { partialPredicates, type PartialPredicate } from "./partial.js";

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
  return unique(largeAccesses(plan, catalog).flatMap((known) => candidatesFor(known, options))).slice(0, mostPerPlan);
}

/** For each OR that no single index can serve: the indexes that it lacks, to be tried together. */
export function branchCandidates(plan: Plan, catalog: Catalog): readonly (readonly Candidate[])[] {
  return largeAccesses(plan, catalog).flatMap(({ access, table }) =>
    sidesOfOrs(access, table).flatMap((sides) => {
      const reason = `An OR compares ${sides.map(({ column }) => column).join(", ")} of ${table.name}`;
      const missing = unique(sides.flatMap((side) => make(table, [], [side], reason))).filter((candidate) => !isServed(candidate, table));
      return missing.length > 0 ? [missing] : [];
    }),
  );
}

/** Scans of tables that the catalog knows, the most expensive first. */
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

const largeAccesses = (plan: Plan, catalog: Catalog): readonly KnownAccess[] =>
  knownAccesses(plan, catalog).filter(({ table }) => !isTiny(table));

const unique = (candidates: readonly Candidate[]): readonly Candidate[] => [
  ...new Map(candidates.map((candidate) => [candidateKey(candidate), candidate])).values(),
];

function candidatesFor({ access, table }: KnownAccess, options: CandidateOptions): readonly Candidate[] {
  const columns = accessColumns(access, table);
  const partials = partialPredicates(access, table, options.constantsAreFixed).flatMap((partial) =>
    partialCandidates(table, columns, partial),
  );
  const all = [...filterCandidates(table, columns), ...joinCandidates(table, columns), ...partials, ...singleCandidates(table, columns)];
  return all.filter((candidate) => !isServed(candidate, table));
}

function filterCandidates(table: Table, { equal, ranges, sort }: AccessColumns): readonly Candidate[] {
  const compares = (names: readonly string[]): string => `The statement compares ${names.join(", ")} of ${table.name}`;
  const sorted = `${equal.length > 0 ? `compares ${equal.join(", ")} and ` : ""}sorts by ${sort.map(({ column }) => column).join(", ")}`;
  return [
    ...(sort.length > 0 ? make(table, equal, sort, `The statement ${sorted} of ${table.name}`) : []),
    ...ranges.flatMap((range) => make(table, equal, [range], compares([...equal, range.column]))),
    ...make(table, equal, [], compares(equal)),
  ];
}

function joinCandidates(table: Table, { equal, ranges, joined }: AccessColumns): readonly Candidate[] {
  return joined.flatMap((join) => {
    const reason = `The statement joins ${table.name} by ${join}`;
    const others = equal.filter((column) => column !== join);
    return [
      ...(others.length > 0 ? make(table, [join, ...others], [], `${reason} and compares ${others.join(", ")}`) : []),
      ...ranges.slice(0, 1).flatMap((range) => make(table, [join], [range], `${reason} and compares ${range.column}`)),
      ...make(table, [join], [], reason),
    ];
  });
}

function partialCandidates(
  table: Table,
  { equal, ranges, sort, joined }: AccessColumns,
  { column, sql }: PartialPredicate,
): readonly Candidate[] {
  const rest = equal.filter((name) => name !== column);
  const keys = rest.length > 0 ? rest : joined.slice(0, 1);
  return make(
    table,
    keys,
    sort.length > 0 ? sort : ranges.slice(0, 1),
    `Few rows of ${table.name} meet ${sql}, which the statement asks for`,
    sql,
  );
}

function singleCandidates(table: Table, { equal }: AccessColumns): readonly Candidate[] {
  if (equal.length < 2) return [];
  return equal.slice(0, 2).flatMap((column) => make(table, [column], [], `The statement compares ${column} of ${table.name}`));
}

/** None where no column is left. */
function make(
  table: Table,
  equalities: readonly string[],
  rest: readonly CandidateColumn[],
  reason: string,
  predicate?: string,
): readonly Candidate[] {
  const keys = new Set(equalities);
  const columns = [...equalities.map((column) => ({ column })), ...rest.filter(({ column }) => !keys.has(column))].slice(0, mostColumns);
  if (columns.length === 0) return [];
  const equal = Math.min(equalities.length, columns.length);
  return [{ schema: table.schema, table: table.name, columns, equalities: equal, include: [], predicate, reason }];
}
