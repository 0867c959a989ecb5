import {
  partsOf,
  type Expr,
  type ForStmt,
  type IfStmt,
  type Stmt,
  type TryStmt,
  type WhileStmt,
  type WithStmt,
} from "../../python/index.js";
import { collection, join, membersOf, never, none, together, unknown, type Value } from "../values/value.js";
import type { Names } from "../values/names.js";
import { decided, passesOn } from "./decided.js";
import { declaredValue } from "./declared.js";
import type { Evaluator } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { namesIn } from "./executions.js";
import { iterationsOfNames } from "./varying.js";
import { leavesFor, mayReturn } from "./flow.js";
import { boundNames } from "./bindings.js";
import { asRow, elementsOf, enter, iterationOf, leave } from "./iterations.js";
import { callMethodNamed } from "./members.js";
import { symbolValue } from "./names.js";
import { evaluateHanded } from "./keysInHand.js";
import { narrow } from "./narrowing.js";
import { bindPattern, fits } from "./patterns.js";
import { heldQueries } from "./held.js";
import { asksResult, isPaced, rollsBack, searches } from "./surroundings.js";
import { assign } from "./targets.js";
import { noteReturned } from "./uses.js";

/** How a block ends: falls through, or goes elsewhere. */
type Flow = "on" | "away";

/** Runs a function's body; what it may return. */
export function evaluateBody(ev: Evaluator, body: readonly Stmt[]): Value {
  const { returned: outer } = ev;
  ev.returned = never;
  block(ev, body);
  const result = ev.returned;
  ev.returned = outer;
  return result;
}

/** An error ends all loops under way, those of callers too: what its text reads is read once. */
function raised(ev: Evaluator, values: readonly Expr[]): void {
  const before = ev.suspended;
  ev.suspended = new Set([...before, ...ev.iterations]);
  values.forEach((value) => evaluate(ev, value));
  ev.suspended = before;
}

/** A block that leaves its loop at its end runs once for that loop. */
function block(ev: Evaluator, statements: readonly Stmt[]): Flow {
  const own = ev.iterations.slice(ev.outer);
  const leaves = own.length ? leavesFor(statements) : undefined;
  const before = ev.suspended;
  if (leaves) ev.suspended = new Set([...before, ...(leaves === "function" ? own : own.slice(-1))]);
  let flow: Flow = "on";
  let skipped = 0;
  for (const [at, statement] of statements.entries()) {
    const { seldom } = ev;
    if (own.length && searches(statement, statements[at + 1])) ev.seldom ??= "search";
    const { sent } = ev.found;
    const { answering } = ev;
    ev.answering = asksResult(statement, statements[at + 1]);
    flow = run(ev, statement);
    Object.assign(ev, { seldom, answering });
    if (flow === "away") break;
    if (own.length && skipsKnown(statement)) {
      ev.conditions++;
      skipped++;
    }
    ev.early ||= ev.found.sent === sent && knowsAnswer(ev, statement);
  }
  ev.suspended = before;
  ev.conditions -= skipped;
  return flow;
}

/** `if key in seen: continue`: what follows happens once per distinct value. */
function skipsKnown(statement: Stmt): boolean {
  if (statement.kind !== "if" || statement.branches.length !== 1 || statement.else) return false;
  const { test, body } = statement.branches[0]!;
  return test.kind === "operator" && (test.op === "in" || test.op === "not in") && body.at(-1)?.kind === "continue";
}

/** In a function that is called in a loop: it may return without asking, and which rounds do depends on the round (`if key in known`). */
function knowsAnswer(ev: Evaluator, statement: Stmt): boolean {
  if (ev.varying.size === 0 || !mayReturn(statement)) return false;
  const names = new Set<string>();
  const tests = statement.kind === "if" ? statement.branches.map((branch) => branch.test) : partsOf(statement).exprs;
  for (const test of tests) namesIn(test, names);
  return statement.kind === "try" || iterationsOfNames(ev, names).size > 0;
}

