import type { Node } from "libpg-query";
import type { Span } from "#protocol/place";
import type { PlaceholderStyle } from "#protocol/statement";
import { scanTokens, SyntaxProblem } from "./engine/engine.js";
import { statementKey } from "./key.js";
import type { SqlSource } from "./source.js";
import type { ChangedText } from "./text/edits.js";
import { byteOffsets } from "./text/offsets.js";
import type { Placeholder } from "./text/placeholders.js";
import { tagOf } from "./tree.js";

/** One token of a statement's text; offsets in UTF-16 units. Comments are left out. */
export interface Token extends Span {
  readonly text: string;
  readonly keyword: boolean;
}

export type StatementKind = "select" | "insert" | "update" | "delete" | "merge" | "other";

const kinds: Readonly<Record<string, StatementKind>> = {
  SelectStmt: "select",
  InsertStmt: "insert",
  UpdateStmt: "update",
  DeleteStmt: "delete",
  MergeStmt: "merge",
};

/**
 * One statement that parses. Three texts are in play: the file's, the source's (a Python string's value, say), and the statement's own
 * `text`, in which placeholders are `$n`. Offsets without another word are of `text`.
 */
export class SqlStatement {
  readonly kind: StatementKind;
  #tokens: readonly Token[] | undefined;
  #key: { value: string | undefined } | undefined;
  #fromBytes: ((bytes: number) => number) | undefined;

  constructor(
    readonly source: SqlSource,
    /** Where it stands in `source.text`. */
    readonly span: Span,
    readonly changed: ChangedText,
    readonly placeholders: PlaceholderStyle,
    readonly parameters: readonly Placeholder[],
    readonly tree: Node,
    /** All statements of the same text, this one among them. */
    readonly script: readonly SqlStatement[],
  ) {
    this.kind = kinds[tagOf(tree)] ?? "other";
  }

  /** As PostgreSQL reads it, with `$1` ... for the placeholders. */
  get text(): string {
    return this.changed.text;
  }

  /** As it is written in the source. */
  get original(): string {
    return this.changed.original;
  }

  /** Fingerprint and hash of the normalised text; undefined for the rare statement that parses but is too much for the fingerprint. */
  get key(): string | undefined {
    this.#key ??= { value: keyOrNothing(this.text) };
    return this.#key.value;
  }

  get tokens(): readonly Token[] {
    return (this.#tokens ??= scanTokens(this.text)
      .filter((token) => token.tokenName !== "SQL_COMMENT" && token.tokenName !== "C_COMMENT")
      .map((token) => {
        const start = this.at(token.start);
        const end = this.at(token.end);
        return { start, end, text: this.text.slice(start, end), keyword: token.keywordName !== "NO_KEYWORD" };
      }));
  }

  /** A node's `location`, which counts bytes, as an offset; absent means the beginning, as PostgreSQL leaves out zeros. */
  at(location: number | undefined): number {
    this.#fromBytes ??= byteOffsets(this.text);
    return this.#fromBytes(Math.max(0, location ?? 0));
  }

  /** Offset of `text` → offset of the file. */
  toFile(offset: number): number {
    return this.source.toSource(this.span.start + this.changed.toOriginal(offset));
  }

  /** Where a stretch of `text` stands in the file. */
  fileSpan(span: Span): Span {
    const start = this.toFile(span.start);
    // The end belongs to the last character: behind it another fragment of the string may begin far away.
    return { start, end: span.end > span.start ? this.toFile(span.end - 1) + this.#widthAt(span.end - 1) : start };
  }

  #widthAt(offset: number): number {
    const begin = this.toFile(offset);
    const original = this.span.start + this.changed.toOriginal(offset + 1);
    const end = this.source.toSource(original);
    return end > begin && end - begin <= 10 ? end - begin : 1;
  }

  /**
   * The file's span of a stretch that is written there letter by letter, so that it can be edited; undefined where escapes, fragments
   * or placeholders make the texts differ.
   */
  editableSpan(span: Span): Span | undefined {
    const start = this.span.start + this.changed.toOriginal(span.start);
    const end = this.span.start + this.changed.toOriginal(span.end);
    const from = this.source.toSource(start);
    const to = this.source.toSource(end);
    return to - from === end - start ? { start: from, end: to } : undefined;
  }

  /** The source's words for a stretch of `text`: with the placeholders as they are written there. */
  originalText(span: Span): string {
    return this.changed.original.slice(this.changed.toOriginal(span.start), this.changed.toOriginal(span.end));
  }
}

function keyOrNothing(text: string): string | undefined {
  try {
    return statementKey(text);
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}
