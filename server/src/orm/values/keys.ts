import type { EntityClassValue, FixedAttribute, Iteration, Origin, QueryValue, Value } from "./value.js";
import { pathOf, rootOf } from "./origins.js";
import type { LoadPath, LoadPlan } from "./plan.js";

/** Deeper than this, two values are told apart no more. */
const deepest = 6;

const ids = new WeakMap<object, number>();
let lastId = 0;
/** A number for objects that have no better name. */
function idOf(object: object): number {
  let id = ids.get(object);
  if (id === undefined) ids.set(object, (id = ++lastId));
  return id;
}

/** Values with equal keys behave alike when a function is given them. Places of texts, and texts that no test decides on, count only where `exact`. */
export function keyOf(value: Value, exact: boolean, depth = 0): string {
  if (depth > deepest) return "…";
  const inner = (one: Value) => keyOf(one, exact, depth + 1);
  switch (value.kind) {
    case "entity": {
      const root = rootOf(value).origin;
      // What moved is another: values carry positions.
      const way = pathOf(value).map((one) => `${one.owner}.${one.name}@${one.file}:${one.span.start}`);
      return `E${value.entity}|${planKey(value.plan)}|${originText(root)}|${way.join(">")}|${value.row ? loopKey(value.row) : ""}|${value.doubt ?? ""}`;
    }
    case "query":
      return queryKey(value);
    case "collection":
      return `[${inner(value.of)}${value.few ? "f" : ""}${value.batches ? "b" : ""}${value.full ? "+" : ""}]`;
    case "page":
      return `P${inner(value.of)}`;
    case "tuple":
      return `(${value.items.map(inner).join(",")})`;
    case "mapping": {
      const entries = value.entries && [...value.entries].map(([name, one]) => `${name}=${inner(one)}`).join(",");
      return `{${inner(value.key)}:${inner(value.value)}${value.few ? "f" : ""}${value.closed ? "c" : ""}${entries === undefined ? "" : `;${entries}`}}`;
    }
    case "result":
      return `R${inner(value.element)}/${inner(value.first)}${value.few ? "f" : ""}`;
    case "session":
      return `s${value.async ? "a" : ""}${value.proved ? "p" : ""}`;
    case "entityClass":
      return classKey(value);
    case "attribute":
      return `A${value.entity}.${value.name}@${value.alias ?? ""}${value.ofType ? classKey(value.ofType) : ""}`;
    case "options":
      return `O${value.uncertain ? "?" : ""}${value.paths.map(pathKey).join(",")}`;
    case "condition":
      return `c${value.fixed.map(fixedKey).join(",")}`;
    case "string":
      if (exact) return `"${value.literal.value}"${value.file}:${value.literal.start}`;
      return isTemplateName(value.literal.value) || isDecisive(value.literal.value) ? `"${value.literal.value}"` : '"';
    case "number":
      return `${value.value}`;
    case "boolean":
      return value.value ? "T" : "F";
    case "none":
      return "N";
    case "key":
      return `K${value.nullable ? "?" : ""}${value.row ? inner(value.row) : ""}`;
    case "text":
    case "unknown":
    case "never":
      return "?";
    case "symbol":
      return `S${symbolKey(value.symbol)}`;
    case "external":
      return `X${value.name}`;
    case "instance": {
      const fields = value.fields && [...value.fields].map(([name, one]) => `${name}=${inner(one)}`).join(",");
      return `I${value.class.file}#${value.class.index}${fields === undefined ? "" : `(${fields})`}${value.made ? inner(value.made) : ""}${value.member === undefined ? "" : `.${value.member}`}`;
    }
    case "closure":
      return `L${value.file}:${value.code.start}:${idOf(value.env)}`;
    case "method":
      return `M${value.method.file}#${value.method.index}(${inner(value.self)})`;
    case "super":
      return `U${value.class.file}#${value.class.index}(${inner(value.self)})`;
    case "partial":
      return `p${inner(value.of)}(${value.positional.map(inner).join(",")};${[...value.named].map(([name, one]) => `${name}=${inner(one)}`).join(",")})`;
    case "getter":
      return `g${value.of}${value.paths.join(",")}`;
    case "adapter":
      return `V${value.class.file}#${value.class.index}${value.many ? "*" : ""}`;
    case "template":
      return `t${value.file}`;
    case "module":
      return `m${idOf(value.names)}`;
    case "awaitableAttributes":
      return `w${inner(value.of)}`;
    case "union":
      return `<${value.of.map(inner).join("|")}>`;
  }
}

/** Texts short enough to be a choice among several: tests of them decide which branches a call runs. */
export const isDecisive = (text: string): boolean => text.length <= 24 && /^[\w.-]*$/.test(text);

/** `list.html`, `mail.txt`, `package:templates/list.jinja2`. */
export const isTemplateName = (text: string): boolean => /^[\w./:@-]+\.(html?|jinja2?|j2|txt|xml)$/.test(text);

function symbolKey(symbol: (Value & { kind: "symbol" })["symbol"]): string {
  if (symbol.kind === "external") return symbol.name;
  if (symbol.kind === "module") return symbol.file;
  return symbol.kind === "variable" ? `${symbol.file}.${symbol.name}` : `${symbol.file}#${symbol.kind}${symbol.index}`;
}

export const iterationKey = (iteration: Iteration | undefined): string =>
  iteration ? `${iteration.file}:${iteration.start}:${iteration.end}` : "";

