import type { Expr, StringExpr } from "../ir.js";
import { FactsBuilder } from "../lower/builder.js";
import { childrenOf } from "../walk.js";
import { giveUp, Scanner, unsupported } from "./scanner.js";

/** What is nested deeper is left to the other reader, which knows how to stop. */
const deepestExpression = 150;
const deepestStatement = 50;

/** One text while it is read: the tokens, and the tables that grow. */
export class Reader extends Scanner {
  /** String annotations are code: set while a type is read. */
  inType = false;
  /** How many expressions stood alone in parentheses so far: they leave no trace in what is lowered. */
  parentheses = 0;
  private depth = 0;
  private blocks = 0;
  private deepest = 0;
  private links = 0;

  constructor(
    text: string,
    readonly facts = new FactsBuilder(),
    at?: number,
    limit?: number,
    words?: Map<string, string>,
  ) {
    super(text, at, limit, words);
  }

  /** To be called around everything that reads itself recursively. */
  deeper<T>(read: (r: Reader) => T): T {
    if (++this.depth > deepestExpression) giveUp();
    if (this.depth > this.deepest) this.deepest = this.depth;
    const result = read(this);
    this.depth--;
    return result;
  }

  block<T>(read: (r: Reader) => T): T {
    if (++this.blocks > deepestStatement) giveUp();
    const result = read(this);
    this.blocks--;
    return result;
  }

  /** To be called for each link of a chain (`a.b.c`, `a + b + c`), which nests without recursion. */
  link(): void {
    this.links++;
  }

  /** At the end of a statement: nobody is given an expression too deep to walk. */
  checkDepth(exprs: readonly Expr[]): void {
    if (this.links + this.deepest > deepestExpression && exprs.some((expr) => heightOf(expr, 0) > deepestExpression)) giveUp();
    this.links = 0;
    this.deepest = this.depth;
  }

  /** Arguments of a call are values even inside a type: their strings are no code. */
  asValues<T>(read: (r: Reader) => T): T {
    const before = this.inType;
    this.inType = false;
    const result = this.deeper(read);
    this.inType = before;
    return result;
  }

  /** A name that only stands there, not one that means a value. */
  name(): string {
    const { word } = this;
    this.expect("name");
    return word;
  }

  /** A string annotation's content as an expression; undefined where it is none. */
  annotation(from: number, to: number, read: (r: Reader) => Expr): Expr | undefined {
    const inner = new Reader(this.text, this.facts, from, to, this.words);
    inner.brackets = 1;
    try {
      inner.advance();
      const expr = read(inner);
      return inner.token === "end" && inner.brackets === 1 ? expr : undefined;
    } catch (error) {
      if (error === unsupported) return undefined;
      throw error;
    }
  }

  /** Continues behind something that was read character by character. */
  resume(at: number, brackets: number): void {
    this.brackets = brackets;
    this.at = at;
    this.end = at;
    this.advance();
  }
  /** Starts reading tokens at a place inside a format string. */
  enter(at: number): void {
    this.brackets = 1;
    this.at = at;
    this.advance();
  }
}

/** Nesting of an expression, counted up to a little beyond what is allowed. */
function heightOf(expr: Expr, above: number): number {
  let highest = above + 1;
  if (highest > deepestExpression) return highest;
  for (const child of childrenOf(expr)) highest = Math.max(highest, heightOf(child, above + 1));
  return highest;
}

/** A docstring says nothing to the analysis. */
export const isPlainString = (expr: Expr): expr is StringExpr => expr.kind === "string";
