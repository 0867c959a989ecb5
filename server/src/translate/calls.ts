import { childrenOf, partsOf, type CallExpr, type Expr, type FileFacts, type Stmt } from "../python/index.js";
import type { OrmIndex } from "../orm/index.js";

/** A call in the project's code that may call a function. */
export interface CallSite {
  readonly file: string;
  readonly expr: CallExpr;
  /** Index of the function in which it stands. */
  readonly function: number;
}

/** What a file does with a name. */
interface Uses {
  readonly calls: readonly CallSite[];
  /** The name as a value: `map(visible, rows)`, `handler = self.visible`. */
  readonly values: readonly Expr[];
}

/** More callers are not told apart. */
const mostCalls = 24;
const none: Uses = { calls: [], values: [] };
const known = new WeakMap<FileFacts, Map<string, Uses>>();

/**
 * The calls that may be calls of a function, by its name. Undefined where they do not say who calls it: nobody does, too many do, or it is
 * handed on as a value.
 */
export function callsOf(index: OrmIndex, file: string, at: number): readonly CallSite[] | undefined {
  const fn = index.files.get(file)!.functions[at]!;
  if (fn.name.startsWith("__")) return undefined;
  const isMethod = fn.class !== undefined;
  const calls: CallSite[] = [];
  for (const [where, facts] of index.files) {
    const uses = usesOf(where, facts, fn.name);
    /** Undefined where it takes the running code to tell: a method of some object, a name of a function. */
    const isTarget = (expr: Expr): boolean | undefined => {
      const symbol = index.symbols.resolve(where, expr);
      return symbol && symbol.kind === "function" && symbol.file === file && symbol.index === at;
    };
    if (uses.values.some((value) => (isMethod ? value.kind === "attribute" : isTarget(value)))) return undefined;
    const mayCall = ({ expr: { callee } }: CallSite) => (!isMethod || callee.kind === "attribute") && isTarget(callee) !== false;
    calls.push(...uses.calls.filter(mayCall));
    if (calls.length > mostCalls) return undefined;
  }
  return calls.length > 0 ? calls : undefined;
}

/** Whether only one function of the project is called so. */
export function isOnlyOne(index: OrmIndex, name: string): boolean {
  let found = 0;
  for (const facts of index.files.values())
    if (facts.words.includes(name)) found += facts.functions.filter((fn) => fn.name === name).length;
  return found === 1;
}

function usesOf(file: string, facts: FileFacts, name: string): Uses {
  if (!facts.words.includes(name)) return none;
  let byName = known.get(facts);
  if (!byName) known.set(facts, (byName = new Map<string, Uses>()));
  const before = byName.get(name);
  if (before) return before;
  const found = findUses(file, facts, name);
  byName.set(name, found);
  return found;
}

function findUses(file: string, facts: FileFacts, name: string): Uses {
  const calls: CallSite[] = [];
  const values: Expr[] = [];
  const isNamed = (expr: Expr) => (expr.kind === "name" ? expr.id === name : expr.kind === "attribute" && expr.name === name);
  const visit = (expr: Expr, within: number): void => {
    if (expr.kind === "call" && isNamed(expr.callee)) calls.push({ file, expr, function: within });
    else if (isNamed(expr)) values.push(expr);
    for (const child of childrenOf(expr)) {
      // The name that is called is no value.
      if (expr.kind === "call" && child === expr.callee && isNamed(child)) {
        if (child.kind === "attribute") visit(child.of, within);
      } else visit(child, within);
    }
  };
  const inside = (statements: readonly Stmt[], within: number): void => {
    for (const statement of statements) {
      const { exprs, blocks } = partsOf(statement);
      for (const expr of exprs) visit(expr, within);
      for (const block of blocks) inside(block, within);
    }
  };
  facts.functions.forEach((fn, at) => {
    inside(fn.body, at);
    for (const { default: written } of fn.params) if (written) visit(written, fn.parent);
    for (const decorator of fn.decorators) visit(decorator, fn.parent);
  });
  for (const { function: at, fields } of facts.classes) for (const { value } of fields) if (value) visit(value, at);
  return { calls, values };
}
