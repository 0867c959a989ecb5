import type { Connection } from "vscode-languageserver/node";
import { AskConsent, RunOperation } from "#protocol/messages";
import { operationContracts } from "#protocol/operations";
import { signalOf } from "./cancellation.js";
import { toFailure } from "./failures.js";
import { progressOn } from "./progress.js";
import type { Session } from "./session.js";

export function registerRunOperation(session: Session): void {
  const { connection, engine, log } = session;
  connection.onRequest(RunOperation.method, async (params: RunOperation.Params, token): Promise<RunOperation.Result> => {
    const signal = signalOf(token);
    const progress = progressOn(connection, params.workDoneToken, titleOf(params.operation));
    try {
      const consent = (question: AskConsent.Params) => askConsent(connection, question);
      const output = await engine.run(params.operation, params.input, { signal, progress: progress.report, consent });
      return { ok: true, output };
    } catch (error) {
      return { ok: false, failure: toFailure(error, signal, log, `"${params.operation}"`) };
    } finally {
      progress.done();
    }
  });
}

function titleOf(operation: string): string {
  const known = Object.values(operationContracts).find(({ name }) => name === operation);
  return known ? known.summary.replace(/\.$/, "") : operation;
}

/** A client that cannot ask, or goes away while asking, has said "no". */
async function askConsent(connection: Connection, question: AskConsent.Params): Promise<boolean> {
  try {
    return (await connection.sendRequest<AskConsent.Result>(AskConsent.method, question)).granted === true;
  } catch {
    return false;
  }
}
