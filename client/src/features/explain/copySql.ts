import * as vscode from "vscode";
import type { Services } from "../../core/feature.js";
import { findStatement, type Target } from "./find.js";

/** Puts the SQL that ORM code sends, or that stands at the cursor, on the clipboard: with `$n` for its parameters. */
export async function copySql(services: Services, target: Target): Promise<void> {
  const found = await findStatement(services, target);
  if (!found) return;
  await vscode.env.clipboard.writeText(found.statement.sql);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Copied: {0}", "SQL"), 3000);
}
