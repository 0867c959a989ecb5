import * as vscode from "vscode";

/** Every context key that the manifest's `when` clauses use. */
export type ContextKey =
  | "dbOptimize.hasConnections"
  | "dbOptimize.sampleRunning"
  | "dbOptimize.slowQueries"
  | "dbOptimize.slowQueriesFiltered"
  | "dbOptimize.findings";

export function setContext(key: ContextKey, value: unknown): void {
  void vscode.commands.executeCommand("setContext", key, value);
}
