import { childrenOf, partsOf, type Argument, type Expr, type FileFacts, type Stmt } from "../python/index.js";
import { wordOf } from "../orm/project/names.js";
import type { OrmIndex } from "../orm/index.js";

/** A query expression as the syntax shows it. */
export interface SyntaxSite {
  /** The call (or `Model.query`) that begins it. */
  readonly start: number;
  readonly end: number;
  /** End of the chain of methods that hangs on it. */
  readonly chainEnd: number;
  /** Index of the function in which it stands. */
  readonly function: number;
  /** A class's body: its index. */
  readonly class?: number;
}

const functions = new Set(["select", "insert", "update", "delete", "exists"]);
const tableMethods = new Set(["insert", "update", "delete", "select"]);

function isSite(index: OrmIndex, file: string, expr: Expr): boolean {
  if (expr.kind === "attribute") return expr.name === "query" && isModel(index, file, expr.of);
  if (expr.kind !== "call") return false;
  const { callee } = expr;
  // `from sqlalchemy.dialects.postgresql import insert as pg_insert`
  if (callee.kind === "name") return isSqlalchemy(index, file, callee);
  if (callee.kind !== "attribute") return false;
  if (functions.has(callee.name) && isSqlalchemy(index, file, callee)) return true;
  if (callee.name === "query")
    return (
      takesQuery(expr.args) && !isModel(index, file, callee.of) && !isForeign(index, file, callee.of) && namesModel(expr.args[0]!.value)
    );
  if (callee.name === "get" || callee.name === "get_one") return expr.args.length > 1 && isModel(index, file, expr.args[0]!.value);
  return tableMethods.has(callee.name) && isTable(index, file, callee.of);
}

const isSqlalchemy = (index: OrmIndex, file: string, expr: Expr) => functions.has(wordOf(index.symbols, file, expr) ?? "");
const isModel = (index: OrmIndex, file: string, expr: Expr) => index.entity(index.symbols.resolve(file, expr)) !== undefined;

function isForeign(index: OrmIndex, file: string, expr: Expr): boolean {
  const symbol = index.symbols.resolve(file, expr);
  return symbol?.kind === "module" || (symbol?.kind === "external" && !symbol.name.includes("db") && !symbol.name.includes("session"));
}

/** `Session.query` takes classes and columns one by one: calls with names are those of other libraries. */
const takesQuery = (args: readonly Argument[]) => args.length > 0 && args.every((arg) => arg.name === undefined && arg.splat !== 2);

/** `query("text")` of other libraries is none. */
function namesModel(expr: Expr): boolean {
  return !["string", "format", "number", "constant", "dict", "lambda"].includes(expr.kind);
}

function isTable(index: OrmIndex, file: string, expr: Expr): boolean {
  if (expr.kind === "attribute" && expr.name === "__table__") return true;
  const symbol = index.symbols.resolve(file, expr);
  return (
    symbol?.kind === "variable" && symbol.value?.kind === "call" && wordOf(index.symbols, symbol.file, symbol.value.callee) === "Table"
  );
}

const known = new WeakMap<OrmIndex, WeakMap<FileFacts, readonly SyntaxSite[]>>();

/** The query expressions of a file in order. */
export function sitesOf(index: OrmIndex, file: string, facts: FileFacts): readonly SyntaxSite[] {
  let byFile = known.get(index);
  if (!byFile) known.set(index, (byFile = new WeakMap<FileFacts, readonly SyntaxSite[]>()));
  const before = byFile.get(facts);
  if (before) return before;
  const found = findSites(index, file, facts);
  byFile.set(facts, found);
  return found;
}

function findSites(index: OrmIndex, file: string, facts: FileFacts): SyntaxSite[] {
  const sites: SyntaxSite[] = [];
  if (!facts.words.some((word) => functions.has(word) || word === "query" || word === "get" || word === "get_one")) return sites;
  const visit = (expr: Expr, chainEnd: number, fn: number, inClass?: number): void => {
    if (isSite(index, file, expr))
      sites.push({ start: expr.start, end: expr.end, chainEnd, function: fn, ...(inClass === undefined ? {} : { class: inClass }) });
    const before = expr.kind === "call" ? expr.callee : expr.kind === "attribute" || expr.kind === "subscript" ? expr.of : undefined;
    for (const child of childrenOf(expr))
      visit(child, child === before && expr.kind !== "call" ? chainEnd : child === before ? chainEnd : child.end, fn, inClass);
  };
  const inside = (statements: readonly Stmt[], fn: number): void => {
    for (const statement of statements) {
      const { exprs, blocks } = partsOf(statement);
      for (const expr of exprs) visit(expr, expr.end, fn);
      for (const block of blocks) inside(block, fn);
    }
  };
  facts.functions.forEach((fn, index) => {
    inside(fn.body, index);
    for (const param of fn.params) if (param.default) visit(param.default, param.default.end, index);
  });
  facts.classes.forEach((fact, at) => {
    for (const { value } of fact.fields) if (value) visit(value, value.end, fact.function, at);
  });
  return sites.sort((a, b) => a.start - b.start || b.end - a.end);
}
