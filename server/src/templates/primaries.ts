import type { Argument, Expr, NumberExpr, SubscriptExpr } from "../python/ir.js";
import { stringFrom } from "../python/lower/strings.js";
import type { ExpressionParser } from "./expressions.js";
import { nameOf, nothing } from "./nodes.js";
import { templateNames } from "./names.js";
import type { Token } from "./tokens.js";

const constants: Readonly<Record<string, boolean | null>> = { true: true, True: true, false: false, False: false, none: null, None: null };
/** Words that end a test without an argument: `x is odd and y`. Any other word is the argument. */
const afterTest = ["else", "or", "and", "if", "is"];

/** Names, literals and what binds tighter than any operator: attributes, calls, filters and tests. */
export class PrimaryParser {
  constructor(private readonly outer: ExpressionParser) {}

  private get cursor() {
    return this.outer.cursor;
  }

  primary(): Expr {
    const { kind, text, start } = this.cursor.current;
    if (kind === "name") return this.name();
    if (kind === "string") return this.string();
    if (kind === "number") return numberOf(this.cursor.take());
    if (text === "(") return this.parentheses();
    if (text === "[") return this.list();
    if (text === "{") return this.dict();
    this.cursor.fail("Expected an expression");
    return nothing(start, start);
  }

  target(): Expr {
    const { start } = this.cursor.current;
    let result = this.primary();
    while (this.cursor.skipOperator(".")) result = this.attribute(result, start);
    return result;
  }

  /** Attributes, subscripts and calls. `start` may stand before `of`: at its parenthesis. */
  postfix(start: number, of: Expr): Expr {
    const { cursor } = this;
    let result = of;
    for (;;) {
      if (cursor.skipOperator(".")) result = this.attribute(result, start);
      else if (cursor.skipOperator("[")) result = this.subscript(result, start);
      else if (cursor.isOperator("(")) result = this.call(result, start);
      else return result;
    }
  }

  filters(start: number, of: Expr): Expr {
    const { cursor } = this;
    let result = of;
    for (;;) {
      if (cursor.skipOperator("|")) result = this.filter(result, start);
      else if (cursor.skipName("is")) result = this.test(result, start);
      else if (cursor.isOperator("(")) result = this.call(result, start);
      else return result;
    }
  }

  /** From `(` to `)`. */
  arguments(): Argument[] {
    const { cursor } = this;
    const args: Argument[] = [];
    cursor.expectOperator("(");
    while (!cursor.done && !cursor.isOperator(")")) {
      if (args.length > 0) {
        cursor.expectOperator(",");
        if (cursor.done || cursor.isOperator(")")) break;
      }
      args.push(this.argument());
    }
    cursor.expectOperator(")");
    return args;
  }

  private argument(): Argument {
    const { cursor } = this;
    if (cursor.skipOperator("*")) return { splat: 1, value: this.outer.expression() };
    if (cursor.skipOperator("**")) return { splat: 2, value: this.outer.expression() };
    if (cursor.current.kind !== "name" || cursor.next.text !== "=") return { value: this.outer.expression() };
    const name = cursor.take().text;
    cursor.take();
    return { name, value: this.outer.expression() };
  }

  private name(): Expr {
    const token = this.cursor.take();
    const { text, start, end } = token;
    return Object.hasOwn(constants, text) ? { kind: "constant", start, end, value: constants[text]! } : nameOf(token);
  }

  /** Strings side by side are one. */
  private string(): Expr {
    const literals: Token[] = [];
    while (this.cursor.current.kind === "string") literals.push(this.cursor.take());
    return stringFrom(this.outer.text, literals);
  }

  private parentheses(): Expr {
    const { cursor, outer } = this;
    const { start } = cursor.take();
    if (cursor.skipOperator(")")) return { kind: "tuple", start, end: cursor.end, items: [] };
    const inner = outer.tuple();
    cursor.expectOperator(")");
    return inner.kind === "tuple" ? outer.nodes.make({ ...inner, start, end: cursor.end }, inner.items) : inner;
  }

  private list(): Expr {
    const { cursor, outer } = this;
    const { start } = cursor.take();
    const items: Expr[] = [];
    while (!cursor.done && !cursor.isOperator("]")) {
      items.push(outer.expression());
      if (!cursor.skipOperator(",")) break;
    }
    cursor.expectOperator("]");
    return outer.nodes.make({ kind: "list", start, end: cursor.end, items }, items);
  }

