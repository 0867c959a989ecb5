import * as vscode from "vscode";
import type { OperationOutput } from "#protocol/operations";
import type { LocatedStatement } from "#protocol/statement";
import type { Services } from "../../core/feature.js";
import { askParameters } from "./askParameters.js";
import type { RememberedAnswers } from "./remembered.js";
import type { ParameterAnswers } from "./request.js";

export type Proposals = OperationOutput<"proposeParameters">;

/** Values for a statement's placeholders: those of the last time, else asked for. Undefined when the user gave up. */
export async function answersFor(
  { server }: Services,
  remembered: RememberedAnswers,
  connection: string,
  statement: LocatedStatement,
  askAgain: boolean,
): Promise<ParameterAnswers | undefined> {
  if (statement.parameters.length === 0) return { kind: "none" };
  const known = remembered.get(statement);
  if (known && !askAgain) return known;
  const source = new vscode.CancellationTokenSource();
  const propose = (running: boolean): Promise<Proposals> =>
    server.run("proposeParameters", { connection, statement, running }, { token: source.token });
  try {
    const answers = await askParameters(statement, known, propose);
    if (answers) await remembered.set(statement, answers);
    return answers;
  } finally {
    source.cancel();
    source.dispose();
  }
}
