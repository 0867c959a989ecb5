import { proposeParameters as contract } from "#protocol/operations";
import { parameterProposals } from "../database/index.js";
import { operation } from "./operation.js";

/** Values that a statement's placeholders may take, from what the server knows of the columns they are compared with. */
export const proposeParameters = operation(contract, async ({ connection, statement }, { connections, signal, progress }) => {
  if (statement.parameters.length === 0) return { proposals: [] };
  progress("Reading column statistics");
  const proposals = await connections.lease(connection, signal, (session) => parameterProposals(session, statement));
  return { proposals: proposals.map((proposal) => ({ ...proposal, values: [...proposal.values] })) };
});
