import { listStatements as contract } from "#protocol/operations";
import { operation } from "./operation.js";

/** The statements of one document; its text, when given, wins over the file on disk. */
export const listStatements = operation(contract, async ({ file, text }, { workspace }) => ({
  statements: [...(await workspace.statements(file, text))],
}));
