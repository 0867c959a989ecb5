import * as vscode from "vscode";
import type { LocatedStatement } from "#protocol/statement";
import { OperationFailed } from "../../core/failure.js";
import type { Feature, Services } from "../../core/feature.js";
import { pickConnection, requireTrust } from "../connections/pick.js";
import { forwardParameter } from "./askParameters.js";
import { answersFor } from "./answers.js";
import { copySql } from "./copySql.js";
import { findStatement, type Target } from "./find.js";
import { PlanPages } from "./planPages.js";
import { RememberedAnswers } from "./remembered.js";
import type { ExplainRequest } from "./request.js";

/** What a lens, a hover's link or another feature says: a statement, or a place in a document where one stands. */
export interface ExplainTarget extends Target {
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
    services.commands.register("dbOptimize.parameters.forward", forwardParameter);
    services.commands.register("dbOptimize.copySql", (target?: Target) => copySql(services, target ?? {}));
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

function unreadable(statement: LocatedStatement): OperationFailed {
  const { message, line, column } = statement.error!;
  return new OperationFailed({
    kind: "refused",
    message: vscode.l10n.t("PostgreSQL cannot read this statement: {0} (line {1}, column {2}).", message, line, column),
    advice: vscode.l10n.t("Mend the SQL and ask again."),
  });
}
