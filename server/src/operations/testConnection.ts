import { testConnection as contract } from "#protocol/operations";
import { operation } from "./operation.js";

export const testConnection = operation(contract, async ({ profile }, { connections, signal, progress }) => {
  progress(`Connecting to ${profile.name}`);
  return { status: await connections.test(profile, signal) };
});
