import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Engine } from "./engine.js";
import type { Findings } from "./findings.js";
import type { Log } from "./failures.js";
import type { RuleList } from "./ruleList.js";
import type { SettingsCache } from "./settingsCache.js";
import { uriOf } from "./uris.js";

/** What the handlers of one editor window share. */
export interface Session {
  readonly connection: Connection;
  readonly engine: Engine;
  readonly documents: TextDocuments<TextDocument>;
  readonly settings: SettingsCache;
  readonly findings: Findings;
  readonly rules: RuleList;
  readonly log: Log;
}

export function openUriOf(session: Session): (path: string) => string {
  return (path) => uriOf(path, session.documents.keys());
}
