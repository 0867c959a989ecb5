import * as vscode from "vscode";
import type { LocatedStatement } from "#protocol/statement";
import { OperationFailed } from "../../core/failure.js";
import type { Feature, Services } from "../../core/feature.js";
import { pickConnection, requireTrust } from "../connections/pick.js";
import { answersFor } from "./answers.js";
import { statementAt, type Cursor } from "./locate.js";
import { PlanPages } from "./planPages.js";
import { RememberedAnswers } from "./remembered.js";
import type { ExplainRequest } from "./request.js";

/** What a lens, a hover's link or another feature says: a statement, or a place in a document where one stands. */
export interface ExplainTarget {
  readonly uri?: string;
  readonly statement?: LocatedStatement;
  readonly line?: number;
  readonly column?: number;
  readonly analyze?: boolean;
  /** Ask for the placeholders' values though they are remembered. */
  readonly askAgain?: boolean;
}

export const explain: Feature = {
  name: "explain",
  activate(services) {
    const pages = new PlanPages(services);
    const remembered = new RememberedAnswers(services.extension.workspaceState);
    const run = (target: ExplainTarget) => explainTarget(services, pages, remembered, target);
    services.commands.register("dbOptimize.explainStatement", run);
    services.commands.register("dbOptimize.explain", () => run({}));
    services.commands.register("dbOptimize.analyze", () => run({ analyze: true }));
    services.commands.register("dbOptimize.explainWithValues", () => run({ askAgain: true }));
  },
};

async function explainTarget(services: Services, pages: PlanPages, remembered: RememberedAnswers, target: ExplainTarget): Promise<void> {
  requireTrust();
  const found = await findStatement(services, target);
  if (!found) return;
  const { statement, source } = found;
  if (statement.error) throw unreadable(statement);
  const connection = await pickConnection(services.connections);
  if (!connection) return;
  const answers = await answersFor(services, remembered, connection.id, statement, target.askAgain === true);
  if (!answers) return;
  const request: ExplainRequest = { connection: connection.id, statement, answers, ...(source ? { source } : {}) };
  const byDefault = vscode.workspace.getConfiguration("dbOptimize").get<boolean>("explain.analyze", false);
  await pages.run(request, target.analyze ?? byDefault);
}

interface Found {
  readonly statement: LocatedStatement;
  readonly source?: { readonly file: string; readonly line: number };
}

async function findStatement({ server }: Services, target: ExplainTarget): Promise<Found | undefined> {
  if (target.statement) {
    const { statement } = target;
    return { statement, ...(target.uri ? { source: { file: statement.place.file, line: statement.place.line } } : {}) };
  }
  const document = target.uri
    ? await vscode.workspace.openTextDocument(vscode.Uri.parse(target.uri))
    : vscode.window.activeTextEditor?.document;
  const cursor = cursorOf(target);
  if (!document || !cursor) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Open a Python or SQL file and put the cursor on a query."));
    return undefined;
  }
  const file = document.uri.scheme === "file" ? document.uri.fsPath : document.uri.toString();
  const input = { file, text: document.getText(), languageId: document.languageId };
  const { statements } = await server.run("listStatements", input);
  const statement = statementAt(statements, cursor);
  if (statement) return { statement, source: { file, line: statement.place.line } };
  void vscode.window.showInformationMessage(
    vscode.l10n.t("There is no SQL statement at the cursor. Put it inside a statement of a .sql file, or inside a string that holds SQL."),
  );
  return undefined;
}

function cursorOf(target: ExplainTarget): Cursor | undefined {
  if (target.line !== undefined) return { line: target.line, column: target.column ?? 1 };
  const active = vscode.window.activeTextEditor?.selection.active;
  return active && { line: active.line + 1, column: active.character + 1 };
}

function unreadable(statement: LocatedStatement): OperationFailed {
  const { message, line, column } = statement.error!;
  return new OperationFailed({
    kind: "refused",
    message: vscode.l10n.t("PostgreSQL cannot read this statement: {0} (line {1}, column {2}).", message, line, column),
    advice: vscode.l10n.t("Mend the SQL and ask again."),
  });
}
