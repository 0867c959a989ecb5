import { slowQueries as contract } from "#protocol/operations";
import type { SlowQuery, SlowQueryOrder } from "#protocol/workload";
import { slowQueriesOf } from "../analyzers/index.js";
import type { WorkloadSnapshot } from "../workload/workload.js";
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

const costs: Record<SlowQueryOrder, (query: SlowQuery) => number> = {
  total: (query) => query.totalTimeMs,
  mean: (query) => query.meanTimeMs,
  calls: (query) => query.calls,
  rows: (query) => query.rows,
  reads: (query) => query.sharedBlocksRead,
};

/** Shares are of all statements, whatever the filter hides: a share of the visible ones would change with every letter typed. */
export function slowest(snapshot: WorkloadSnapshot, order: SlowQueryOrder, limit: number, filter?: string): SlowQuery[] {
  const wanted = filter?.trim().toLowerCase();
  const cost = costs[order];
  return slowQueriesOf(snapshot.statements)
    .filter((query) => !wanted || query.query.toLowerCase().includes(wanted))
    .toSorted((a, b) => cost(b) - cost(a) || b.totalTimeMs - a.totalTimeMs)
    .slice(0, limit);
}
