import { plural } from "../../support.js";
import { statementTarget } from "../../statementTarget.js";
import type { WorkloadStatement } from "../../../workload/workload.js";
import type { Candidate } from "./candidate.js";

/** What the index will cost: every statement that writes to its table keeps it up. */
export function maintenanceFacts(candidate: Candidate, workload: readonly WorkloadStatement[]): readonly string[] {
  const writers = workload.filter(({ query }) => {
    const target = statementTarget(query);
    return target?.table === candidate.table && (target.schema === undefined || target.schema === candidate.schema);
  });
  const calls = writers.reduce((sum, statement) => sum + statement.calls, 0);
  if (calls === 0) return ["No statement of the workload writes to the table."];
  return [
    `${plural(calls, "call")} of ${writers.length === 1 ? "one statement" : `${writers.length} statements`} ${calls === 1 ? "writes" : "write"} to the table and will maintain the index.`,
  ];
}
