import { check } from "./check.js";
import { comparePlans } from "./comparePlans.js";
import { deleteRuns } from "./deleteRuns.js";
import { explain } from "./explain.js";
import { listConnections } from "./listConnections.js";
import { listRuns } from "./listRuns.js";
import { listRules } from "./listRules.js";
import { listStatements } from "./listStatements.js";
import type { Operation } from "./operation.js";
import { optimize } from "./optimize.js";
import { proposeParameters } from "./proposeParameters.js";
import { readPlan } from "./readPlan.js";
import { sampleDatabase } from "./sampleDatabase.js";
import { slowQueries } from "./slowQueries.js";
import { statementAt } from "./statementAt.js";
import { testConnection } from "./testConnection.js";
import { translate } from "./translate.js";

/** All that a user can ask for; every front door is made from it. */
export const operations: readonly Operation[] = [
  check,
  listStatements,
  statementAt,
  translate,
  proposeParameters,
  explain,
  readPlan,
  comparePlans,
  listRuns,
  deleteRuns,
  slowQueries,
  testConnection,
  listConnections,
  sampleDatabase,
  optimize,
  listRules,
];
