import { forEachExpr, partsOf, type CallExpr, type Expr, type FileFacts, type Stmt } from "../../python/index.js";
import { stringOf } from "../entities/calls.js";
import { lastWord } from "./names.js";

/** What code gives to all templates: a filter, a test, a global name, or a function that gives names (a context processor). */
export interface Registration {
  readonly kind: "filter" | "test" | "global" | "context";
  /** "" for a context processor. */
  readonly name: string;
  readonly file: string;
  /** Index of a decorated function; or of the function in which `value` stands. */
  readonly function: number;
  readonly value?: Expr;
}

type Kind = Registration["kind"];

/** Flask's words for it, with `app_` in front on blueprints; `add_…` takes the function as its argument. */
const words: ReadonlyMap<string, Kind> = new Map([
  ["template_filter", "filter"],
  ["template_test", "test"],
  ["template_global", "global"],
  ["context_processor", "context"],
]);
/** An environment's dictionaries. */
const tables: ReadonlyMap<string, Kind> = new Map([
  ["filters", "filter"],
  ["tests", "test"],
  ["globals", "global"],
]);

const known = new WeakMap<FileFacts, Map<string, readonly Registration[]>>();

/** What the code of one file gives to all templates; kept with the facts. */
export function registrationsIn(file: string, facts: FileFacts): readonly Registration[] {
  let byFile = known.get(facts);
  if (!byFile) known.set(facts, (byFile = new Map()));
  let found = byFile.get(file);
  if (!found) byFile.set(file, (found = mayRegister(facts) ? collect(file, facts) : []));
  return found;
}

const speaking = (word: string) => word.includes("template_") || word.includes("context_processor") || tables.has(word);
const mayRegister = ({ words: spelled }: FileFacts) => spelled.some(speaking);

function collect(file: string, facts: FileFacts): Registration[] {
  const found: Registration[] = [];
  facts.functions.forEach((fn, at) => {
    if (fn.class === undefined)
      for (const decorator of fn.decorators) {
        const kind = kindOf(decorator.kind === "call" ? decorator.callee : decorator);
        if (kind) found.push({ kind, name: kind === "context" ? "" : (nameIn(decorator, 0) ?? fn.name), file, function: at });
      }
    const add = (kind: Kind, name: string, value: Expr) => found.push({ kind, name, file, function: at, value });
    forEachStatement(fn.body, (statement) => assigned(statement, add));
    forEachExpr(fn.body, (expr) => expr.kind === "call" && called(expr, add));
  });
  return found;
}

type Add = (kind: Kind, name: string, value: Expr) => void;

const wordOf = (expr: Expr) => (expr.kind === "name" ? expr.id : expr.kind === "attribute" ? expr.name : "");
const kindOf = (callee: Expr): Kind | undefined => (callee.kind === "attribute" ? words.get(callee.name.replace(/^app_/, "")) : undefined);

/** `template_filter("x")`, `add_template_filter(f, name="x")`. */
function nameIn(call: Expr, at: number): string | undefined {
  if (call.kind !== "call") return undefined;
  const named = call.args.find((arg) => arg.name === "name") ?? call.args[at];
  return stringOf(named?.value);
}

/** `env.filters["x"] = f` */
function assigned(statement: Stmt, add: Add): void {
  if (statement.kind !== "assign" || !statement.value) return;
  for (const target of statement.targets) {
    if (target.kind !== "subscript" || target.index.kind !== "string") continue;
    const kind = tableOf(target.of);
    if (kind) add(kind, target.index.value, statement.value);
  }
}

/** `env.filters`, of something that is called like an environment of templates. */
function tableOf(expr: Expr): Kind | undefined {
  if (expr.kind !== "attribute") return undefined;
  const owner = wordOf(expr.of).toLowerCase();
  return owner.includes("env") || owner.includes("jinja") ? tables.get(expr.name) : undefined;
}

function called(call: CallExpr, add: Add): void {
  const { callee, args } = call;
  // `app.template_filter("x")(f)`
  const making = callee.kind === "call" ? kindOf(callee.callee) : undefined;
  const [first] = args;
  if (making && first) return add(making, (callee.kind === "call" && nameIn(callee, 0)) || wordOf(first.value), first.value);
  if (callee.kind !== "attribute") {
    const processors = args.find((arg) => arg.name === "context_processors")?.value;
    if (processors?.kind === "list") for (const one of processors.items) add("context", "", one);
    return;
  }
  const table = callee.name === "update" ? tableOf(callee.of) : undefined;
  if (table) return updated(call, table, add);
  const adding = callee.name.startsWith("add_") ? words.get(callee.name.replace(/^add_(app_)?/, "")) : undefined;
  if (adding && first) return add(adding, nameIn(call, 1) ?? lastWord(wordOf(first.value)), first.value);
  // `app.context_processor(f)`
  if (kindOf(callee) === "context" && first) add("context", "", first.value);
}

/** `env.globals.update(x=f)`, `env.filters.update({"x": f})`, `….update(dict(x=f))`. */
function updated({ args }: CallExpr, kind: Kind, add: Add): void {
  for (const { name, value } of args) {
    if (name !== undefined) add(kind, name, value);
    else if (value.kind === "dict") {
      for (const entry of value.entries) if (entry.key?.kind === "string") add(kind, entry.key.value, entry.value);
    } else if (value.kind === "call" && wordOf(value.callee) === "dict") updated(value, kind, add);
  }
}

function forEachStatement(statements: readonly Stmt[], visit: (statement: Stmt) => void): void {
  for (const statement of statements) {
    visit(statement);
    for (const block of partsOf(statement).blocks) forEachStatement(block, visit);
  }
}
