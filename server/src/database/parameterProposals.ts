import type { LocatedStatement } from "#protocol/statement";
import type { ColumnStatistics } from "../catalog/catalog.js";
import type { Session } from "./session.js";

export interface ParameterProposal {
  readonly position: number;
  readonly sqlType?: string;
  readonly values: readonly { readonly value: string; readonly label: string; readonly estimatedRows?: number }[];
}

/** Values for a statement's placeholders from the statistics of the columns that they are compared with; none where there are none. */
export async function parameterProposals(session: Session, statement: Pick<LocatedStatement, "parameters">): Promise<ParameterProposal[]> {
  const proposals: ParameterProposal[] = [];
  for (const parameter of statement.parameters) {
    const facts = parameter.column ? await session.column(parameter.column) : undefined;
    const sqlType = facts?.type ?? parameter.sqlType;
    proposals.push({
      position: parameter.position,
      ...(sqlType === undefined ? {} : { sqlType }),
      values: facts?.statistics ? valuesFrom(facts.statistics, facts.rows) : [],
    });
  }
  return proposals;
}

/** The most common value, the rarest of the common ones, a value of the histogram's middle, and its ends; each once. */
export function valuesFrom(statistics: ColumnStatistics, rows: number | undefined): ParameterProposal["values"] {
  const { mostCommon, histogram } = statistics;
  const found = new Map<string, ParameterProposal["values"][number]>();
  const propose = (value: string | undefined, label: string, share: number | undefined) => {
    if (value === undefined || found.has(value)) return;
    const estimatedRows = share === undefined || rows === undefined ? undefined : Math.max(1, Math.round(share * rows));
    found.set(value, { value, label, ...(estimatedRows === undefined ? {} : { estimatedRows }) });
  };
  const other = shareOfOthers(statistics, rows);
  propose(mostCommon[0]?.value, "most common value", mostCommon[0]?.frequency);
  propose(histogram[Math.floor(histogram.length / 2)], "typical value", other);
  propose(mostCommon.at(-1)?.value, "least of the common values", mostCommon.at(-1)?.frequency);
  propose(histogram[0], "smallest value", other);
  propose(histogram.at(-1), "largest value", other);
  return [...found.values()];
}

/** What the planner takes for `=` with a value that is not among the most common ones. */
function shareOfOthers({ mostCommon, distinct, nullFraction }: ColumnStatistics, rows: number | undefined): number | undefined {
  const count = distinct < 0 ? (rows === undefined ? undefined : -distinct * rows) : distinct;
  if (count === undefined) return undefined;
  const known = mostCommon.reduce((sum, { frequency }) => sum + frequency, 0);
  const others = count - mostCommon.length;
  return others > 0 ? Math.max(0, 1 - known - nullFraction) / others : undefined;
}
