import { childrenOf, forEachExpr, partsOf, type CallExpr, type Expr, type FileFacts, type Stmt } from "../../../python/index.js";
import type { Span } from "#protocol/place";

/** Expressions of a file, outer before inner: bodies, fields of classes, defaults of parameters. */
export function findExpr<E extends Expr>(facts: FileFacts, fits: (expr: Expr) => expr is E): E | undefined;
export function findExpr(facts: FileFacts, fits: (expr: Expr) => boolean): Expr | undefined;
export function findExpr(facts: FileFacts, fits: (expr: Expr) => boolean): Expr | undefined {
  let found: Expr | undefined;
  const visit = (expr: Expr) => {
    if (!found && fits(expr)) found = expr;
  };
  const inside = (expr: Expr) => {
    visit(expr);
    childrenOf(expr).forEach(inside);
  };
  for (const fn of facts.functions) forEachExpr(fn.body, visit);
  for (const cls of facts.classes) for (const { value } of cls.fields) if (value) inside(value);
  return found;
}

const spans = (expr: Expr, { start, end }: Span) => expr.start === start && expr.end === end;

/** The call that stands there, with nothing around it. */
export const callAt = (facts: FileFacts, place: Span): CallExpr | undefined =>
  findExpr(facts, (expr): expr is CallExpr => expr.kind === "call" && spans(expr, place));

/** Whether more links follow: `joinedload(A.b)` in `joinedload(A.b).load_only(...)`. */
export const isContinued = (facts: FileFacts, place: Span): boolean =>
  findExpr(facts, (expr) => expr.kind === "attribute" && spans(expr.of, place)) !== undefined;

/** What holds the expression as one of several: a list, a tuple, the arguments of a call. */
export const listAround = (facts: FileFacts, place: Span): Expr | undefined =>
  findExpr(facts, (expr) => {
    if (expr.kind === "list" || expr.kind === "tuple" || expr.kind === "set") return expr.items.some((item) => spans(item, place));
    return expr.kind === "call" && expr.args.some((arg) => arg.name === undefined && spans(arg.value, place));
  });

/** The statements of a function around an offset, outermost first. */
export function statementsAround(body: readonly Stmt[], at: number): Stmt[] {
  for (const statement of body) {
    if (at < statement.start || at >= statement.end) continue;
    for (const block of partsOf(statement).blocks) {
      const inner = statementsAround(block, at);
      if (inner.length) return [statement, ...inner];
    }
    return [statement];
  }
  return [];
}

/** Index of the innermost function around an offset; 0 for the module. */
export function functionAt(facts: FileFacts, at: number): number {
  let found = 0;
  facts.functions.forEach((fn, index) => {
    if (index > 0 && fn.start <= at && at < fn.end && fn.start >= facts.functions[found]!.start) found = index;
  });
  return found;
}

/** `models.User` as it can be written again; undefined for anything but names and dots. */
export function dottedText(expr: Expr): string | undefined {
  if (expr.kind === "name") return expr.id;
  const of = expr.kind === "attribute" ? dottedText(expr.of) : undefined;
  return of !== undefined && expr.kind === "attribute" ? `${of}.${expr.name}` : undefined;
}
