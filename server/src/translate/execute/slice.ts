import { childrenOf, partsOf, type Expr, type FileFacts, type Stmt } from "../../python/index.js";

/** The part of a function that has to do with one query expression, or with what it returns. */
export interface Slice {
  relevant(statement: Stmt): boolean;
  contains(statement: Stmt): boolean;
}

function namesIn(expr: Expr, into: Set<string>): void {
  if (expr.kind === "name") into.add(expr.id);
  if (expr.kind === "walrus") into.add(expr.target);
  for (const child of childrenOf(expr)) namesIn(child, into);
}

function targets(expr: Expr, into: Set<string>): void {
  if (expr.kind === "name") into.add(expr.id);
  else if (expr.kind === "attribute" || expr.kind === "subscript") targets(expr.of, into);
  else for (const child of childrenOf(expr)) targets(child, into);
}

interface Step {
  readonly statement: Stmt;
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  readonly holdsSite: boolean;
  readonly returns: boolean;
}

/** Names that are handed to a call which may change what they hold: `add_filters(conditions)`. */
function handedOver(expr: Expr, containers: ReadonlySet<string>, into: Set<string>): void {
  if (expr.kind === "call") for (const { value } of expr.args) if (value.kind === "name" && containers.has(value.id)) into.add(value.id);
  for (const child of childrenOf(expr)) handedOver(child, containers, into);
}

/** Names that hold a list or a dictionary that the function makes. */
function containersIn(body: readonly Stmt[], into: Set<string>): ReadonlySet<string> {
  for (const statement of body) {
    if (statement.kind === "assign" && statement.value && isContainer(statement.value))
      for (const target of statement.targets) if (target.kind === "name") into.add(target.id);
    for (const block of partsOf(statement).blocks) containersIn(block, into);
  }
  return into;
}
const isContainer = (value: Expr) =>
  value.kind === "list" ||
  value.kind === "dict" ||
  value.kind === "set" ||
  (value.kind === "call" && value.callee.kind === "name" && ["list", "dict", "set", "defaultdict"].includes(value.callee.id));

/** Names that a statement may change by calling a method of what they hold. */
function mutated(expr: Expr, into: Set<string>): void {
  if (expr.kind === "call" && expr.callee.kind === "attribute" && mutators.has(expr.callee.name)) targets(expr.callee.of, into);
  if (expr.kind === "walrus") into.add(expr.target);
  for (const child of childrenOf(expr)) mutated(child, into);
}
const mutators = new Set(["append", "extend", "insert", "update", "add", "setdefault", "pop", "clear", "remove"]);

function stepOf(statement: Stmt, facts: FileFacts, isSite: (expr: Expr) => boolean, containers: ReadonlySet<string>): Step {
  const reads = new Set<string>();
  const writes = new Set<string>();
  const { exprs } = partsOf(statement);
  for (const expr of exprs) {
    namesIn(expr, reads);
    mutated(expr, writes);
    if (statement.kind === "expression") handedOver(expr, containers, writes);
  }
  if (statement.kind === "assign") for (const target of statement.targets) targets(target, writes);
  if (statement.kind === "augment" || statement.kind === "for") targets(statement.target, writes);
  if (statement.kind === "with") for (const item of statement.items) if (item.target) targets(item.target, writes);
  if (statement.kind === "function") {
    writes.add(facts.functions[statement.index]!.name);
    readsOfBody(facts, statement.index, reads);
  }
  if (statement.kind === "import") {
    const fact = facts.imports[statement.index]!;
    for (const name of fact.names ?? []) writes.add(name.alias ?? name.name);
    if (!fact.names) writes.add(fact.alias ?? fact.module.split(".")[0]!);
  }
  return { statement, reads, writes, holdsSite: exprs.some((expr) => holds(expr, isSite)), returns: statement.kind === "return" };
}

function readsOfBody(facts: FileFacts, index: number, into: Set<string>): void {
  const inside = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      const { exprs, blocks } = partsOf(statement);
      for (const expr of exprs) namesIn(expr, into);
      blocks.forEach(inside);
    }
  };
  inside(facts.functions[index]!.body);
}

function holds(expr: Expr, isSite: (expr: Expr) => boolean): boolean {
  return isSite(expr) || childrenOf(expr).some((child) => holds(child, isSite));
}

const meets = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].some((name) => b.has(name));

/** @param isSite the call in question; absent: what matters is what the function returns */
export function sliceOf(
  facts: FileFacts,
  body: readonly Stmt[],
  isSite?: (expr: Expr) => boolean,
  names: ReadonlySet<string> = new Set(),
): Slice {
  const steps = new Map<Stmt, Step>();
  const blocks = new Map<Stmt, readonly Stmt[]>();
  const containers = containersIn(body, new Set(names));
  const visit = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      steps.set(statement, stepOf(statement, facts, isSite ?? (() => false), containers));
      const inner = partsOf(statement).blocks.flat();
      blocks.set(statement, inner);
      visit(inner);
    }
  };
  visit(body);
  const read = new Set<string>(names);
  /** Names that hold the statement itself. */
  const held = new Set<string>();
  const relevant = new Set<Stmt>();
  for (let changed = true; changed;) {
    changed = false;
    for (const [statement, step] of steps) {
      if (relevant.has(statement)) continue;
      const own = step.holdsSite || (!isSite && step.returns) || meets(step.reads, held);
      if (!own && !meets(step.writes, read)) continue;
      relevant.add(statement);
      changed = true;
      for (const name of step.reads) read.add(name);
      if (own) for (const name of step.writes) if (!step.reads.has(name) || statement.kind === "assign") held.add(name);
      for (const name of held) read.add(name);
    }
  }
  const deep = (statement: Stmt): boolean => relevant.has(statement) || (blocks.get(statement) ?? []).some(deep);
  const site = (statement: Stmt): boolean => steps.get(statement)!.holdsSite || (blocks.get(statement) ?? []).some(site);
  return { relevant: deep, contains: site };
}
