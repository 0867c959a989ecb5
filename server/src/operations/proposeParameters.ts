import { proposeParameters as contract, type ParameterProposal } from "#protocol/operations";
import type { LocatedStatement } from "#protocol/statement";
import { parameterProposals, type RunningStatements, type Session } from "../database/index.js";
import { statementKey, SyntaxProblem, valuesIn } from "../sql/index.js";
import { operation } from "./operation.js";

/** Values that a statement's placeholders may take, from the code, from what the server knows of the columns, and from what runs now. */
export const proposeParameters = operation(contract, async ({ connection, statement, running }, { connections, signal, progress }) => {
  if (statement.parameters.length === 0) return { proposals: [] };
  return connections.lease(connection, signal, async (session) => {
    progress("Reading column statistics");
    const proposals = await parameterProposals(session, statement);
    return running ? withRunning(statement, proposals, session, progress) : { proposals };
  });
});

/** Adds the values with which other sessions run the very same statement. */
async function withRunning(
  statement: LocatedStatement,
  proposals: readonly ParameterProposal[],
  session: Session,
  progress: (message: string) => void,
): Promise<{ proposals: ParameterProposal[]; running: string }> {
  progress("Reading running statements");
  const running = await session.running();
  const all = running.texts.flatMap((text) => valuesOf(statement, text) ?? []);
  const withValues = proposals.map((proposal): ParameterProposal => {
    const values = [...new Set(all.flatMap((values) => (values.has(proposal.position) ? [values.get(proposal.position)!] : [])))];
    return {
      ...proposal,
      values: [...values.map((value) => ({ value, label: "runs now", source: "running" as const })), ...proposal.values],
    };
  });
  return { proposals: withValues, running: outcome(running, all.length) };
}

function valuesOf(statement: LocatedStatement, text: string): ReturnType<typeof valuesIn> {
  const key = keyOf(text);
  if (key === undefined || key !== (statement.key ?? keyOf(statement.sql))) return undefined;
  return valuesIn(statement.sql, text);
}

/** Other sessions' texts need not be statements. */
function keyOf(text: string): string | undefined {
  try {
    return statementKey(text);
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}

function outcome({ texts, hidden }: RunningStatements, found: number): string {
  if (found > 0) return `${found} other session${found === 1 ? " runs" : "s run"} this statement with values in its text.`;
  const seen = `None of the ${texts.length} statements of other sessions is this one with values in its text`;
  const drivers = "drivers that send values apart from the text (psycopg 3, asyncpg) show none there";
  return `${seen}; ${drivers}${hidden > 0 ? `, and ${hidden} sessions are hidden from this role (pg_read_all_stats shows them)` : ""}.`;
}
