import { slowQueries as contract } from "#protocol/operations";
import type { SlowQuery, SlowQueryOrder } from "#protocol/workload";
import type { WorkloadSnapshot, WorkloadStatement } from "../workload/workload.js";
import { operation } from "./operation.js";

/** The costliest statements of the connection's database server, as pg_stat_statements counted them since its last reset. */
export const slowQueries = operation(contract, async (input, { connections, signal, progress }) => {
  progress("Reading pg_stat_statements");
  const snapshot = await connections.lease(input.connection, signal, (session) => session.workload());
  return {
    available: snapshot.available,
    reason: snapshot.reason,
    extensionVersion: snapshot.extensionVersion,
    resetAt: snapshot.resetAt,
    queries: slowest(snapshot, input.order, input.limit, input.filter),
  };
});

const costs: Record<SlowQueryOrder, (statement: WorkloadStatement) => number> = {
  total: (statement) => statement.totalTimeMs,
  mean: (statement) => statement.meanTimeMs,
  calls: (statement) => statement.calls,
  rows: (statement) => statement.rows,
  reads: (statement) => statement.sharedBlocksRead,
};

/** Shares are of all statements, whatever the filter hides: a share of the visible ones would change with every letter typed. */
export function slowest(snapshot: WorkloadSnapshot, order: SlowQueryOrder, limit: number, filter?: string): SlowQuery[] {
  const total = snapshot.statements.reduce((sum, statement) => sum + statement.totalTimeMs, 0);
  const wanted = filter?.trim().toLowerCase();
  const cost = costs[order];
  return snapshot.statements
    .filter((statement) => !wanted || statement.query.toLowerCase().includes(wanted))
    .toSorted((a, b) => cost(b) - cost(a) || b.totalTimeMs - a.totalTimeMs)
    .slice(0, limit)
    .map((statement) => outward(statement, total));
}

function outward(statement: WorkloadStatement, total: number): SlowQuery {
  const { queryId, database, user, query, calls, totalTimeMs, meanTimeMs, minTimeMs, maxTimeMs, stddevTimeMs } = statement;
  const { rows, sharedBlocksHit, sharedBlocksRead, tempBlocksWritten } = statement;
  return {
    ...{ queryId, database, user, query, calls, totalTimeMs, meanTimeMs, minTimeMs, maxTimeMs, stddevTimeMs },
    ...{ rows, sharedBlocksHit, sharedBlocksRead, tempBlocksWritten },
    share: total > 0 ? totalTimeMs / total : 0,
  };
}
