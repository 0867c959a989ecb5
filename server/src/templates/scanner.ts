import type { Span } from "#protocol/place";
import type { CommentFact, SyntaxProblem } from "../python/facts.js";
import { TagLexer, type Token } from "./tokens.js";

/** `{{ … }}` or `{% … %}`. */
export interface Tag {
  readonly kind: "output" | "statement";
  readonly start: number;
  readonly end: number;
  /** Without the marks; ends with a token of kind `end`. */
  readonly tokens: readonly Token[];
  /** Why the tokens are not all. */
  readonly problem?: SyntaxProblem;
}

const rawStart = /\{%[-+]?\s*raw\s*[-+]?%\}/y;
const rawEnd = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;

/** The tags of a template in order; comments and raw sections are passed over. */
export class Scanner {
  /** Comments that speak to this tool, in the form of a line comment: `#` and what is said. */
  readonly comments: CommentFact[] = [];
  /** All comments and raw sections, as far as they are closed. */
  readonly passedOver: Span[] = [];
  private readonly lexer: TagLexer;
  private unclosedComment = false;

  constructor(
    private readonly text: string,
    private readonly report: (problem: SyntaxProblem) => void,
  ) {
    this.lexer = new TagLexer(text);
  }

  *tags(): Generator<Tag> {
    const { text } = this;
    for (let at = text.indexOf("{"); at >= 0; at = text.indexOf("{", at)) {
      const mark = text[at + 1];
      if (mark === "#") at = this.comment(at);
      else if (mark === "{" || mark === "%") {
        const raw = mark === "%" ? this.raw(at) : undefined;
        const tag = raw === undefined ? this.tag(at, mark) : undefined;
        if (tag) yield tag;
        at = raw ?? tag!.end;
      } else at++;
    }
  }

  private tag(start: number, mark: "{" | "%"): Tag {
    const from = start + 2 + (this.text[start + 2] === "-" || this.text[start + 2] === "+" ? 1 : 0);
    const lexed = this.lexer.lex(from, mark === "{" ? "}}" : "%}");
    return { kind: mark === "{" ? "output" : "statement", start, ...lexed };
  }

  /** The end of the comment at `start`. */
  private comment(start: number): number {
    const close = this.unclosedComment ? -1 : this.text.indexOf("#}", start + 2);
    if (close < 0) {
      if (!this.unclosedComment) this.report({ start, end: start + 2, message: 'This comment is not closed: "#}" is missing.' });
      this.unclosedComment = true;
      return start + 2;
    }
    const said = this.text.slice(start + 2, close);
    if (said.includes("db-optimize")) this.comments.push({ start, end: close + 2, text: `# ${said.replace(/^[-+]|[-+]$/g, "").trim()}` });
    this.passedOver.push({ start, end: close + 2 });
    return close + 2;
  }

  /** The end of the raw section that begins at `start`; undefined where none does. */
  private raw(start: number): number | undefined {
    rawStart.lastIndex = start;
    const opening = rawStart.exec(this.text);
    if (!opening) return undefined;
    rawEnd.lastIndex = start + opening[0].length;
    const closing = rawEnd.exec(this.text);
    if (closing) {
      const end = closing.index + closing[0].length;
      this.passedOver.push({ start, end });
      return end;
    }
    this.report({ start, end: start + opening[0].length, message: 'This raw section is not closed: "{% endraw %}" is missing.' });
    return this.text.length;
  }
}
