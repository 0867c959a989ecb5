import { listRuns as contract } from "#protocol/operations";
import { operation } from "./operation.js";

export const listRuns = operation(contract, async ({ key }, { history }) => ({ runs: [...(await history.list(key))] }));
