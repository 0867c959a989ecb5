import type { IndexSuggestion } from "../advice.js";
import type { ConnectionStatus } from "../connection.js";
import type { SqlFragment, TableFacts } from "../explained.js";
import type { ShownPlan } from "../pages.js";
import type { MaskOptions } from "./masker.js";
import { PlanMasker } from "./maskPlan.js";

/**
 * An explain result that can be shown to strangers. Where it was asked, when, and with which values is left out; the statement, the advice and the
 * facts of tables are masked with the plan's own masks.
 */
export function maskExplained(result: ShownPlan, options: MaskOptions): ShownPlan {
  if (!options.names && !options.literals) return result;
  const { sql, suggestions, tables, fragments } = result;
  const masker = new PlanMasker(result.plan, options, sql, JSON.stringify([suggestions, tables ?? []]));
  const plan = masker.plan();
  const statement = maskStatement(masker, sql, fragments ?? []);
  return {
    sql: statement.sql,
    ...(result.connection ? { connection: maskConnection(result.connection) } : {}),
    plan,
    suggestions: suggestions.map((suggestion) => maskSuggestion(masker, suggestion)),
    notes: result.notes.map((note) => masker.sentence(note)),
    fragments: statement.fragments,
    ...(tables ? { tables: tables.map((table) => maskTable(masker, table)) } : {}),
    ...(result.statistics ? { statistics: result.statistics } : {}),
  };
}

function maskConnection({ class: kind, state, serverVersion }: ConnectionStatus): ConnectionStatus {
  const known = serverVersion === undefined ? {} : { serverVersion };
  return { id: "masked", name: "masked", class: kind, target: "", state, ...known };
}

/** Fragments go with the words that they began and ended with. */
function maskStatement({ masker }: PlanMasker, sql: string, fragments: readonly SqlFragment[]): { sql: string; fragments: SqlFragment[] } {
  const pieces = masker.pieces(sql, "statement");
  const starts = new Map<number, number>();
  const ends = new Map<number, number>();
  let [from, to] = [0, 0];
  for (const { original, masked } of pieces) {
    starts.set(from, to);
    from += original.length;
    to += masked.length;
    ends.set(from, to);
  }
  const moved = fragments.flatMap((fragment) => {
    const [start, end] = [starts.get(fragment.start), ends.get(fragment.end)];
    return start === undefined || end === undefined ? [] : [{ ...fragment, start, end }];
  });
  return { sql: pieces.map(({ masked }) => masked).join(""), fragments: moved };
}

function maskSuggestion(plan: PlanMasker, suggestion: IndexSuggestion): IndexSuggestion {
  const { masker } = plan;
  const { method, costBefore, costAfter, note } = suggestion.proof;
  return {
    ...suggestion,
    id: "masked",
    table: masker.text(suggestion.table, "expression"),
    columns: suggestion.columns.map((column) => masker.text(column, "expression")),
    ddl: masker.text(suggestion.ddl, "statement"),
    reason: plan.sentence(suggestion.reason),
    // The plans are texts of their own, full of names.
    proof: { method, costBefore, costAfter, ...(note === undefined ? {} : { note: plan.sentence(note) }) },
    statements: suggestion.statements.map((statement) => ({ ...statement, statement: masker.text(statement.statement, "statement") })),
    evidence: { ...suggestion.evidence, facts: suggestion.evidence.facts.map((fact) => plan.sentence(fact)) },
  };
}

function maskTable({ masker }: PlanMasker, table: TableFacts): TableFacts {
  return {
    ...table,
    schema: masker.name(table.schema, "schema"),
    name: masker.name(table.name, "table"),
    indexes: table.indexes.map((index) => ({
      ...index,
      schema: masker.name(index.schema, "schema"),
      name: masker.name(index.name, "index"),
      definition: masker.text(index.definition, "statement"),
    })),
  };
}
