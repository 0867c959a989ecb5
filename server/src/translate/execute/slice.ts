import { childrenOf, partsOf, type Expr, type FileFacts, type Stmt } from "../../python/index.js";
import { effectsOf, type Effects } from "./effects.js";

/** The part of a function that has to do with one query expression, or with what it returns. */
export interface Slice {
  relevant(statement: Stmt): boolean;
  contains(statement: Stmt): boolean;
  /** Names that are read by what may run after it. */
  liveAfter(statement: Stmt): ReadonlySet<string>;
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
  /** Names that hold something of which it changes a part. */
  readonly changes: ReadonlySet<string>;
  /** Whether what it writes may hold a statement that those names hold, or the query expression itself. */
  keeps(held: ReadonlySet<string>): boolean;
}

function stepOf(statement: Stmt, facts: FileFacts, effects: Effects, isSite: (expr: Expr) => boolean): Step {
  const reads = new Set<string>();
  const writes = new Set<string>();
  const changes = new Set<string>();
  const { exprs } = partsOf(statement);
  for (const expr of exprs) {
    namesIn(expr, reads);
    effects.changedBy(expr, changes);
  }
  if (statement.kind === "augment") targets(statement.target, changes);
  if (statement.kind === "assign") for (const target of statement.targets) if (target.kind === "subscript") targets(target, changes);
  for (const name of [...changes]) for (const other of effects.sharing(name)) writes.add(other);
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
  const keeps = (held: ReadonlySet<string>) =>
    exprs.some((expr) => mayHold(expr, (one) => isSite(one) || (one.kind === "name" && held.has(one.id))));
  return {
    statement,
    reads,
    writes,
    holdsSite: exprs.some((expr) => holds(expr, isSite)),
    returns: statement.kind === "return",
    changes,
    keeps,
  };
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

/** Calls that give rows, whatever statement goes in. */
const sending = new Set([
  ...["execute", "scalars", "scalar", "exec", "stream", "stream_scalars", "fetch_all", "fetch_one", "fetch_val"],
  ...["all", "first", "one", "one_or_none", "count", "fetchall", "fetchone", "scalar_one", "scalar_one_or_none", "unique", "mappings"],
]);

/** Whether the value of an expression may hold a statement: rows do not. */
function mayHold(expr: Expr, isHeld: (expr: Expr) => boolean): boolean {
  if (expr.kind === "call" && expr.callee.kind === "attribute" && sending.has(expr.callee.name)) return false;
  return isHeld(expr) || childrenOf(expr).some((child) => mayHold(child, isHeld));
}

const meets = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].some((name) => b.has(name));

/**
 * @param isSite the call in question; absent: what matters is what the function returns
 * @param names that whoever comes later reads
 * @param given names whose objects the caller sees: what fills them matters to it
 * @param outer names that belong to the function around
 */
export function sliceOf(
  facts: FileFacts,
  body: readonly Stmt[],
  isSite?: (expr: Expr) => boolean,
  names: ReadonlySet<string> = new Set(),
  given: ReadonlySet<string> = new Set(),
  outer: ReadonlySet<string> = new Set(),
): Slice {
  const effects = effectsOf(facts, body, given);
  const filled = new Set([...given].flatMap((name) => [...effects.sharing(name)]));
  const steps = new Map<Stmt, Step>();
  const blocks = new Map<Stmt, readonly Stmt[]>();
  const visit = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      steps.set(statement, stepOf(statement, facts, effects, isSite ?? (() => false)));
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
      const own =
        step.holdsSite || (!isSite && step.returns) || meets(step.reads, held) || meets(step.changes, filled) || meets(step.writes, outer);
      if (!own && !meets(step.writes, read)) continue;
      relevant.add(statement);
      changed = true;
      for (const name of step.reads) read.add(name);
      if (own && step.keeps(held)) for (const name of step.writes) if (!step.reads.has(name) || statement.kind === "assign") held.add(name);
      for (const name of held) read.add(name);
    }
  }
  const deep = (statement: Stmt): boolean => relevant.has(statement) || (blocks.get(statement) ?? []).some(deep);
  const site = (statement: Stmt): boolean => steps.get(statement)!.holdsSite || (blocks.get(statement) ?? []).some(site);
  let live: Map<Stmt, ReadonlySet<string>> | undefined;
  const liveAfter = (statement: Stmt) => (live ??= liveness(body, names, deep, steps)).get(statement)!;
  return { relevant: deep, contains: site, liveAfter };
}

type Names = ReadonlySet<string>;

/** For each statement the names that are read behind it: in the rest of its block, of the blocks around, and in another round of a loop. */
function liveness(
  body: readonly Stmt[],
  atEnd: Names,
  relevant: (statement: Stmt) => boolean,
  steps: ReadonlyMap<Stmt, Step>,
): Map<Stmt, Names> {
  const live = new Map<Stmt, Names>();
  const readIn = (statement: Stmt): Names => {
    if (!relevant(statement)) return new Set();
    return partsOf(statement)
      .blocks.flat()
      .reduce<Names>((all, one) => union(all, readIn(one)), steps.get(statement)!.reads);
  };
  const visit = (block: readonly Stmt[], after: Names): void => {
    for (const statement of block.toReversed()) {
      live.set(statement, after);
      const reads = readIn(statement);
      const again = ["for", "while", "try"].includes(statement.kind) ? union(after, reads) : after;
      for (const inner of partsOf(statement).blocks) visit(inner, again);
      after = union(after, reads);
    }
  };
  visit(body, atEnd);
  return live;
}
const union = (a: Names, b: Names): Names => (b.size === 0 ? a : new Set([...a, ...b]));