  private dict(): Expr {
    const { cursor, outer } = this;
    const { start } = cursor.take();
    const entries: { key: Expr; value: Expr }[] = [];
    while (!cursor.done && !cursor.isOperator("}")) {
      const key = outer.expression();
      cursor.expectOperator(":");
      entries.push({ key, value: cursor.done ? nothing(cursor.end, cursor.end) : outer.expression() });
      if (!cursor.skipOperator(",")) break;
    }
    cursor.expectOperator("}");
    const parts = entries.flatMap(({ key, value }) => [key, value]);
    return outer.nodes.make({ kind: "dict", start, end: cursor.end, entries }, parts);
  }

  /** Behind the dot: a name, or a number that means a subscript. */
  private attribute(of: Expr, start: number): Expr {
    const { cursor, outer } = this;
    const { kind, text } = cursor.current;
    if (kind !== "name" && kind !== "number") {
      cursor.fail("Expected a name");
      return of;
    }
    const token = cursor.take();
    if (kind === "name") return outer.nodes.make({ kind: "attribute", start, end: token.end, of, name: text }, [of]);
    return outer.nodes.make<SubscriptExpr>({ kind: "subscript", start, end: token.end, of, index: numberOf(token) }, [of]);
  }

  private subscript(of: Expr, start: number): Expr {
    const { cursor, outer } = this;
    const { start: first } = cursor.current;
    const index = outer.tupleFrom(first, this.subscribed(), () => this.subscribed());
    cursor.expectOperator("]");
    return outer.nodes.make<SubscriptExpr>({ kind: "subscript", start, end: cursor.end, of, index }, [of, index]);
  }

  /** An index, or a slice of up to three parts. */
  private subscribed(): Expr {
    const { cursor, outer } = this;
    const { start } = cursor.current;
    const first = cursor.isOperator(":") ? undefined : outer.expression();
    if (first && !cursor.isOperator(":")) return first;
    const parts = first ? [first] : [];
    while (cursor.skipOperator(":"))
      if (![":", "]", ","].some((mark) => cursor.isOperator(mark)) && !cursor.done) parts.push(outer.expression());
    return outer.nodes.make({ kind: "slice", start, end: cursor.end, parts }, parts);
  }

  private call(callee: Expr, start: number): Expr {
    const args = this.arguments();
    return this.outer.nodes.call(callee, args, start, this.cursor.end);
  }

  /** Behind `|`: `f` or `f(a)`, also with a dotted name. */
  filter(of: Expr, start: number): Expr {
    const { cursor, outer } = this;
    const word = this.dottedName("the name of a filter");
    if (!word) return of;
    const args = cursor.isOperator("(") ? this.arguments() : [];
    return outer.nodes.member(templateNames.filter, word.text, word, [{ value: of }, ...args], start, cursor.end);
  }

  /** Behind `is`: `f`, `not f`, `f(a)` or `f a`. */
  private test(of: Expr, start: number): Expr {
    const { cursor, outer } = this;
    const negated = cursor.skipName("not");
    const word = this.dottedName("the name of a test");
    if (!word) return of;
    const args = cursor.isOperator("(") ? this.arguments() : this.bareArgument();
    const call = outer.nodes.member(templateNames.test, word.text, word, [{ value: of }, ...args], start, cursor.end);
    return negated ? outer.nodes.make({ kind: "operator", start, end: cursor.end, op: "not", items: [call] }, [call]) : call;
  }

  private bareArgument(): Argument[] {
    const { kind, text, start } = this.cursor.current;
    const begins = kind === "name" ? !afterTest.includes(text) : kind === "operator" ? text === "[" || text === "{" : kind !== "end";
    return begins ? [{ value: this.postfix(start, this.primary()) }] : [];
  }

  private dottedName(what: string): Token | undefined {
    const { cursor } = this;
    const first = cursor.expectName(what);
    let word = first;
    while (first && cursor.skipOperator(".")) {
      const part = cursor.expectName(what);
      if (part) word = { kind: "name", text: `${word!.text}.${part.text}`, start: first.start, end: part.end };
    }
    return word;
  }
}

const numberOf = ({ text, start, end }: Token): NumberExpr => ({ kind: "number", start, end, text });
