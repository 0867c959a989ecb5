import { exact } from "../lower/exact.js";
import type { Argument, Expr } from "../ir.js";
import { indentBetween } from "../lower/layout.js";
import { readBraces, readBrackets, readClauses, readParentheses } from "./displays.js";
import { readExpr, readStarred } from "./expressions.js";
import { isLiteral } from "../lower/types.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";
import { readStrings } from "./strings.js";

/** A name, literal or display with the attributes, calls and subscripts behind it. */
export function readPrimary(r: Reader): Expr {
  const { start } = r;
  let expr = atom(r);
  for (;;) {
    if (r.token === ".") expr = attribute(r, start, expr);
    else if (r.token === "(") expr = call(r, start, expr);
    else if (r.token === "[") expr = subscript(r, start, expr);
    else return expr;
    r.link();
  }
}

function atom(r: Reader): Expr {
  const { start, end } = r;
  switch (r.token) {
    case "name": {
      const id = r.word;
      r.advance();
      return { kind: "name", start, end, id };
    }
    case "string":
    case "format":
      return readStrings(r);
    case "number":
      r.advance();
      return { kind: "number", start, end, text: r.text.slice(start, end) };
    case "(":
      return r.deeper(readParentheses);
    case "[":
      return r.deeper(readBrackets);
    case "{":
      return r.deeper(readBraces);
    case "None":
      return constant(r, start, end, null);
    case "True":
      return constant(r, start, end, true);
    case "False":
      return constant(r, start, end, false);
    case "...":
      return constant(r, start, end, "...");
    default:
      return giveUp();
  }
}

function constant(r: Reader, start: number, end: number, value: boolean | null | "..."): Expr {
  r.advance();
  return { kind: "constant", start, end, value };
}

function attribute(r: Reader, start: number, of: Expr): Expr {
  const objectEnd = r.lastEnd;
  r.advance();
  const { end } = r;
  const name = r.name();
  const dot = end - name.length - 1;
  // Most dots stand right behind their object: nothing to measure.
  const indent = objectEnd === dot ? undefined : indentBetween(r.text, objectEnd, dot);
  return indent === undefined ? { kind: "attribute", start, end, of, name } : { kind: "attribute", start, end, of, name, indent };
}

function call(r: Reader, start: number, callee: Expr): Expr {
  const bracket = r.start;
  r.advance();
  const first = r.start;
  const indent = r.token === ")" ? undefined : indentBetween(r.text, bracket + 1, first);
  const args = r.asValues(() => readArguments(r, bracket));
  const end = r.lastEnd;
  const isGenerator = args.length === 1 && args[0]!.value.kind === "comprehension" && args[0]!.value.start === bracket;
  return indent === undefined || isGenerator
    ? { kind: "call", start, end, callee, args }
    : { kind: "call", start, end, callee, args, indent };
}

/** Arguments up to and including the bracket that closes; `bracket` is where it opened. */
export function readArguments(r: Reader, bracket: number): Argument[] {
  const args: Argument[] = [];
  while (r.token !== ")") {
    if (r.skip("*")) args.push({ splat: 1, value: readExpr(r) });
    else if (r.skip("**")) args.push({ splat: 2, value: readExpr(r) });
    else {
      const { start } = r;
      const value = readExpr(r);
      if (r.token === "for" || r.token === "async") return args.length > 0 ? giveUp() : [{ value: generator(r, bracket, value) }];
      if (r.token !== "=") args.push({ value });
      else {
        if (value.kind !== "name" || value.start !== start) giveUp();
        r.advance();
        args.push({ name: (value as Expr & { kind: "name" }).id, value: readExpr(r) });
      }
    }
    if (r.token !== ")" && !r.skip(",")) giveUp();
  }
  r.advance();
  return exact(args);
}

function generator(r: Reader, start: number, element: Expr): Expr {
  const clauses = readClauses(r);
  r.expect(")");
  return { kind: "comprehension", start, end: r.lastEnd, of: "generator", clauses, element };
}

function subscript(r: Reader, start: number, of: Expr): Expr {
  r.advance();
  const items = isLiteral(of) ? r.asValues(() => subscriptItems(r)) : subscriptItems(r);
  r.expect("]");
  const first = items[0]!;
  const index: Expr = items.length === 1 ? first : { kind: "tuple", start: first.start, end: items.at(-1)!.end, items };
  return { kind: "subscript", start, end: r.lastEnd, of, index };
}

function subscriptItems(r: Reader): Expr[] {
  const items: Expr[] = [];
  do items.push(r.deeper(subscriptItem));
  while (r.skip(",") && !r.is("]"));
  return exact(items);
}

function subscriptItem(r: Reader): Expr {
  const { start } = r;
  const parts: Expr[] = [];
  if (r.token !== ":") {
    const expr = readStarred(r);
    if (r.token !== ":") return expr;
    parts.push(expr);
  }
  for (let colons = 0; r.skip(":");) {
    if (++colons > 2) giveUp();
    if (r.token !== ":" && r.token !== "]" && r.token !== ",") parts.push(readExpr(r));
  }
  return { kind: "slice", start, end: r.lastEnd, parts: exact(parts) };
}
