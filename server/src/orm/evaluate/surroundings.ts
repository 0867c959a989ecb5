import { childrenOf, forEachExpr, partsOf, type Expr, type FunctionFact, type IfStmt, type Stmt } from "../../python/index.js";
import { functionUnit } from "../incremental/units.js";
import type { OrmIndex } from "../project/ormIndex.js";
import type { Evaluator } from "./evaluator.js";
import { namesIn } from "./executions.js";
import { leavesFor } from "./flow.js";
import { targetNames } from "./targets.js";

const views = new Set(["items", "values", "keys"]);
const copies = new Set(["list", "sorted", "tuple", "set", "enumerate", "reversed"]);
const isConstantName = (name: string) => name.length > 1 && name === name.toUpperCase() && name !== name.toLowerCase();
const configurations = new Set(["config", "conf", "settings", "cfg"]);
const holdsConfiguration = (name: string) => configurations.has(name.toLowerCase().split("_").at(-1)!);

/** `settings.PLUGINS.items()`, `app.config["ROLES"]`, `LANGUAGES`: written by hand, and changed with a deployment. */
export function isConfigured(iter: Expr): boolean {
  if (iter.kind === "call") {
    const { callee, args } = iter;
    if (callee.kind === "attribute" && views.has(callee.name) && args.length === 0) return isConfigured(callee.of);
    const [first] = args;
    return callee.kind === "name" && copies.has(callee.id) && first !== undefined && isConfigured(first.value);
  }
  if (iter.kind === "name") return isConstantName(iter.id) || holdsConfiguration(iter.id);
  if (iter.kind === "attribute") return isConstantName(iter.name) || holdsConfiguration(iter.name) || isConfigured(iter.of);
  return iter.kind === "subscript" && isConfigured(iter.of);
}

const outside = new Set(
  [
    "requests",
    "httpx",
    "aiohttp",
    "urllib",
    "urllib3",
    "smtplib",
    "boto3",
    "botocore",
    "subprocess",
    "paramiko",
    "ftplib",
    "stripe",
  ].concat(
    ["time.sleep", "asyncio.sleep", "celery", "kafka", "pika", "ldap", "ldap3", "socket", "grpc", "elasticsearch", "opensearchpy"],
    // A file that is gone stays gone.
    ["os.remove", "os.unlink", "shutil.rmtree"],
  ),
);
const verbs = new Set(["send", "email", "notify", "upload", "download", "fetch", "publish", "enqueue", "sync", "delay", "sleep", "post"]);

/** `with context.begin_transaction():` is a transaction of the round. */
const begins = (expr: Expr): boolean =>
  expr.kind === "await"
    ? begins(expr.value)
    : expr.kind === "call" && expr.callee.kind === "attribute" && expr.callee.name.split("_")[0] === "begin";

/** Whether each round talks to another system or opens a transaction of its own, or the code counts the rounds to do something now and then. */
export function isPaced(ev: Evaluator, body: readonly Stmt[]): boolean {
  return body.some((statement) => {
    const { exprs, blocks } = partsOf(statement);
    if (statement.kind === "with" && statement.items.some(({ value }) => begins(value))) return true;
    return exprs.some((expr) => pacedBy(ev, expr)) || blocks.some((block) => isPaced(ev, block));
  });
}

/** Whether a round undoes its own work where something went wrong. */
export function rollsBack(body: readonly Stmt[]): boolean {
  return body.some((statement) => {
    const { exprs, blocks } = partsOf(statement);
    return exprs.some(isRollback) || blocks.some(rollsBack);
  });
}

const isRollback = (expr: Expr): boolean =>
  (expr.kind === "call" && expr.callee.kind === "attribute" && expr.callee.name === "rollback") || childrenOf(expr).some(isRollback);

function pacedBy(ev: Evaluator, expr: Expr): boolean {
  if (expr.kind === "operator" && expr.op === "%" && expr.items[0]?.kind !== "string" && expr.items.at(-1)?.kind === "number") return true;
  if (expr.kind === "call" && goesOutside(ev, expr.callee)) return true;
  return childrenOf(expr).some((child) => pacedBy(ev, child));
}

function goesOutside(ev: Evaluator, callee: Expr): boolean {
  const word = callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.name : "";
  if (tellsOthers(word)) return true;
  const symbol = ev.index.symbols.resolve(ev.file, callee);
  if (symbol?.kind === "function") return functionGoesOutside(ev, symbol);
  return symbol?.kind === "external" && isOutside(symbol.name);
}

/** `send_mail`, `do_send_email`. */
function tellsOthers(name: string): boolean {
  const [first = "", second = ""] = name.toLowerCase().split("_");
  return verbs.has(first) || (first === "do" && verbs.has(second));
}

const isOutside = (name: string) => outside.has(name.split(".")[0]!) || outside.has(name);

/** By what was asked of a function's body: what its names mean changes with declarations only, which make the index anew. */
const known = new WeakMap<OrmIndex["symbols"], WeakMap<FunctionFact, boolean>>();

/** Whether a function that a round calls does so itself; not what it calls in turn. */
function functionGoesOutside(ev: Evaluator, { file, index }: { readonly file: string; readonly index: number }): boolean {
  const fn = ev.index.files.get(file)?.functions[index];
  if (!fn) return false;
  ev.context.memory.use(functionUnit(file, index));
  const { symbols } = ev.index;
  const asked = known.get(symbols) ?? new WeakMap<FunctionFact, boolean>();
  known.set(symbols, asked);
  let found = asked.get(fn);
  if (found === undefined) asked.set(fn, (found = callsOutside(ev, file, fn)));
  return found;
}

function callsOutside(ev: Evaluator, file: string, { body }: FunctionFact): boolean {
  let found = false;
  forEachExpr(body, (expr) => {
    if (found || expr.kind !== "call") return;
    const { callee } = expr;
    const symbol = ev.index.symbols.resolve(file, callee);
    const word = callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.name : "";
    found = tellsOthers(word) || (symbol?.kind === "external" && isOutside(symbol.name));
  });
  return found;
}

/** `if <test>: return x` or `break`: the loop ends with the first round that it holds in. */
function endsSearch(statement: Stmt | undefined): statement is IfStmt {
  if (statement?.kind !== "if" || statement.branches.length !== 1 || statement.else) return false;
  const { body } = statement.branches[0]!;
  return leavesFor(body) !== undefined && body.at(-1)?.kind !== "raise";
}

/** Whether what a write gives is looked at right behind it: `result = …; if not result.rowcount:`. */
export function asksResult(statement: Stmt, next: Stmt | undefined): boolean {
  if (statement.kind !== "assign" || next?.kind !== "if") return false;
  const tested = new Set(next.branches.flatMap(({ test }) => [...namesIn(test)]));
  return statement.targets.flatMap(targetNames).some((name) => tested.has(name));
}

/** Whether a statement's query decides if the loop goes on: asked in the test of such an `if`, or bound right before it. */
export function searches(statement: Stmt, next: Stmt | undefined): boolean {
  if (endsSearch(statement)) return true;
  if (!endsSearch(next) || statement.kind !== "assign") return false;
  const tested = namesIn(next.branches[0]!.test);
  return statement.targets.flatMap(targetNames).some((name) => tested.has(name));
}
