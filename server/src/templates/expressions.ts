import type { ConditionalExpr, Expr, OperatorExpr } from "../python/ir.js";
import type { Cursor } from "./cursor.js";
import { Nodes, nothing } from "./nodes.js";
import { PrimaryParser } from "./primaries.js";

/** Parentheses, `not not …` and the like beyond this depth are not followed. */
const maxDepth = 120;

const comparisons = ["==", "!=", "<", "<=", ">", ">="];
const sums = ["+", "-"];
const products = ["*", "/", "//", "%"];

/** Jinja's expression grammar over the tokens of one tag. */
export class ExpressionParser {
  readonly nodes: Nodes;
  private readonly primaries: PrimaryParser;
  private depth = 0;

  constructor(
    readonly text: string,
    readonly cursor: Cursor,
  ) {
    this.nodes = new Nodes((start) => this.tooDeep(start));
    this.primaries = new PrimaryParser(this);
  }

  private tooDeep(start: number): void {
    this.cursor.problem ??= { start, end: start, message: "Nested too deeply: not analysed from here on." };
    this.cursor.fail("Nested too deeply");
  }

  /** Runs `parse` one level deeper, or gives up where that is too deep. */
  deeper(parse: () => Expr): Expr {
    const { start } = this.cursor.current;
    if (this.depth >= maxDepth) {
      this.tooDeep(start);
      return nothing(start, start);
    }
    this.depth++;
    const result = parse();
    this.depth--;
    return result;
  }

  /** One expression; `a if b` only where `conditional`. */
  expression(conditional = true): Expr {
    return this.deeper(() => (conditional ? this.conditional() : this.or()));
  }

  /** One expression, or several with commas: a tuple. */
  tuple(conditional = true, ...endWords: string[]): Expr {
    const { start } = this.cursor.current;
    const first = this.expression(conditional);
    return this.tupleFrom(start, first, () => this.expression(conditional), endWords);
  }

  /** What is assigned to: a name, an attribute of a namespace, or a tuple of them. */
  target(...endWords: string[]): Expr {
    const { start } = this.cursor.current;
    return this.tupleFrom(start, this.primaries.target(), () => this.primaries.target(), endWords);
  }

  tupleFrom(start: number, first: Expr, next: () => Expr, endWords: readonly string[] = []): Expr {
    const { cursor } = this;
    if (!cursor.isOperator(",")) return first;
    const items = [first];
    while (cursor.skipOperator(",")) {
      const ends = cursor.done || cursor.isOperator(")") || cursor.isOperator("=") || endWords.some((word) => cursor.isName(word));
      if (ends) break;
      items.push(next());
    }
    return this.nodes.make({ kind: "tuple", start, end: cursor.end, items }, items);
  }

  /** `|f(a)|g` over a value that stands before it. */
  filters(value: Expr): Expr {
    return this.primaries.filters(value.start, value);
  }

  /** `f(a)|g` over the body of a block. */
  filterBlock(value: Expr): Expr {
    return this.primaries.filters(value.start, this.primaries.filter(value, value.start));
  }

  private conditional(): Expr {
    const { cursor } = this;
    const { start } = cursor.current;
    let result = this.or();
    while (cursor.skipName("if")) {
      const test = this.or();
      const otherwise = cursor.skipName("else") ? this.deeper(() => this.conditional()) : undefined;
      const orElse: Expr = otherwise ?? { kind: "constant", start: cursor.end, end: cursor.end, value: null };
      const node: ConditionalExpr = { kind: "conditional", start, end: cursor.end, test, then: result, else: orElse };
      result = this.nodes.make(node, [test, result, orElse]);
    }
    return result;
  }

  private or(): Expr {
    return this.flat(
      "or",
      () => this.cursor.skipName("or"),
      () => this.and(),
    );
  }
  private and(): Expr {
    return this.flat(
      "and",
      () => this.cursor.skipName("and"),
      () => this.not(),
    );
  }
  private not(): Expr {
    const { start } = this.cursor.current;
    if (!this.cursor.skipName("not")) return this.comparison();
    const item = this.deeper(() => this.not());
    return this.operator("not", [item], start);
  }

  /** A chain `a < b < c` is one node, as in Python. */
  private comparison(): Expr {
    const { start } = this.cursor.current;
    const items = [this.sum()];
    let first: string | undefined;
    for (let op = this.comparator(); op !== undefined; op = this.comparator()) {
      first ??= op;
      items.push(this.sum());
    }
    return first === undefined ? items[0]! : this.operator(first, items, start);
  }
  private comparator(): string | undefined {
    const { cursor } = this;
    if (cursor.skipName("in")) return "in";
    if (cursor.skipNames("not", "in")) return "not in";
    const { kind, text } = cursor.current;
    return kind === "operator" && comparisons.includes(text) ? cursor.take().text : undefined;
  }

  private sum(): Expr {
    return this.left(sums, () => this.concatenation());
  }
  private concatenation(): Expr {
    return this.flat(
      "~",
      () => this.cursor.skipOperator("~"),
      () => this.product(),
    );
  }
  private product(): Expr {
    return this.left(products, () => this.power());
  }
  /** From the left, unlike in Python. */
  private power(): Expr {
    return this.left(["**"], () => this.unary(true));
  }

  /** A sign binds tighter than a filter: `-x|abs` is `(-x)|abs`. */
  private unary(filtered: boolean): Expr {
    const { cursor } = this;
    const { start, text } = cursor.current;
    const sign = cursor.skipOperator("-") || cursor.skipOperator("+");
    const inner = sign ? this.operator(text, [this.deeper(() => this.unary(false))], start) : this.primaries.primary();
    const node = this.primaries.postfix(start, inner);
    return filtered ? this.primaries.filters(start, node) : node;
  }

  private left(ops: readonly string[], operand: () => Expr): Expr {
    const { cursor } = this;
    const { start } = cursor.current;
    let result = operand();
    while (cursor.current.kind === "operator" && ops.includes(cursor.current.text)) {
      const op = cursor.take().text;
      result = this.operator(op, [result, operand()], start);
    }
    return result;
  }

  private flat(op: string, skip: () => boolean, operand: () => Expr): Expr {
    const { start } = this.cursor.current;
    const items = [operand()];
    while (skip()) items.push(operand());
    return items.length === 1 ? items[0]! : this.operator(op, items, start);
  }

  private operator(op: string, items: readonly Expr[], start: number): Expr {
    return this.nodes.make<OperatorExpr>({ kind: "operator", start, end: this.cursor.end, op, items }, items);
  }
}
