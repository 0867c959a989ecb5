import * as vscode from "vscode";
import { Commands } from "./core/commands.js";
import type { Feature, Services } from "./core/feature.js";
import { Server } from "./core/server.js";
import { Work } from "./core/work.js";
import { connections } from "./features/connections/feature.js";
import { ConnectionStore } from "./features/connections/store.js";
import { explain } from "./features/explain/feature.js";
import { findings } from "./features/findings/feature.js";
import { languageClient, startLanguageClient } from "./features/languageClient/feature.js";
import { plans } from "./features/plans/feature.js";
import { report } from "./features/report/feature.js";
import { sample } from "./features/sample/feature.js";
import { slowQueries } from "./features/slowQueries/feature.js";
import { statusBar } from "./features/statusBar/feature.js";

const features: readonly Feature[] = [languageClient, connections, slowQueries, findings, explain, plans, report, sample, statusBar];

let server: Server | undefined;

/** Only wires; the language server starts afterwards, by itself. */
export function activate(extension: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("DB Optimize", { log: true });
  extension.subscriptions.push(log);
  const work = new Work();
  const store = new ConnectionStore(extension);
  server = new Server((self) => startLanguageClient({ extension, log, store, server: self }), work);
  const commands = new Commands(extension.subscriptions, log);
  const services: Services = { extension, log, commands, server, connections: store, work };
  for (const feature of features) feature.activate(services);
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
