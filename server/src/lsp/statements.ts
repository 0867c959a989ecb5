import type { TextDocument } from "vscode-languageserver-textdocument";
import type { OperationOutput } from "#protocol/operations";
import type { LocatedStatement } from "#protocol/statement";
import type { Engine } from "./engine.js";
import { pathOf } from "./uris.js";

interface Entry {
  readonly version: number;
  readonly statements: Promise<readonly LocatedStatement[]>;
}

/** The statements of open documents, listed once per version. */
export class Statements {
  readonly #known = new Map<string, Entry>();

  constructor(private readonly engine: () => Engine) {}

  of(document: TextDocument): Promise<readonly LocatedStatement[]> {
    const known = this.#known.get(document.uri);
    if (known?.version === document.version) return known.statements;
    const entry: Entry = { version: document.version, statements: this.#list(document) };
    this.#known.set(document.uri, entry);
    entry.statements.catch(() => this.#known.get(document.uri) === entry && this.#known.delete(document.uri));
    return entry.statements;
  }

  forget(uri: string): void {
    this.#known.delete(uri);
  }

  async #list(document: TextDocument): Promise<readonly LocatedStatement[]> {
    // Not cancellable on purpose: lenses, hover and the command share one answer.
    const context = { signal: new AbortController().signal, progress: () => undefined, consent: async () => false };
    const input = { file: pathOf(document.uri) ?? document.uri, text: document.getText(), languageId: document.languageId };
    const { statements } = (await this.engine().run("listStatements", input, context)) as OperationOutput<"listStatements">;
    return statements;
  }
}
