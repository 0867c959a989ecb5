import * as vscode from "vscode";
import { templateLanguages, templatePatterns } from "#protocol/templates";

const codeSelector = [
  { scheme: "file", language: "python" },
  { scheme: "file", language: "sql" },
  { scheme: "file", pattern: "**/*.sql" },
  { scheme: "untitled", language: "sql" },
] as const;
const templateSelector = templatePatterns.map((pattern) => ({ scheme: "file", pattern }));

/** What the language server is told of. */
export const documentSelector = [...codeSelector, ...templateSelector];

/** Whether the server has anything to say about one of them. A template matters only where there is code that may render it. */
export async function concern(documents: readonly vscode.TextDocument[]): Promise<boolean> {
  const matches = (selector: vscode.DocumentSelector) => documents.some((document) => vscode.languages.match(selector, document) > 0);
  if (matches(codeSelector)) return true;
  return matches(templateSelector) && (await vscode.workspace.findFiles("**/*.py", undefined, 1)).length > 0;
}

/** Pages wake the extension too, and most of them belong to no Python project. Without one, something else did: a view, a command. */
export function mayHaveWoken({ languageId }: vscode.TextDocument): boolean {
  return (templateLanguages as readonly string[]).includes(languageId);
}
