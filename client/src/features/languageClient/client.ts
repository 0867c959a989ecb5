import * as vscode from "vscode";
import { LanguageClient, TransportKind, WorkDoneProgress, type LanguageClientOptions } from "vscode-languageclient/node";
import type { ConnectionStatus } from "#protocol/connection";
import { AskConsent, ConnectionsChanged, ConnectionStatusChanged, GetPassword, RunOperation } from "#protocol/messages";
import { OperationFailed } from "../../core/failure.js";
import type { ReportProgress, Running, Server } from "../../core/server.js";
import type { ConnectionStore } from "../connections/store.js";
import { askConsent } from "./consent.js";
import { documentSelector } from "./documents.js";
import { givePassword } from "./password.js";

export interface ClientEnvironment {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly store: ConnectionStore;
  readonly server: Server;
}

export async function startClient({ extension, log, store, server }: ClientEnvironment): Promise<Running> {
  const module = extension.asAbsolutePath("dist/server.js");
  const run = { module, transport: TransportKind.ipc };
  // The id is also the section of the setting "trace.server".
  const client = new LanguageClient("dbOptimize", "DB Optimize", { run, debug: run }, options(log, extension));
  const disposables: vscode.Disposable[] = [];
  client.onRequest(AskConsent.method, (question: AskConsent.Params) => askConsent(question));
  client.onRequest(GetPassword.method, (question: GetPassword.Params) => givePassword(question, store));
  client.onNotification(ConnectionStatusChanged.method, (status: ConnectionStatus) => server.statusArrived(status));
  await client.start();
  const tellConnections = () =>
    client.sendNotification(ConnectionsChanged.method, { connections: store.all(), trusted: vscode.workspace.isTrusted });
  await tellConnections();
  const resend = () => void tellConnections().catch((error: unknown) => log.error(String(error)));
  disposables.push(store.onChanged(resend), vscode.workspace.onDidGrantWorkspaceTrust(resend));
  return {
    run: (operation, input, token, progress) => runOperation(client, operation, input, token, progress),
    async stop() {
      vscode.Disposable.from(...disposables).dispose();
      await client.dispose();
    },
  };
}

function options(log: vscode.LogOutputChannel, extension: vscode.ExtensionContext): LanguageClientOptions {
  return {
    documentSelector: [...documentSelector],
    initializationOptions: { storage: extension.globalStorageUri.fsPath },
    outputChannel: log,
    traceOutputChannel: log,
    // Hovers come from our own server; these are the only commands that a link in them may run.
    markdown: { isTrusted: { enabledCommands: ["dbOptimize.explainStatement", "dbOptimize.copySql"] }, supportHtml: false },
    diagnosticPullOptions: { onChange: true, onSave: true },
  };
}

let tokens = 0;

async function runOperation(
  client: LanguageClient,
  operation: string,
  input: unknown,
  token: vscode.CancellationToken,
  progress: ReportProgress,
): Promise<unknown> {
  const workDoneToken = `dbOptimize-${++tokens}`;
  const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
    if (value.kind !== "end") progress(value.message, value.percentage);
  });
  try {
    const params: RunOperation.Params = { operation, input, workDoneToken };
    const result = await client.sendRequest<RunOperation.Result>(RunOperation.method, params, token);
    if (!result.ok) throw new OperationFailed(result.failure);
    return result.output;
  } finally {
    listener.dispose();
  }
}
