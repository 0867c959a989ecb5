import { LSPErrorCodes, ResponseError, type CancellationToken, type Connection, type TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Engine } from "./engine.js";
import type { Finding } from "#protocol/finding";
import type { Findings } from "./findings.js";
import { isAbort, toFailure, type Log } from "./failures.js";
import { signalOf } from "./cancellation.js";
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

/**
 * The findings in a document as its text is now: a run that became moot is followed by one on the newer text. After a defect (logged) there
 * are none.
 * @throws ResponseError (cancelled) when the client took its request back
 */
export async function findingsIn(session: Session, path: string, token: CancellationToken): Promise<readonly Finding[]> {
  const signal = signalOf(token);
  for (;;) {
    const { epoch } = session.findings;
    try {
      return (await session.findings.ofDocument(path, signal)).filter((finding) => finding.file === path);
    } catch (error) {
      if (signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, "Cancelled.");
      if (isAbort(error) && session.findings.epoch !== epoch) continue;
      toFailure(error, signal, session.log, `Findings of ${path}`);
      return [];
    }
  }
}
