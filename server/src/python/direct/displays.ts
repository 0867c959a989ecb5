import { exact } from "../lower/exact.js";
import type { Clause, ComprehensionExpr, Expr } from "../ir.js";
import { readDisjunction, readExpr, readStarred, readTarget, readYield } from "./expressions.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";

type DictEntry = { readonly key?: Expr; readonly value: Expr };

const startsClause = (r: Reader) => r.token === "for" || r.token === "async";

/** The clauses of a comprehension, from its first `for`. */
export function readClauses(r: Reader): Clause[] {
  const clauses: Clause[] = [];
  for (;;) {
    if (r.skip("if")) clauses.push({ kind: "if", test: readDisjunction(r) });
    else if (startsClause(r)) clauses.push(forClause(r));
    else return exact(clauses);
  }
}

function forClause(r: Reader): Clause {
  const { start } = r;
  const isAsync = r.skip("async");
  r.expect("for");
  const target = readTarget(r);
  r.expect("in");
  const iter = readDisjunction(r);
  const end = r.lastEnd;
  return isAsync ? { kind: "for", start, end, target, iter, async: true } : { kind: "for", start, end, target, iter };
}

/** Elements up to and including the bracket that closes; the first one is read already. */
function elements(r: Reader, first: Expr, close: string): Expr[] {
  const items = [first];
  while (r.skip(",") && r.token !== close) items.push(readStarred(r));
  r.expect(close);
  return exact(items);
}

function comprehension(r: Reader, start: number, of: "list" | "set" | "generator", element: Expr, close: string): ComprehensionExpr {
  if (element.kind === "splat") giveUp();
  const clauses = readClauses(r);
  r.expect(close);
  return { kind: "comprehension", start, end: r.lastEnd, of, clauses, element };
}

/** A tuple, a generator, or something that only stands in parentheses. */
export function readParentheses(r: Reader): Expr {
  const { start } = r;
  r.advance();
  if (r.skip(")")) return { kind: "tuple", start, end: r.lastEnd, items: [] };
  const first = r.token === "yield" ? readYield(r) : readStarred(r);
  if (startsClause(r)) return comprehension(r, start, "generator", first, ")");
  if (r.token === ",") {
    const items = elements(r, first, ")");
    return { kind: "tuple", start, end: r.lastEnd, items };
  }
  if (first.kind === "splat") giveUp();
  r.expect(")");
  r.parentheses++;
  return first;
}

export function readBrackets(r: Reader): Expr {
  const { start } = r;
  r.advance();
  if (r.skip("]")) return { kind: "list", start, end: r.lastEnd, items: [] };
  const first = readStarred(r);
  if (startsClause(r)) return comprehension(r, start, "list", first, "]");
  const items = elements(r, first, "]");
  return { kind: "list", start, end: r.lastEnd, items };
}

/** A dictionary or a set. */
export function readBraces(r: Reader): Expr {
  const { start } = r;
  r.advance();
  if (r.skip("}")) return { kind: "dict", start, end: r.lastEnd, entries: [] };
  if (r.token === "**") return dictionary(r, start, entry(r));
  const first = readStarred(r);
  if (r.token === ":" && first.kind !== "splat") {
    r.advance();
    const value = readExpr(r);
    return startsClause(r) ? dictionaryComprehension(r, start, first, value) : dictionary(r, start, { key: first, value });
  }
  if (startsClause(r)) return comprehension(r, start, "set", first, "}");
  const items = elements(r, first, "}");
  return { kind: "set", start, end: r.lastEnd, items };
}

function entry(r: Reader): DictEntry {
  if (r.skip("**")) return { value: readExpr(r) };
  const key = readExpr(r);
  r.expect(":");
  return { key, value: readExpr(r) };
}

function dictionary(r: Reader, start: number, first: DictEntry): Expr {
  const entries = [first];
  while (r.skip(",") && r.token !== "}") entries.push(entry(r));
  r.expect("}");
  return { kind: "dict", start, end: r.lastEnd, entries: exact(entries) };
}

function dictionaryComprehension(r: Reader, start: number, key: Expr, element: Expr): Expr {
  const clauses = readClauses(r);
  r.expect("}");
  return { kind: "comprehension", start, end: r.lastEnd, of: "dict", clauses, key, element };
}
