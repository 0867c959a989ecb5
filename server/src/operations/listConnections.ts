import { listConnections as contract } from "#protocol/operations";
import { operation } from "./operation.js";

export const listConnections = operation(contract, async (_input, { connections }) => ({ connections: [...connections.list()] }));
