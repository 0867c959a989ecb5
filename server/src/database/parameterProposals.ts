import type { ParameterProposal } from "#protocol/operations";
import type { LocatedStatement, Parameter } from "#protocol/statement";
import type { ColumnFacts, Session } from "./session.js";
import { valuesFrom } from "./proposedValues.js";

/**
 * Values for a statement's placeholders: what the code says, and what the statistics of the columns that they are compared with tell. Reads
 * each column once.
 */
export async function parameterProposals(session: Session, statement: Pick<LocatedStatement, "parameters">): Promise<ParameterProposal[]> {
  const known = new Map<string, ColumnFacts | undefined>();
  const factsOf = async ({ column }: Parameter) => {
    if (!column) return undefined;
    const key = JSON.stringify([column.schema, column.table, column.column]);
    if (!known.has(key)) known.set(key, await session.column(column));
    return known.get(key);
  };
  const proposals: ParameterProposal[] = [];
  for (const parameter of statement.parameters) proposals.push(proposalFor(parameter, await factsOf(parameter)));
  return proposals;
}

export function proposalFor(parameter: Parameter, facts: ColumnFacts | undefined): ParameterProposal {
  const { position, value, many } = parameter;
  const sqlType = typeOf(parameter, facts);
  const note = noteFor(parameter, facts);
  const fromCode = value === undefined ? [] : [{ value, label: "in the code", source: "code" as const }];
  const fromStatistics = facts?.statistics ? valuesFrom(facts.statistics, facts.rows, { comparison: parameter.comparison, many }) : [];
  return {
    position,
    ...(sqlType === undefined ? {} : { sqlType }),
    values: [...fromCode, ...fromStatistics.filter((each) => value === undefined || each.value !== value)],
    ...(note === undefined ? {} : { note }),
  };
}

/** A cast in the text wins: `$1::date` takes a date, whatever it is compared with. */
function typeOf({ sqlType, many }: Parameter, facts: ColumnFacts | undefined): string | undefined {
  if (sqlType !== undefined) return sqlType;
  return many === "array" && facts ? `${facts.type}[]` : facts?.type;
}

function noteFor({ column }: Parameter, facts: ColumnFacts | undefined): string | undefined {
  if (!column || facts?.statistics) return undefined;
  const table = column.schema === undefined ? column.table : `${column.schema}.${column.table}`;
  return facts
    ? `There are no statistics of ${table}.${column.column}: ANALYZE ${table} collects them, and the user must be allowed to read the column.`
    : `The database has no column ${table}.${column.column} on the search path of this connection.`;
}
