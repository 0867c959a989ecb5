import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { operationContracts } from "../../../server/src/protocol/operations.js";
import { OptimizerError } from "../../../server/src/protocol/failure.js";
import { operations, runOperation, type OperationContext } from "../../../server/src/operations/index.js";
import { createConnections } from "../../../server/src/database/index.js";
import { createSampleServer } from "../../../server/src/embedded/index.js";
import { createWorkspace } from "../../../server/src/workspace/index.js";
import { noHistory } from "../../../server/src/history/index.js";
import { ruleIds } from "../../../server/src/rules/index.js";
import { makeTree } from "../workspace/tree.js";

async function makeContext(files: Record<string, string> = {}): Promise<OperationContext> {
  const root = makeTree(files);
  const workspace = await createWorkspace({ folders: [root], workers: 0, log: () => undefined });
  const connections = createConnections({ profiles: [], password: async () => undefined });
  onTestFinished(async () => {
    await Promise.all([workspace.dispose(), connections.close()]);
  });
  return {
    workspace,
    connections,
    sample: createSampleServer({ dataDirectory: `${root}/sample`, log: () => undefined }),
    history: noHistory,
    signal: new AbortController().signal,
    now: () => new Date(0),
    progress: () => undefined,
    consent: async () => false,
  };
}

test("each contract has its operation, and no other", () => {
  expect(operations.map(({ contract }) => contract)).toEqual(Object.values(operationContracts));
});

const bad: [operation: string, input: unknown, message: RegExp, advice: RegExp][] = [
  ["guess", {}, /There is no operation "guess"/, /Allowed: check, listStatements/],
  ["check", { paths: "a" }, /"paths" of check is "a"/, /expected array/],
  ["slowQueries", { connection: "c", order: "beauty" }, /"order" of slowQueries is "beauty"/, /Allowed: total, mean, calls, rows, reads/],
  ["slowQueries", {}, /"connection" of slowQueries is missing/, /expected string/],
  ["optimize", { focus: "full", depth: 9 }, /"depth" of optimize is 9/, /<=5/],
  ["sampleDatabase", null, /"action" of sampleDatabase is missing/, /Allowed: start, stop, reset, status/],
];
test.each(bad)("bad input names the field and what is allowed: %s %j", async (operation, input, message, advice) => {
  const error = await runOperation(operation, input, await makeContext()).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(OptimizerError);
  const { failure } = error as OptimizerError;
  expect([failure.kind, failure.message, failure.advice]).toEqual(["usage", expect.stringMatching(message), expect.stringMatching(advice)]);
});

const update = "UPDATE users SET x = 1;\n";
const good: [operation: string, input: (root: string) => unknown][] = [
  ["check", () => ({})],
  ["check", () => ({ paths: ["a.sql"], rules: ["update-without-where"] })],
  ["listStatements", (root) => ({ file: `${root}/a.sql` })],
  ["listStatements", (root) => ({ file: `${root}/none.py`, text: "x = 1" })],
  ["listConnections", () => ({})],
  ["listRules", () => ({})],
  ["sampleDatabase", () => ({ action: "status" })],
  ["optimize", () => ({ focus: "full" })],
  ["optimize", () => ({ focus: "fix-n1", apply: true })],
];
test.each(good)("what comes out keeps the contract: %s", async (operation, input) => {
  const context = await makeContext({ "a.sql": update });
  const output = await runOperation(operation, input(context.workspace.folders[0]!), context);
  const contract = operations.find((one) => one.contract.name === operation)!.contract;
  // Strict on both sides: what the contract drops would be lost on its way through a front door.
  expect(contract.output.parse(output)).toEqual(JSON.parse(JSON.stringify(output)));
});

test("each rule has its page", async () => {
  const { rules } = await runOperation("listRules", {}, await makeContext());
  expect(rules.map(({ id }) => id)).toEqual([...ruleIds]);
  expect(rules.filter(({ url }) => !url || !existsSync(fileURLToPath(url))).map(({ id }) => id)).toEqual([]);
});

test("a cancelled run does nothing", async () => {
  const context = { ...(await makeContext()), signal: AbortSignal.abort() };
  await expect(runOperation("check", {}, context)).rejects.toThrow("aborted");
});