function run(ev: Evaluator, statement: Stmt): Flow {
  switch (statement.kind) {
    case "expression":
      evaluate(ev, statement.value);
      return "on";
    case "assign":
      assignment(ev, statement);
      return "on";
    case "augment":
      augment(ev, statement);
      return "on";
    case "return":
      if (statement.value) returned(ev, evaluate(ev, statement.value));
      return "away";
    case "raise":
      raised(ev, statement.values);
      return "away";
    case "break":
    case "continue":
      return "away";
    case "for":
      return forLoop(ev, statement);
    case "while":
      return whileLoop(ev, statement);
    case "if":
      return conditional(ev, statement);
    case "with":
      return withBlock(ev, statement);
    case "try":
      return tryBlock(ev, statement);
    case "match":
      return matchBlock(ev, statement);
    case "function":
      ev.bind(ev.facts.functions[statement.index]!.name, {
        kind: "closure",
        file: ev.file,
        code: ev.facts.functions[statement.index]!,
        fn: ev.facts.functions[statement.index]!,
        env: ev.env,
      });
      return "on";
    case "class":
      return "on";
    case "import":
      importNames(ev, statement.index);
      return "on";
    case "other":
      statement.items.forEach((item) => evaluate(ev, item));
      return "on";
  }
}

function returned(ev: Evaluator, value: Value): void {
  ev.returned = join(ev.returned, value);
  if (ev.callDepth === 0 && ev.stack.length === 0) noteReturned(ev, value);
}

function assignment(ev: Evaluator, statement: Stmt & { kind: "assign" }): void {
  const declared = statement.annotation ? declaredValue(ev.index, ev.file, statement.annotation, "its annotation") : unknown;
  const [only] = statement.targets;
  const named = statement.targets.length === 1 && only?.kind === "name";
  const value = statement.value ? (named ? evaluateHanded : evaluate)(ev, statement.value) : declared;
  const given = statement.value !== undefined && passesOn(ev, statement.value, value);
  for (const target of statement.targets)
    if (given && target.kind === "name") ev.env.give(target.id, value);
    else assign(ev, target, value.kind === "unknown" ? declared : value);
}

/** `rows += more` */
function augment(ev: Evaluator, statement: Stmt & { kind: "augment" }): void {
  const value = evaluate(ev, statement.value);
  const { target } = statement;
  if (target.kind !== "name") return void evaluate(ev, target);
  const before = ev.env.get(target.id);
  const both = before?.kind === "collection" && value.kind === "collection";
  ev.bind(target.id, both ? collection(together(before.of, value.of)) : unknown);
}

function importNames(ev: Evaluator, index: number): void {
  const fact = ev.facts.imports[index]!;
  // At module level the symbol table knows better: it sees later definitions too.
  if (fact.function === 0) return;
  const symbol = (name?: string) => symbolValue(ev, ev.index.symbols.imported(ev.file, ev.facts, index, name));
  if (fact.names) for (const { name, alias } of fact.names) ev.bind(alias ?? name, symbol(name));
  else if (fact.alias !== undefined) ev.bind(fact.alias, symbol());
}

function conditional(ev: Evaluator, statement: IfStmt): Flow {
  const paths: Names[] = [];
  /** Where a call decides that it comes to this path, it is under no condition. */
  let sure = true;
  const path = (body: readonly Stmt[], test?: Expr) => {
    let flow: Flow = "on";
    const under = sure ? 0 : 1;
    ev.conditions += under;
    const after = ev.branch(() => {
      if (test) narrow(ev, test);
      flow = block(ev, body);
    });
    ev.conditions -= under;
    if (flow === "on") paths.push(after);
  };
  let open = true;
  for (const branch of statement.branches) {
    const chosen = decided(ev, branch.test);
    evaluate(ev, branch.test);
    sure &&= chosen !== undefined;
    const before = ev.suspended;
    if (switchesOff(branch.test, branch.body) || picksOne(ev, branch.test))
      ev.suspended = new Set([...before, ...ev.iterations.slice(ev.outer).slice(-1)]);
    if (chosen !== false) path(branch.body, branch.test);
    ev.suspended = before;
    if (chosen === true) {
      open = false;
      break;
    }
  }
  if (open && statement.else) path(statement.else);
  else if (open) paths.push(ev.env);
  if (paths.length === 0) return "away";
  ev.env.merge(paths);
  return "on";
}

/** `if key == "owner":` in `for key, value in values.items():` picks one round. */
function picksOne(ev: Evaluator, test: Expr): boolean {
  const innermost = ev.iterations.slice(ev.outer).at(-1);
  if (!innermost?.groups || test.kind !== "operator") return false;
  if (test.op === "and") return test.items.some((item) => picksOne(ev, item));
  if (test.op !== "==") return false;
  const [left, right] = test.items;
  const [key] = innermost.target.split(", ");
  return left?.kind === "name" && left.id === key && (right?.kind === "string" || right?.kind === "number" || right?.kind === "attribute");
}

