import { exact } from "../lower/exact.js";
import type { Expr, OperatorExpr, ParamFact } from "../ir.js";
import { readParams } from "./params.js";
import { readPrimary } from "./primaries.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";
import { precedence } from "./words.js";

const comparisons: ReadonlySet<string> = new Set(["<", ">", "==", "!=", "<=", ">=", "in", "is", "not"]);

/** Whatever may stand between brackets or behind `=`, without commas. */
export const readExpr = (r: Reader): Expr => r.deeper(expression);
/** The same without `:=`, whose colon means something else in a format string. */
export const readFormatted = (r: Reader): Expr => r.deeper(conditional);
/** What `for … in` and conditions of comprehensions take: no conditional expression. */
export const readDisjunction = (r: Reader): Expr => r.deeper(disjunction);

function expression(r: Reader): Expr {
  const { start } = r;
  const expr = conditional(r);
  if (r.token !== ":=") return expr;
  if (expr.kind !== "name" || expr.start !== start) return giveUp();
  r.advance();
  const value = readExpr(r);
  return { kind: "walrus", start, end: r.lastEnd, target: expr.id, value };
}

function conditional(r: Reader): Expr {
  if (r.token === "lambda") return lambda(r);
  const { start } = r;
  const then = disjunction(r);
  if (r.token !== "if") return then;
  r.advance();
  const test = readDisjunction(r);
  r.expect("else");
  const otherwise = readFormatted(r);
  return { kind: "conditional", start, end: r.lastEnd, then, test, else: otherwise };
}

function lambda(r: Reader): Expr {
  const { start } = r;
  r.advance();
  const params: ParamFact[] = readParams(r, ":");
  r.expect(":");
  const body = readFormatted(r);
  return { kind: "lambda", start, end: r.lastEnd, params, body };
}

const operator = (r: Reader, start: number, op: string, items: readonly Expr[]): OperatorExpr => ({
  kind: "operator",
  start,
  end: r.lastEnd,
  op,
  items,
});

function disjunction(r: Reader): Expr {
  const { start } = r;
  let left = conjunction(r);
  while (r.token === "or") {
    r.advance();
    r.link();
    const right = conjunction(r);
    left = operator(r, start, "or", [left, right]);
  }
  return left;
}

function conjunction(r: Reader): Expr {
  const { start } = r;
  let left = inversion(r);
  while (r.token === "and") {
    r.advance();
    r.link();
    const right = inversion(r);
    left = operator(r, start, "and", [left, right]);
  }
  return left;
}

function inversion(r: Reader): Expr {
  if (r.token !== "not") return comparison(r);
  const { start } = r;
  r.advance();
  const operand = r.deeper(inversion);
  return operator(r, start, "not", [operand]);
}

/** `a < b < c` is one comparison with three operands. */
function comparison(r: Reader): Expr {
  const { start } = r;
  const first = binary(r, 1);
  if (!comparisons.has(r.token)) return first;
  const items = [first];
  let op = "";
  while (comparisons.has(r.token)) {
    const word = comparisonOperator(r);
    op ||= word;
    items.push(binary(r, 1));
  }
  return operator(r, start, op, exact(items));
}

function comparisonOperator(r: Reader): string {
  const op = r.token;
  r.advance();
  if (op === "not") {
    r.expect("in");
    return "not in";
  }
  return op === "is" && r.skip("not") ? "is not" : op;
}

/** Arithmetic and bitwise operators that bind at least as tightly as `least`. */
function binary(r: Reader, least: number): Expr {
  const { start } = r;
  let left = unary(r);
  for (;;) {
    const op = r.token;
    const binds = precedence.get(op);
    if (binds === undefined || binds < least) return left;
    r.advance();
    r.link();
    const right = binary(r, binds + 1);
    left = operator(r, start, op, [left, right]);
  }
}
/** What a star may stand before, and targets of loops: everything that binds more tightly than a comparison. */
export const readOperand = (r: Reader): Expr => r.deeper((reader) => binary(reader, 1));

function unary(r: Reader): Expr {
  const { start, token } = r;
  if (token === "-" || token === "+" || token === "~") {
    r.advance();
    const operand = r.deeper(unary);
    return operator(r, start, token, [operand]);
  }
  const base = token === "await" ? awaited(r) : readPrimary(r);
  if (r.token !== "**") return base;
  r.advance();
  const exponent = r.deeper(unary);
  return operator(r, start, "**", [base, exponent]);
}

function awaited(r: Reader): Expr {
  const { start } = r;
  r.advance();
  const value = readPrimary(r);
  return { kind: "await", start, end: r.lastEnd, value };
}

/** With a star in front, where one may stand. */
export function readStarred(r: Reader): Expr {
  if (r.token !== "*") return readExpr(r);
  const { start } = r;
  r.advance();
  const value = readOperand(r);
  return { kind: "splat", start, end: r.lastEnd, value };
}

/** One expression, or a tuple without brackets. */
export function readList(r: Reader): Expr {
  const { start } = r;
  const first = readStarred(r);
  return r.token === "," ? readTuple(r, start, first, readStarred) : first;
}

/** Continues a tuple without brackets at its first comma. */
export function readTuple(r: Reader, start: number, first: Expr, item: (r: Reader) => Expr): Expr {
  const items = [first];
  while (r.skip(",")) {
    if (endsTuple.has(r.token)) break;
    items.push(item(r));
  }
  return { kind: "tuple", start, end: r.lastEnd, items: exact(items) };
}
const endsTuple: ReadonlySet<string> = new Set(["newline", "end", "=", ")", "]", "}", ":", ";", "in", "!", ":="]);

/** `for` target: it ends before `in`. */
export function readTarget(r: Reader): Expr {
  const { start, parentheses } = r;
  const item = (reader: Reader): Expr => {
    const star = reader.start;
    const isSplat = reader.skip("*");
    const value = readOperand(reader);
    return isSplat ? { kind: "splat", start: star, end: reader.lastEnd, value } : value;
  };
  const first = item(r);
  const target = r.token === "," ? readTuple(r, start, first, item) : first;
  // `for (a) in b`: brackets around one target make a pattern of their own.
  if (r.parentheses !== parentheses) giveUp();
  return target;
}

/** `yield`, with what follows it. */
export function readYield(r: Reader): Expr {
  const { start } = r;
  r.advance();
  r.facts.generator = true;
  if (r.skip("from")) {
    const value = readExpr(r);
    return { kind: "yield", start, end: r.lastEnd, from: true, value };
  }
  if (endsTuple.has(r.token)) return { kind: "yield", start, end: r.lastEnd };
  const value = readList(r);
  return { kind: "yield", start, end: r.lastEnd, value };
}

export function readType(r: Reader): Expr {
  const before = r.inType;
  r.inType = true;
  const result = readExpr(r);
  r.inType = before;
  return result;
}
