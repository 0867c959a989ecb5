import type { Span } from "#protocol/place";
import { childrenOf, partsOf, type Expr, type FileFacts, type Stmt } from "../python/index.js";
import { wordOf } from "../orm/project/names.js";
import type { OrmIndex } from "../orm/index.js";

/** Methods that send SQL as text, of SQLAlchemy's connections and sessions and of the drivers. */
const sending = new Set(["execute", "executemany", "exec_driver_sql", "fetch", "fetchrow", "fetchval"]);
const libraries = ["sqlalchemy", "psycopg", "psycopg2", "asyncpg", "sqlmodel"];

/** SQL that is put together from values when the code runs: where, and by what. It is no one statement. */
export interface ComposedSql {
  readonly span: Span;
  readonly how: "an f-string" | "concatenation" | "the operator %" | ".format()";
}

/** `text(f"…{x}…")`, `execute("…" + x)` and their kin in a file, in order. */
export function composedSql(index: OrmIndex, file: string): ComposedSql[] {
  const facts = index.files.get(file);
  if (!facts || !facts.words.some((word) => word === "text" || sending.has(word))) return [];
  const usesLibrary = facts.imports.some(({ module }) => libraries.includes(module.split(".")[0] ?? ""));
  const found: ComposedSql[] = [];
  const visit = (expr: Expr): void => {
    if (expr.kind === "call" && takesSql(index, file, expr.callee, usesLibrary)) {
      const sql = expr.args[0]?.value;
      const how = sql && howComposed(sql);
      if (how) found.push({ span: { start: expr.start, end: expr.end }, how });
    }
    childrenOf(expr).forEach(visit);
  };
  everyExpr(facts, visit);
  return found.sort((a, b) => a.span.start - b.span.start);
}

function takesSql(index: OrmIndex, file: string, callee: Expr, usesLibrary: boolean): boolean {
  if (callee.kind === "attribute" && sending.has(callee.name)) return usesLibrary;
  return (callee.kind === "name" || callee.kind === "attribute") && wordOf(index.symbols, file, callee) === "text";
}

function howComposed(sql: Expr): ComposedSql["how"] | undefined {
  // A t-string binds its values.
  if (sql.kind === "format") return sql.parts.length > 0 && !sql.template ? "an f-string" : undefined;
  if (sql.kind === "call" && sql.callee.kind === "attribute" && sql.callee.name === "format")
    return sql.callee.of.kind === "string" ? ".format()" : undefined;
  if (sql.kind !== "operator" || (sql.op !== "+" && sql.op !== "%")) return undefined;
  const [first] = sql.items;
  const isText = (item: Expr | undefined) => item?.kind === "string" || item?.kind === "format" || howOrNothing(item) !== undefined;
  if (sql.items.every((item) => item.kind === "string") || !isText(first)) return undefined;
  return sql.op === "%" ? "the operator %" : "concatenation";
}
const howOrNothing = (expr: Expr | undefined) => expr && howComposed(expr);

function everyExpr(facts: FileFacts, visit: (expr: Expr) => void): void {
  const inside = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      const { exprs, blocks } = partsOf(statement);
      exprs.forEach(visit);
      blocks.forEach(inside);
    }
  };
  for (const fn of facts.functions) inside(fn.body);
  for (const { fields } of facts.classes) for (const { value } of fields) if (value) visit(value);
}
