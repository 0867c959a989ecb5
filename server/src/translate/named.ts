import type { Span } from "#protocol/place";
import { childrenOf, forEachExpr, partsOf, type Expr, type FileFacts, type Stmt } from "../python/index.js";

/** Methods that send a query: what they give is no query any more. */
const sending = new Set(
  ["all", "first", "one", "one_or_none", "scalar", "scalars", "scalar_one", "scalar_one_or_none", "count", "get", "get_one"].concat([
    "delete",
    "update",
    "exists",
    "subquery",
    "cte",
    "alias",
  ]),
);

/**
 * The query expression that code at a place goes on with by its name: `stmt` of `stmt = stmt.where(…)` or `session.scalars(stmt)`. Its
 * position in `spans`; undefined where the function gives that name to no query, or to several.
 */
export function namedAt(facts: FileFacts, spans: readonly Span[], place: Span): number | undefined {
  const fn = facts.functions.reduce((best, one) =>
    one.start <= place.start && place.end <= one.end && one.start >= best.start ? one : best,
  );
  for (const name of namesAt(fn.body, place)) {
    const sites = assignedTo(fn.body, name).flatMap((value) => {
      const at = spans.findIndex((span) => span.start === value.start && span.end === value.end);
      return at >= 0 && !sends(value) ? [at] : [];
    });
    if (sites.length === 1) return sites[0];
  }
  return undefined;
}

/** Names at a place, what stands nearest first: itself, what its chain begins with, what is given to the calls around it. */
function namesAt(body: readonly Stmt[], place: Span): string[] {
  const around: Expr[] = [];
  forEachExpr(body, (expr) => expr.start <= place.end && place.start <= expr.end && around.push(expr));
  return around
    .sort((a, b) => a.end - a.start - (b.end - b.start))
    .flatMap((expr) => [expr, baseOf(expr), ...(expr.kind === "call" ? expr.args.map(({ value }) => value) : [])])
    .flatMap((expr) => (expr.kind === "name" ? [expr.id] : []));
}

/** What a chain of methods and attributes begins with. */
function baseOf(expr: Expr): Expr {
  if (expr.kind === "call") return baseOf(expr.callee);
  return expr.kind === "attribute" ? baseOf(expr.of) : expr;
}

function assignedTo(body: readonly Stmt[], name: string): Expr[] {
  return body.flatMap((statement) => {
    const { blocks } = partsOf(statement);
    const below = blocks.flatMap((block) => assignedTo(block, name));
    if (statement.kind !== "assign" || !statement.value) return below;
    return statement.targets.some((target) => target.kind === "name" && target.id === name) ? [statement.value, ...below] : below;
  });
}

function sends(value: Expr): boolean {
  if (value.kind === "call" && value.callee.kind === "attribute") return sending.has(value.callee.name);
  return value.kind === "await" && childrenOf(value).some(sends);
}