const loopKeys = new WeakMap<Iteration, string>();
/** Tells apart what one loop goes through in one call and in another, and before and after an edit of where that comes from. */
export function loopKey(iteration: Iteration): string {
  let key = loopKeys.get(iteration);
  if (key === undefined) loopKeys.set(iteration, (key = `${iterationKey(iteration)}<${keyOf(iteration.over, true)}`));
  return key;
}

function originText(origin: Origin): string {
  if (origin.kind === "query") return `${queryKey(origin.query)}${origin.async ? "a" : ""}`;
  return origin.kind === "declared" ? `${origin.file}:${origin.start}` : origin.kind;
}

const classKey = ({ entity, alias, subclasses }: EntityClassValue) => `C${entity}@${alias ?? ""}${subclasses?.toString() ?? ""}`;
const fixedKey = (one: FixedAttribute) => `${one.entity ?? ""}.${one.name}${one.several ? "s" : ""}${one.sometimes ? "?" : ""}`;

/** One place may name another relationship each time it is evaluated: `def with_(rel): return selectinload(rel)`. */
const pathKey = ({ place, steps, root, alias, sometimes, only, deferred, undeferred }: LoadPath) =>
  [
    `${place.file}:${place.start}:${place.end}${sometimes ? "?" : ""}@${root ?? ""}${alias ?? ""}`,
    ...steps.map((step) => `${step.name}=${step.loading}`),
    ...[only, deferred, undeferred].map((names) => names?.join("+") ?? ""),
  ].join(".");

const queryKeys = new WeakMap<QueryValue, string>();
function queryKey(query: QueryValue): string {
  let key = queryKeys.get(query);
  if (key === undefined) {
    const { site, targets, options, fixed, flags } = query;
    const parts = [
      `${site.file}:${site.start}`,
      targets.map((target) => keyOf(target.value, false, deepest - 1)).join(","),
      options.map(pathKey).join(","),
      fixed.map(fixedKey).join(","),
      Object.keys(flags).join(","),
      `${query.uncertain}${query.bound}${query.optionsCalls.length}`,
      (query.joins ?? []).map((join) => JSON.stringify(join)).join(","),
    ];
    queryKeys.set(query, (key = `Q${parts.join("|")}`));
  }
  return key;
}

const planKeys = new WeakMap<LoadPlan, string>();
function planKey(plan: LoadPlan): string {
  let key = planKeys.get(plan);
  if (key === undefined) {
    const relationships = [...plan.relationships].map(
      ([name, one]) => `${name}=${one.loading}${one.sometimes ?? ""}${one.depth ?? ""}(${planKey(one.plan)})`,
    );
    const { relationships: _relationships, uncertain, ...others } = plan;
    planKeys.set(plan, (key = `${uncertain ? "?" : ""}${relationships.sort().join(",")};${JSON.stringify(others, plainly)}`));
  }
  return key;
}

const plainly = (_key: string, value: unknown): unknown => (value instanceof Map || value instanceof Set ? [...value] : value);

/** Whether a function that is given the value may do something with it that it would not do with any other. */
export function matters(value: Value, depth = 0): boolean {
  if (depth > deepest) return false;
  const inner = (one: Value) => matters(one, depth + 1);
  switch (value.kind) {
    case "entity":
    case "query":
    case "result":
    case "options":
    case "closure":
    case "method":
    case "partial":
    case "getter":
    case "entityClass":
    case "attribute":
    case "super":
    case "template":
    case "module":
      return true;
    case "collection":
    case "page":
      return inner(value.of);
    case "tuple":
      return value.items.some(inner);
    case "mapping":
      return inner(value.value) || [...(value.entries?.values() ?? [])].some(inner);
    case "key":
      return value.row !== undefined;
    case "instance":
      return value.made !== undefined || [...(value.fields?.values() ?? [])].some(inner);
    case "symbol":
      return value.symbol.kind === "function" || value.symbol.kind === "class";
    case "union":
      return value.of.some(inner);
    default:
      return false;
  }
}

/** Rows that another round of a loop replaces are among it. */
export const holdsRows = (value: Value): boolean => someRow(value, () => true, 0);

/** The loops of whose rounds a value is made. */
export function rowsIn(value: Value): ReadonlySet<Iteration> {
  const found = new Set<Iteration>();
  someRow(value, (row) => row !== undefined && !found.add(row), 0);
  return found;
}

/** Whether `test` holds for some row; what a closure has captured is not looked through, and may be any (`undefined`). */
function someRow(value: Value, test: (row: Iteration | undefined) => boolean, depth: number): boolean {
  if (depth > deepest) return false;
  const inner = (one: Value) => someRow(one, test, depth + 1);
  switch (value.kind) {
    case "entity":
      return value.row !== undefined && test(value.row);
    case "key":
      return value.row !== undefined && inner(value.row);
    case "collection":
    case "page":
      return inner(value.of);
    case "tuple":
      return value.items.some(inner);
    case "mapping":
      return inner(value.value) || [...(value.entries?.values() ?? [])].some(inner);
    case "instance":
      return (value.made !== undefined && inner(value.made)) || [...(value.fields?.values() ?? [])].some(inner);
    case "method":
    case "super":
      return inner(value.self);
    case "partial":
      return inner(value.of) || value.positional.some(inner) || [...value.named.values()].some(inner);
    case "closure":
      return test(undefined);
    case "union":
      return value.of.some(inner);
    default:
      return false;
  }
}
