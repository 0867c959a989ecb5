import * as vscode from "vscode";
import { failureOf } from "../../core/failure.js";
import type { Feature } from "../../core/feature.js";
import type { StartServer } from "../../core/server.js";
import type { ClientEnvironment } from "./client.js";
import { concern, mayHaveWoken } from "./documents.js";

/** The library behind it is large: it is loaded when the server is first needed, after activation. */
export async function startLanguageClient(environment: ClientEnvironment): ReturnType<StartServer> {
  const { startClient } = await import("./client.js");
  return startClient(environment);
}

export const languageClient: Feature = {
  name: "languageClient",
  activate({ server, commands, log, extension }) {
    commands.register("dbOptimize.showLog", () => log.show());
    commands.register("dbOptimize.restartServer", () => server.restart());
    const start = () => {
      server.start().catch((error: unknown) => {
        log.error(error instanceof Error ? error : String(error));
        void vscode.window.showErrorMessage(
          vscode.l10n.t("DB Optimize could not start its language server: {0}", failureOf(error).message),
        );
      });
    };
    const startFor = async (documents: readonly vscode.TextDocument[]) => {
      if (!(await concern(documents))) return;
      opened.dispose();
      start();
    };
    const opened = vscode.workspace.onDidOpenTextDocument((document) => void startFor([document]));
    // After activation has returned, so that the editor never waits for it.
    const timer = setTimeout(() => {
      const documents = vscode.workspace.textDocuments;
      if (documents.some(mayHaveWoken)) void startFor(documents);
      else start();
    }, 0);
    extension.subscriptions.push(opened, { dispose: () => clearTimeout(timer) });
  },
};
