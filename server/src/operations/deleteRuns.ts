import { deleteRuns as contract } from "#protocol/operations";
import { operation } from "./operation.js";

export const deleteRuns = operation(contract, async ({ ids }, { history }) => ({
  deleted: ids ? await history.remove(ids) : await history.clear(),
}));
