import type { SlowQuery } from "#protocol/workload";
import type { WorkloadStatement } from "../../workload/workload.js";

/** Statements by total time, each with its share of the time of all. */
export function slowQueriesOf(statements: readonly WorkloadStatement[]): readonly SlowQuery[] {
  const total = statements.reduce((sum, statement) => sum + statement.totalTimeMs, 0);
  return [...statements].sort((a, b) => b.totalTimeMs - a.totalTimeMs).map((statement) => slowQuery(statement, total));
}

function slowQuery(statement: WorkloadStatement, total: number): SlowQuery {
  const { queryId, database, user, query, calls, totalTimeMs, meanTimeMs, minTimeMs, maxTimeMs, stddevTimeMs, rows } = statement;
  return {
    queryId,
    database,
    user,
    query,
    calls,
    totalTimeMs,
    meanTimeMs,
    minTimeMs,
    maxTimeMs,
    stddevTimeMs,
    rows,
    sharedBlocksHit: statement.sharedBlocksHit,
    sharedBlocksRead: statement.sharedBlocksRead,
    tempBlocksWritten: statement.tempBlocksWritten,
    share: total > 0 ? totalTimeMs / total : 0,
  };
}
