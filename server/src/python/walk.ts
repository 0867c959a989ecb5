import type { Expr, Pattern, Stmt } from "./ir.js";

/** The expressions directly below an expression, in order of evaluation as far as that matters. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "name":
    case "string":
    case "number":
    case "constant":
      return [];
    case "attribute":
      return [expr.of];
    case "call":
      return [expr.callee, ...expr.args.map((arg) => arg.value)];
    case "subscript":
      return [expr.of, expr.index];
    case "slice":
    case "format":
      return expr.parts;
    case "list":
    case "tuple":
    case "set":
    case "operator":
    case "other":
      return expr.items;
    case "dict":
      return expr.entries.flatMap((entry) => (entry.key ? [entry.key, entry.value] : [entry.value]));
    case "splat":
    case "await":
    case "walrus":
      return [expr.value];
    case "comprehension":
      return [
        ...expr.clauses.flatMap((clause) => (clause.kind === "for" ? [clause.iter, clause.target] : [clause.test])),
        ...(expr.key ? [expr.key] : []),
        expr.element,
      ];
    case "lambda":
      return [...expr.params.flatMap((param) => param.default ?? []), expr.body];
    case "conditional":
      return [expr.test, expr.then, expr.else];
    case "yield":
      return expr.value ? [expr.value] : [];
  }
}

/** The expressions directly in a statement, and the blocks below it. Nested functions and classes are not entered. */
export function partsOf(statement: Stmt): { exprs: readonly Expr[]; blocks: readonly (readonly Stmt[])[] } {
  const list = <T>(value: T | undefined) => (value === undefined ? [] : [value]);
  switch (statement.kind) {
    case "expression":
      return { exprs: [statement.value], blocks: [] };
    case "assign":
      return { exprs: [...list(statement.value), ...statement.targets], blocks: [] };
    case "augment":
      return { exprs: [statement.value, statement.target], blocks: [] };
    case "return":
      return { exprs: list(statement.value), blocks: [] };
    case "raise":
      return { exprs: statement.values, blocks: [] };
    case "other":
      return { exprs: statement.items, blocks: [] };
    case "for":
      return { exprs: [statement.iter, statement.target], blocks: [statement.body, ...list(statement.else)] };
    case "while":
      return { exprs: [statement.test], blocks: [statement.body, ...list(statement.else)] };
    case "if":
      return {
        exprs: statement.branches.map((branch) => branch.test),
        blocks: [...statement.branches.map((b) => b.body), ...list(statement.else)],
      };
    case "with":
      return { exprs: statement.items.flatMap((item) => [item.value, ...list(item.target)]), blocks: [statement.body] };
    case "try":
      return {
        exprs: statement.handlers.flatMap((handler) => list(handler.type)),
        blocks: [statement.body, ...statement.handlers.map((h) => h.body), ...list(statement.else), ...list(statement.finally)],
      };
    case "match":
      return { exprs: [statement.subject, ...statement.cases.flatMap((c) => list(c.guard))], blocks: statement.cases.map((c) => c.body) };
    default:
      return { exprs: [], blocks: [] };
  }
}

/** Calls `visit` for every expression of the statements, outer before inner. */
export function forEachExpr(statements: readonly Stmt[], visit: (expr: Expr) => void): void {
  const inside = (expr: Expr) => {
    visit(expr);
    for (const child of childrenOf(expr)) inside(child);
  };
  for (const statement of statements) {
    const { exprs, blocks } = partsOf(statement);
    exprs.forEach(inside);
    for (const block of blocks) forEachExpr(block, visit);
  }
}

/** The patterns directly below a pattern. */
function partsOfPattern(pattern: Pattern): readonly Pattern[] {
  switch (pattern.kind) {
    case "capture":
      return pattern.of ? [pattern.of] : [];
    case "class":
      return [...pattern.items, ...pattern.named.map((one) => one.pattern)];
    case "sequence":
    case "or":
      return pattern.items;
    case "mapping":
      return pattern.entries.map((entry) => entry.pattern);
    default:
      return [];
  }
}

/** The names that a pattern binds. */
export function namesBoundBy(pattern: Pattern): readonly string[] {
  const own = pattern.kind === "mapping" ? pattern.rest : pattern.kind === "capture" || pattern.kind === "star" ? pattern.name : undefined;
  return [...(own === undefined ? [] : [own]), ...partsOfPattern(pattern).flatMap(namesBoundBy)];
}
