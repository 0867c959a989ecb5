import { partsOf, type Expr, type FunctionFact, type Stmt } from "../../python/index.js";
import type { Iteration } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";
import { namesIn } from "./executions.js";
import { targetNames } from "./targets.js";

/** Iterations under way with which an expression changes: those of the function itself by name, those around its call by its parameters. */
export function iterationsBehind(ev: Evaluator, expr: Expr): ReadonlySet<Iteration> {
  if (ev.iterations.length === 0) return none;
  return iterationsOfNames(ev, namesIn(expr));
}
const none: ReadonlySet<Iteration> = new Set();

export function iterationsOfNames(ev: Evaluator, names: ReadonlySet<string>): ReadonlySet<Iteration> {
  const found = new Set<Iteration>();
  for (const iteration of ev.active)
    if (isOwn(ev, iteration) && [...iteration.bound].some((name) => names.has(name) && changesWith(ev, iteration, name)))
      found.add(iteration);
  if (ev.varying.size === 0) return found;
  for (const name of namesBehind(ev.fn, names)) for (const iteration of ev.varying.get(name) ?? []) found.add(iteration);
  return found;
}

/** A loop of a caller binds names of the caller. */
const isOwn = (ev: Evaluator, { file, start, end }: Iteration) => file === ev.file && ev.fn.start <= start && end <= ev.fn.end;

/** A query that is made anew in each round of what no round changes is the same query. */
function changesWith(ev: Evaluator, { bound }: Iteration, name: string): boolean {
  if (ev.env.get(name)?.kind !== "query") return true;
  const made = assignedIn(ev.fn).filter(({ to }) => to.includes(name));
  if (made.length === 0 || made.some(({ value, from }) => value === undefined || from.has(name))) return true;
  const behind = namesBehind(ev.fn, new Set(made.flatMap(({ from }) => [...from])));
  return [...behind].some((one) => bound.has(one));
}

/** What a function assigns to a name. */
export const valuesOf = (fn: FunctionFact, name: string): readonly Expr[] =>
  assignedIn(fn).flatMap(({ to, value }) => (value && to.includes(name) ? [value] : []));

interface Assigned {
  readonly to: readonly string[];
  readonly from: ReadonlySet<string>;
  /** Absent where a loop hands it out. */
  readonly value?: Expr;
}
const known = new WeakMap<FunctionFact, readonly Assigned[]>();

function assignedIn(fn: FunctionFact): readonly Assigned[] {
  let list = known.get(fn);
  if (!list) {
    const assigns: Assigned[] = [];
    collect(fn.body, assigns);
    known.set(fn, (list = assigns));
  }
  return list;
}

function collect(statements: readonly Stmt[], into: Assigned[]): void {
  for (const statement of statements) {
    if (statement.kind === "assign" && statement.value)
      into.push({ to: statement.targets.flatMap(targetNames), from: namesIn(statement.value), value: statement.value });
    if (statement.kind === "for") into.push({ to: targetNames(statement.target), from: namesIn(statement.iter) });
    for (const block of partsOf(statement).blocks) collect(block, into);
  }
}

/** The names, and those that they are made of by way of assignments. */
export function namesBehind(fn: FunctionFact, names: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(names);
  const assigns = assignedIn(fn);
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const { to, from } of assigns) if (to.some((name) => reached.has(name))) for (const name of from) reached.add(name);
  }
  return reached;
}
