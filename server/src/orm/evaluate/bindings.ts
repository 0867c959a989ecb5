import { childrenOf, partsOf, type Expr, type ForStmt, type Stmt, type WhileStmt } from "../../python/index.js";
import { targetNames } from "./targets.js";

/** Names that a loop gives another value in each round: its target, and everything its body assigns. */
export function boundNames(loop: ForStmt | WhileStmt): ReadonlySet<string> {
  const names = new Set<string>(loop.kind === "for" ? targetNames(loop.target) : []);
  if (loop.kind === "while") walrus(loop.test, names);
  collect(loop.body, names);
  return names;
}

function collect(statements: readonly Stmt[], names: Set<string>): void {
  for (const statement of statements) {
    if (statement.kind === "assign") for (const target of statement.targets) for (const name of targetNames(target)) names.add(name);
    if (statement.kind === "augment") for (const name of targetNames(statement.target)) names.add(name);
    if (statement.kind === "for") for (const name of targetNames(statement.target)) names.add(name);
    const { exprs, blocks } = partsOf(statement);
    for (const expr of exprs) walrus(expr, names);
    for (const block of blocks) collect(block, names);
  }
}

function walrus(expr: Expr, names: Set<string>): void {
  if (expr.kind === "walrus") names.add(expr.target);
  for (const child of childrenOf(expr)) walrus(child, names);
}
