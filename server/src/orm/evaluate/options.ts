import type { CallExpr, Expr } from "../../python/index.js";
import { stringOf } from "../entities/calls.js";
import type { Loading } from "../entities/entity.js";
import type { LoadPath, LoadStep, OptionPlace } from "../values/plan.js";
import { membersOf, unknown, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";

const loaders: Readonly<Record<string, Loading | "default">> = {
  joinedload: "eager",
  joinedload_all: "eager",
  selectinload: "eager",
  selectinload_all: "eager",
  subqueryload: "eager",
  subqueryload_all: "eager",
  immediateload: "eager",
  contains_eager: "eager",
  eagerload: "eager",
  eagerload_all: "eager",
  lazyload: "lazy",
  noload: "none",
  raiseload: "raise",
  defaultload: "default",
};
const columnOptions = new Set(["load_only", "defer", "undefer", "undefer_group", "with_expression", "selectin_polymorphic"]);
/** Options that say nothing of what is loaded with a row. */
const harmless = new Set(["with_loader_criteria", "undefer_group", "with_expression", "selectin_polymorphic", "undefer"]);

export const isLoaderOption = (word: string) => word in loaders || columnOptions.has(word) || word === "Load" || harmless.has(word);

/** A `User.orders` argument with what may be hung on it: `.of_type(X)`, `.and_(…)`. */
function attributeOf(value: Value): { entity?: string; name: string } | undefined {
  return value.kind === "attribute" ? { entity: value.entity, name: value.name } : undefined;
}

/** `selectinload(User.orders)`, `joinedload("orders.items")`, `load_only(User.id)`, `Load(User)`; also as a method on a path before it. */
export function loaderOption(ev: Evaluator, word: string, call: CallExpr, args: readonly Value[], before?: LoadPath): Value {
  const place: OptionPlace = { file: ev.file, start: before?.place.start ?? call.start, end: call.end };
  const path: LoadPath = before ? { ...before, place } : { steps: [], place };
  const result = extended(word, call, args, path);
  return result
    ? { kind: "options", paths: [result], uncertain: false }
    : { kind: "options", paths: before ? [before] : [], uncertain: !harmless.has(word) };
}

function extended(word: string, call: CallExpr, args: readonly Value[], path: LoadPath): LoadPath | undefined {
  if (word === "Load") return args[0]?.kind === "entityClass" ? { ...path, root: args[0].entity } : undefined;
  if (columnOptions.has(word)) return withColumns(word, call, args, path);
  const loading = loaders[word];
  if (loading === undefined) return undefined;
  const steps: LoadStep[] = [];
  for (const [at, arg] of call.args.entries()) {
    if (arg.name !== undefined) continue;
    if (arg.splat) return undefined;
    const text = stringOf(arg.value);
    if (text === "*") return loading === "default" ? undefined : { ...path, wildcard: loading };
    const read = text === undefined ? attributeOf(args[at] ?? unknown) : undefined;
    if (text !== undefined) steps.push(...text.split(".").map((name): LoadStep => ({ name, loading })));
    else if (read) steps.push({ ...read, loading });
    else return undefined;
  }
  return steps.length ? { ...path, steps: [...path.steps, ...steps] } : undefined;
}

function withColumns(word: string, call: CallExpr, args: readonly Value[], path: LoadPath): LoadPath | undefined {
  const names = call.args.map((arg, at) => stringOf(arg.value) ?? attributeOf(args[at] ?? unknown)?.name);
  const root = args.flatMap((arg) => (arg.kind === "attribute" ? [arg.entity] : []))[0];
  const base = path.steps.length === 0 && path.root === undefined && root !== undefined ? { ...path, root } : path;
  const known = names.filter((name) => name !== undefined);
  if (known.length < names.length) return word === "load_only" || word === "defer" ? undefined : base;
  if (word === "load_only") return { ...base, only: known };
  if (word === "defer") return { ...base, deferred: known };
  return { ...base, undeferred: word === "undefer" ? known : ["*"] };
}

/** Everything that can stand in `.options(...)`: options, lists of them, splats, what conditions leave open. */
export function collectOptions(values: readonly { value: Value; expr: Expr }[]): { paths: LoadPath[]; uncertain: boolean } {
  const paths: LoadPath[] = [];
  let uncertain = false;
  const add = (value: Value) => {
    for (const member of membersOf(value)) {
      if (member.kind === "options") {
        paths.push(...member.paths);
        uncertain ||= member.uncertain || value.kind === "union";
      } else if (member.kind === "collection") {
        add(member.of);
        uncertain ||= member.of.kind === "union";
      } else if (member.kind === "tuple") member.items.forEach(add);
      else if (member.kind !== "never" && member.kind !== "none") uncertain = true;
    }
  };
  for (const { value } of values) add(value);
  return { paths, uncertain };
}
