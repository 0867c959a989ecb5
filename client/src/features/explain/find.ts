import * as vscode from "vscode";
import type { OperationOutput } from "#protocol/operations";
import type { LocatedStatement } from "#protocol/statement";
import { OperationFailed } from "../../core/failure.js";
import type { Services } from "../../core/feature.js";
import { shortSql, type Source } from "./request.js";

/** A statement, or a place in a document where one stands, or ORM code that sends one; the cursor where nothing is said. Counted from 1. */
export interface Target {
  readonly uri?: string;
  readonly statement?: LocatedStatement;
  readonly line?: number;
  readonly column?: number;
}

export interface Found {
  readonly statement: LocatedStatement;
  /** Where it stands, to go back to. */
  readonly source?: Source;
}

/** The statement that a command is about. Undefined where there is none, which the user has been told, or where the user gave up. */
export async function findStatement(services: Services, target: Target): Promise<Found | undefined> {
  const { statement, uri } = target;
  if (statement) return { statement, ...(uri ? { source: await sourceOf(vscode.Uri.parse(uri), statement) } : {}) };
  const document = uri ? await vscode.workspace.openTextDocument(vscode.Uri.parse(uri)) : vscode.window.activeTextEditor?.document;
  const cursor = cursorOf(target);
  if (!document || !cursor) {
    void vscode.window.showInformationMessage(vscode.l10n.t("Open a Python or SQL file and put the cursor on a query."));
    return undefined;
  }
  const file = document.uri.scheme === "file" ? document.uri.fsPath : document.uri.toString();
  const answer = await services.server.run("statementAt", { file, text: document.getText(), ...cursor });
  if (answer.refused) throw notKnown(answer.refused);
  const chosen = await chooseVariant(answer.statements);
  if (chosen) return { statement: chosen, source: await sourceOf(document.uri, chosen) };
  if (answer.statements.length === 0) void vscode.window.showInformationMessage(nothingHere());
  return undefined;
}

type Candidates = OperationOutput<"statementAt">["statements"];

/** Branches of the code decide which statement is sent: a person says which one is meant. */
async function chooseVariant(candidates: Candidates): Promise<LocatedStatement | undefined> {
  if (candidates.length <= 1) return candidates[0]?.statement;
  const items = candidates.map(({ statement, when }) => ({
    label: when === "" ? vscode.l10n.t("otherwise") : vscode.l10n.t("when {0}", when),
    detail: whatDiffers(statement.sql),
    statement,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("This code sends one of {0} statements", candidates.length),
    placeHolder: vscode.l10n.t("Choose the branches that are taken."),
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  return picked?.statement;
}

/** Variants select the same mostly: what stands behind FROM tells them apart. */
function whatDiffers(sql: string): string {
  const from = sql.indexOf("\nFROM ");
  return shortSql(from < 0 ? sql : sql.slice(from + 1), 200);
}

async function sourceOf(uri: vscode.Uri, { place }: LocatedStatement): Promise<Source> {
  const document = await vscode.workspace.openTextDocument(uri);
  const code = place.line <= document.lineCount ? document.lineAt(place.line - 1).text.trim() : "";
  return { file: place.file, line: place.line, ...(code ? { code } : {}) };
}

function cursorOf(target: Target): { line: number; column: number } | undefined {
  if (target.line !== undefined) return { line: target.line, column: target.column ?? 1 };
  const active = vscode.window.activeTextEditor?.selection.active;
  return active && { line: active.line + 1, column: active.character + 1 };
}

function notKnown({ reason, line }: { reason: string; line: number }): OperationFailed {
  return new OperationFailed({
    kind: "refused",
    message: vscode.l10n.t("The SQL of this query is not known: {0} (line {1}).", reason, line),
    advice: vscode.l10n.t("Only what is certain is explained. Run the code and take its statement from the slow queries, or explain SQL."),
  });
}

function nothingHere(): string {
  return vscode.l10n.t(
    "There is no query at the cursor. Put it on an ORM query, inside a statement of a .sql file, or inside a string that holds SQL.",
  );
}
