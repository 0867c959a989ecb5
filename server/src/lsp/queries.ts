import type { TextDocument } from "vscode-languageserver-textdocument";
import type { TranslatedQuery } from "#protocol/translation";
import type { Engine } from "./engine.js";
import { pathOf } from "./uris.js";

interface Entry {
  readonly version: number;
  readonly epoch: number;
  readonly queries: Promise<readonly TranslatedQuery[]>;
  readonly controller: AbortController;
}

/** What the ORM code of open documents sends, found out once per state of the text: of the document, and of all others that explain it. */
export class Queries {
  readonly #known = new Map<string, Entry>();

  constructor(
    private readonly engine: () => Engine,
    private readonly epoch: () => number,
  ) {}

  /** Of the whole document, in order; SQL that stands in the text is not among them. A newer state makes what is under way moot. */
  of(document: TextDocument): Promise<readonly TranslatedQuery[]> {
    const known = this.#known.get(document.uri);
    if (known && this.#isNow(known, document)) return known.queries;
    known?.controller.abort();
    const controller = new AbortController();
    const entry: Entry = { version: document.version, epoch: this.epoch(), queries: this.#list(document, controller.signal), controller };
    this.#known.set(document.uri, entry);
    entry.queries.catch(() => this.#known.get(document.uri) === entry && this.#known.delete(document.uri));
    return entry.queries;
  }

  /** The one around an offset: without waiting for the others of the document, or for a check that is under way. */
  async at(document: TextDocument, offset: number, signal: AbortSignal): Promise<TranslatedQuery | undefined> {
    const path = pathOf(document.uri);
    if (path === undefined || document.languageId !== "python") return undefined;
    const { line, character } = document.positionAt(offset);
    const at = { line: line + 1, column: character + 1, strict: true };
    return this.engine().workspace.translationAt(path, at, { text: document.getText(), signal });
  }

  forget(uri: string): void {
    this.#known.get(uri)?.controller.abort();
    this.#known.delete(uri);
  }

  #isNow({ version, epoch }: Entry, document: TextDocument): boolean {
    return version === document.version && epoch === this.epoch();
  }

  async #list(document: TextDocument, signal: AbortSignal): Promise<readonly TranslatedQuery[]> {
    const path = pathOf(document.uri);
    if (path === undefined || document.languageId !== "python") return [];
    const outcome = await this.engine().workspace.translations(path, { text: document.getText(), ormOnly: true, signal });
    return "problem" in outcome ? [] : outcome.queries.filter((query) => !query.written);
  }
}
