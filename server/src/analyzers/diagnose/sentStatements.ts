import type { SentStatement } from "#protocol/finding";
import { as, columnUses, parseStatements, tablesOf, type SqlStatement } from "../../sql/index.js";
import type { WorkloadStatement } from "../../workload/workload.js";

/** A statement of the workload in the shape that a lazy load has. */
export interface Lookup {
  readonly statement: WorkloadStatement;
  readonly tables: readonly { readonly schema?: string; readonly table: string }[];
  /** Columns that are compared with one value for equality. */
  readonly columns: ReadonlySet<string>;
}

/** Statements that look rows up by one value per column: SELECT … FROM child WHERE fk = $1. A loader's IN list is no such lookup. */
export function lookupsOf(statements: readonly WorkloadStatement[]): readonly Lookup[] {
  return statements.flatMap((statement) => {
    const parsed = parseOne(statement.query);
    const lookup = parsed && lookupOf(parsed);
    return lookup ? [{ statement, ...lookup }] : [];
  });
}

function parseOne(text: string): SqlStatement | undefined {
  const source = { file: "", text, origin: "user", placeholders: ["dollar"], toSource: (offset: number) => offset, scope: "" } as const;
  return parseStatements(source).statements[0];
}

function lookupOf(statement: SqlStatement): Pick<Lookup, "tables" | "columns"> | undefined {
  const select = as(statement.tree, "SelectStmt");
  if (!select?.whereClause) return undefined;
  const uses = columnUses(statement).filter(
    ({ role, operator, against }) => role === "predicate" && operator === "=" && isOneValue(against),
  );
  if (uses.length === 0) return undefined;
  const tables = tablesOf(statement).map(({ schema, name }) => ({ schema, table: name }));
  return { tables, columns: new Set(uses.map(({ column }) => column)) };
}

const isOneValue = (against: string | undefined): boolean => against === "parameter" || against === "constant";

/** The workload's statement with most calls among those that a finding's lazy load would send. */
export function sentBy(sends: readonly SentStatement[], lookups: readonly Lookup[]): Lookup | undefined {
  const matching = lookups.filter((lookup) => sends.some((sent) => matches(sent, lookup)));
  return matching.reduce<Lookup | undefined>(
    (best, lookup) => (best && best.statement.calls >= lookup.statement.calls ? best : lookup),
    undefined,
  );
}

function matches(sent: SentStatement, { tables, columns }: Lookup): boolean {
  const reads = tables.some(
    ({ schema, table }) => table === sent.table && (schema === undefined || sent.schema === undefined || schema === sent.schema),
  );
  return reads && sent.columns.length === columns.size && sent.columns.every((column) => columns.has(column));
}
