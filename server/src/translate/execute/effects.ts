import { childrenOf, forEachExpr, partsOf, type Expr, type FileFacts, type Stmt } from "../../python/index.js";
import { namesOfOuter } from "../syntax.js";

type Names = ReadonlySet<string>;

/** What calls may change besides what they are called on: lists that are handed on, names of the function around. */
export interface Effects {
  /** Names that an expression may change what they hold of, without assigning to them. */
  changedBy(expr: Expr, into: Set<string>): void;
  /** Names that hold the same object as this one. */
  sharing(name: string): Names;
}

const mutators = new Set(["append", "extend", "insert", "update", "add", "setdefault", "pop", "clear", "remove"]);
const makers = new Set(["list", "dict", "set", "defaultdict", "OrderedDict", "deque"]);
/** They change nothing that is handed to them. */
const harmless = new Set([
  ...[
    "len",
    "list",
    "tuple",
    "set",
    "dict",
    "sorted",
    "isinstance",
    "print",
    "str",
    "repr",
    "sum",
    "any",
    "all",
    "enumerate",
    "zip",
    "min",
  ],
  ...["max", "map", "filter", "bool", "iter", "range", "and_", "or_", "not_", "case", "select", "literal", "cast", "tuple_", "exists"],
]);
const onlyReads = new Set(["get", "items", "keys", "values", "copy", "index", "count"]);
const logs = new Set(["log", "logger", "logging", "LOG", "_logger"]);

const rootOf = (expr: Expr): string | undefined =>
  expr.kind === "name" ? expr.id : expr.kind === "attribute" || expr.kind === "subscript" ? rootOf(expr.of) : undefined;

/** What a value may be: either branch, either operand. */
const choices = (expr: Expr): readonly Expr[] =>
  expr.kind === "conditional"
    ? [...choices(expr.then), ...choices(expr.else)]
    : expr.kind === "operator" && (expr.op === "or" || expr.op === "and")
      ? expr.items.flatMap(choices)
      : [expr];

function isFillable(expr: Expr): boolean {
  if (expr.kind === "list" || expr.kind === "dict" || expr.kind === "set" || expr.kind === "comprehension") return true;
  if (expr.kind !== "call") return false;
  const word = expr.callee.kind === "name" ? expr.callee.id : expr.callee.kind === "attribute" ? expr.callee.name : "";
  return makers.has(word) || /^[A-Z]/.test(word);
}

/** Groups of names that may hold one object which calls can fill. */
function groupsOf(body: readonly Stmt[], given: Names): Map<string, Set<string>> {
  const groups = new Map([...given].map((name) => [name, new Set([name])]));
  const assigned: (readonly [name: string, value: Expr])[] = [];
  const visit = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      if (statement.kind === "assign" && statement.value)
        for (const target of statement.targets)
          if (target.kind === "name") for (const value of choices(statement.value)) assigned.push([target.id, value]);
      partsOf(statement).blocks.forEach(visit);
    }
  };
  visit(body);
  const join = (a: string, b: string): boolean => {
    const [one, other] = [groups.get(a) ?? new Set([a]), groups.get(b) ?? new Set([b])];
    if (one === other && groups.has(a)) return false;
    for (const name of new Set([...one, ...other])) groups.set(name, one.add(name));
    return true;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const [name, value] of assigned) {
      const root = rootOf(value);
      if (root !== undefined && groups.has(root)) changed = join(root, name) || changed;
      else if (isFillable(value) && !groups.has(name)) changed = join(name, name) || changed;
    }
  }
  return groups;
}

/** @param given names that hold what the function was given, where changes of it are of interest to the caller */
export function effectsOf(facts: FileFacts, body: readonly Stmt[], given: Names = new Set()): Effects {
  const groups = groupsOf(body, given);
  const inner = new Map<string, Set<string>>();
  const sharing = (name: string): Names => groups.get(name) ?? new Set([name]);
  const changed = (expr: Expr, into: Set<string>): void => {
    if (expr.kind === "name") for (const name of inner.get(expr.id) ?? []) into.add(name);
    if (expr.kind === "walrus") into.add(expr.target);
    if (expr.kind === "call") {
      const { callee } = expr;
      const root = rootOf(callee);
      if (root !== undefined && (callee.kind === "attribute" ? mutators.has(callee.name) : false)) into.add(root);
      if (root !== undefined && groups.has(root) && !(callee.kind === "attribute" && onlyReads.has(callee.name))) into.add(root);
      const word = callee.kind === "name" ? callee.id : "";
      if (!harmless.has(word) && !(root !== undefined && logs.has(root)))
        for (const { value, splat } of expr.args) if (!splat && value.kind === "name" && groups.has(value.id)) into.add(value.id);
    }
    for (const child of childrenOf(expr)) changed(child, into);
  };
  for (const index of functionsIn(body)) {
    const names = new Set<string>();
    const fn = facts.functions[index]!;
    const own = new Set(fn.params.map(({ name }) => name));
    forEachExpr(fn.body, (expr) => changed(expr, names));
    for (const name of [...assignedParts(fn.body), ...namesOfOuter(fn)]) names.add(name);
    inner.set(fn.name, new Set([...names].filter((name) => !own.has(name))));
  }
  return {
    sharing,
    changedBy: (expr, into) => {
      const found = new Set<string>();
      changed(expr, found);
      for (const name of found) for (const other of sharing(name)) into.add(other);
    },
  };
}

function functionsIn(body: readonly Stmt[]): number[] {
  return body.flatMap((statement) =>
    statement.kind === "function" ? [statement.index] : partsOf(statement).blocks.flatMap((block) => functionsIn(block)),
  );
}

/** Names of which parts are assigned to. */
export function assignedParts(body: readonly Stmt[]): string[] {
  return body.flatMap((statement) => {
    const targets = statement.kind === "assign" ? statement.targets : statement.kind === "augment" ? [statement.target] : [];
    const roots = targets.filter((target) => target.kind !== "name").flatMap((target) => rootOf(target) ?? []);
    return [...roots, ...partsOf(statement).blocks.flatMap((block) => assignedParts(block))];
  });
}
