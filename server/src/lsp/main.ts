import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { createEngine } from "./createEngine.js";
import { startServer } from "./server.js";
import { saveWasmMemory } from "../workspace/index.js";

saveWasmMemory();

// Transport by argument, as the client chose it: --node-ipc, --stdio, --socket=… or --pipe=…
const connection = createConnection(ProposedFeatures.all);

process.on("unhandledRejection", (reason) => {
  connection.console.error(`Defect: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`);
});

startServer(connection, createEngine);
connection.listen();