/** `if first: …; first = False`: one round at most gets in. */
function switchesOff(test: Expr, body: readonly Stmt[]): boolean {
  const negated = test.kind === "operator" && test.op === "not";
  const name = negated ? test.items[0]! : test;
  return (
    name.kind === "name" &&
    body.some(
      (statement) =>
        statement.kind === "assign" &&
        statement.targets.some((target) => target.kind === "name" && target.id === name.id) &&
        statement.value?.kind === "constant" &&
        statement.value.value === negated,
    )
  );
}

/** Runs the body; a second time when the first changed names that it reads from before. */
function rounds(ev: Evaluator, before: Names, body: () => void): void {
  ev.silent++;
  const probe = ev.branch(body);
  ev.silent--;
  const changed = [...probe.changedSince(ev.env)].some((name) => before.has(name) && before.get(name) !== probe.get(name));
  if (changed) ev.env.merge([ev.env, probe]);
  body();
}

function loop(ev: Evaluator, statement: ForStmt | WhileStmt, start: () => void): void {
  const before = ev.env;
  const { conditions, tries, answered, seldom } = ev;
  ev.conditions = ev.tries = ev.answered = 0;
  ev.seldom = undefined;
  const after = ev.branch(() => {
    const body = () => {
      start();
      block(ev, statement.body);
    };
    // Deep nests of loops are run once: each level would double the work.
    if (ev.iterations.length > 3) body();
    else rounds(ev, before, body);
  });
  Object.assign(ev, { conditions, tries, answered, seldom });
  leave(ev);
  before.merge([before, after]);
}

function forLoop(ev: Evaluator, statement: ForStmt): Flow {
  const over = evaluate(ev, statement.iter);
  const element = elementsOf(ev, over, statement.iter, statement.async === true);
  const head = {
    kind: "for" as const,
    target: statement.target,
    iter: statement.iter,
    paced: isPaced(ev, statement.body),
    undoes: rollsBack(statement.body),
    start: statement.start,
    end: statement.iter.end,
    async: statement.async === true,
  };
  const iteration = iterationOf(ev, head, over, boundNames(statement));
  enter(ev, iteration);
  loop(ev, statement, () => assign(ev, statement.target, element, iteration));
  if (statement.else) block(ev, statement.else);
  return "on";
}

function whileLoop(ev: Evaluator, statement: WhileStmt): Flow {
  if (decided(ev, statement.test) === false) {
    evaluate(ev, statement.test);
    return statement.else ? block(ev, statement.else) : "on";
  }
  const head = { kind: "while" as const, start: statement.start, end: statement.test.end };
  // `while pending:` works a list off.
  const tested = statement.test.kind === "name" ? ev.env.get(statement.test.id) : undefined;
  const iteration = iterationOf(ev, head, tested?.kind === "collection" ? tested : none, boundNames(statement));
  enter(ev, iteration);
  loop(ev, statement, () => {
    evaluate(ev, statement.test);
    const found = statement.test.kind === "walrus" ? ev.env.get(statement.test.target) : undefined;
    if (statement.test.kind === "walrus" && found) ev.bind(statement.test.target, asRow(found, iteration));
  });
  if (statement.else) block(ev, statement.else);
  return "on";
}

/** A session gives itself, a `@contextmanager` what it yields; of other context managers nothing is known. */
function entered(value: Value): Value {
  if (value.kind === "session" || value.kind === "result" || value.kind === "instance") return value;
  return value.kind === "collection" ? value.of : unknown;
}

/** What `__enter__` of a class of the project gives. */
function enteredBy(ev: Evaluator, value: Value, place: Expr): Value | undefined {
  if (value.kind !== "instance") return undefined;
  const name = ["__enter__", "__aenter__"].find((one) => ev.index.classes.method(value.class, one));
  return name === undefined ? undefined : callMethodNamed(ev, value, name, place);
}

/** `with session.begin():` leaves the session open. */
const isTransaction = (expr: Expr) => expr.kind === "call" && expr.callee.kind === "attribute" && expr.callee.name.startsWith("begin");

/** `with session.begin_nested():` ends what belongs together. */
const isSavepoint = (expr: Expr) =>
  isTransaction(expr) && expr.kind === "call" && expr.callee.kind === "attribute" && expr.callee.name === "begin_nested";

/** What a session has loaded inside its `with` is nobody's behind it. */
function withBlock(ev: Evaluator, statement: WithStmt): Flow {
  const before = heldQueries(ev);
  let closes = false;
  for (const item of statement.items) {
    const value = evaluate(ev, item.value);
    const given = enteredBy(ev, value, item.value) ?? entered(value);
    closes ||= !isTransaction(item.value) && membersOf(given).some((member) => member.kind === "session");
    if (item.target) assign(ev, item.target, given);
  }
  const { sessionDepth } = ev;
  if (closes || statement.items.some((item) => isSavepoint(item.value))) ev.sessionDepth = ev.iterations.length;
  const flow = block(ev, statement.body);
  ev.sessionDepth = sessionDepth;
  if (closes) for (const query of heldQueries(ev)) if (!before.has(query)) ev.gone.add(query);
  return flow;
}

const loadErrors = new Set(["MissingGreenlet", "DetachedInstanceError", "InvalidRequestError", "StatementError"]);

/** What a write raises that meets another row, or another transaction. */
const databaseErrors = new Set([
  "IntegrityError",
  "UniqueViolation",
  "UniqueViolationError",
  "DBDuplicateEntry",
  "DBReferenceError",
  "DuplicateEntry",
]);

/** `except MissingGreenlet:` catches what a relationship that is not loaded raises. */
function expects(errors: ReadonlySet<string>, type: Expr): boolean {
  if (type.kind === "tuple") return type.items.some((item) => expects(errors, item));
  return errors.has(type.kind === "name" ? type.id : type.kind === "attribute" ? type.name : "");
}

function tryBlock(ev: Evaluator, statement: TryStmt): Flow {
  const before = ev.env;
  const paths: Names[] = [];
  let flow: Flow = "on";
  const recovers = statement.handlers.length > 0 ? 1 : 0;
  const answers = statement.handlers.some(({ type }) => type && expects(databaseErrors, type)) ? 1 : 0;
  const asks = statement.handlers.some(({ type }) => type && expects(loadErrors, type)) ? 1 : 0;
  const body = ev.branch(() => {
    ev.tries += recovers;
    ev.answered += answers;
    ev.asksWhatIsThere += asks;
    flow = block(ev, statement.body);
    ev.asksWhatIsThere -= asks;
    ev.answered -= answers;
    ev.tries -= recovers;
    if (flow === "on" && statement.else) flow = block(ev, statement.else);
  });
  if (flow === "on") paths.push(body);
  const handled = before.child();
  handled.merge([handled, body]);
  for (const handler of statement.handlers) {
    ev.env = handled;
    let handlerFlow: Flow = "on";
    const after = ev.branch(() => {
      if (handler.name) ev.bind(handler.name, unknown);
      const { seldom } = ev;
      ev.seldom = "handler";
      handlerFlow = block(ev, handler.body);
      ev.seldom = seldom;
    });
    if (handlerFlow === "on") paths.push(after);
  }
  ev.env = before;
  before.merge(paths.length ? paths : [handled]);
  const last = statement.finally ? block(ev, statement.finally) : "on";
  return paths.length && last === "on" ? "on" : "away";
}

function matchBlock(ev: Evaluator, statement: Stmt & { kind: "match" }): Flow {
  const subject = { value: evaluate(ev, statement.subject), expr: statement.subject };
  const paths: Names[] = [];
  /** Where a call decides that it comes to this case, it is under no condition. */
  let sure = true;
  let open = true;
  for (const one of statement.cases) {
    const fitting = fits(ev, subject, one.pattern);
    if (fitting === false) continue;
    const chosen = fitting === true && !one.guard;
    sure &&= chosen;
    let flow: Flow = "on";
    const under = sure ? 0 : 1;
    ev.conditions += under;
    const after = ev.branch(() => {
      bindPattern(ev, subject, one.pattern);
      if (one.guard) evaluate(ev, one.guard);
      flow = block(ev, one.body);
    });
    ev.conditions -= under;
    if (flow === "on") paths.push(after);
    if (!chosen) continue;
    open = false;
    break;
  }
  if (open) paths.push(ev.env);
  if (paths.length === 0) return "away";
  ev.env.merge(paths);
  return "on";
}
