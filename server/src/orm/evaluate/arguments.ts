import type { CallExpr, Expr, FunctionFact, ParamFact } from "../../python/index.js";
import { keyOf } from "../values/keys.js";
import { membersOf, unknown, type Iteration, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";
import { iterationsBehind } from "./varying.js";

export interface Argument {
  readonly value: Value;
  /** Iterations under way with which the argument changes. */
  readonly varies: ReadonlySet<Iteration>;
}

/** What a call hands over, splats taken apart. */
export interface Given {
  readonly positional: readonly Argument[];
  readonly named: ReadonlyMap<string, Argument>;
  /** A splat that cannot be read may give any parameter a value. */
  readonly open: boolean;
}

const constant: ReadonlySet<Iteration> = new Set();
export const argument = (value: Value, varies: ReadonlySet<Iteration> = constant): Argument => ({ value, varies });
export const noArguments: Given = { positional: [], named: new Map(), open: false };
export const givenValues = (...values: readonly Value[]): Given => ({ ...noArguments, positional: values.map((value) => argument(value)) });

/** @param args the values of the call's arguments, in their order */
export function givenBy(ev: Evaluator, call: CallExpr, args: readonly Value[]): Given {
  const positional: Argument[] = [];
  const named = new Map<string, Argument>();
  let open = false;
  call.args.forEach((arg, at) => {
    const value = args[at] ?? unknown;
    const varies = iterationsBehind(ev, arg.value);
    if (arg.splat === 1 && value.kind === "tuple") positional.push(...value.items.map((item) => argument(item, varies)));
    else if (arg.splat === 2 && value.kind === "mapping" && value.entries) {
      for (const [name, one] of value.entries) named.set(name, argument(one, varies));
    } else if (arg.splat) open = true;
    else if (arg.name !== undefined) named.set(arg.name, argument(value, varies));
    else if (!open) positional.push(argument(value, varies));
  });
  return { positional, named, open };
}

export const allOf = ({ positional, named }: Given): readonly Argument[] => [...positional, ...named.values()];

export function keyOfGiven({ positional, named, open }: Given, exact: boolean): string {
  const one = ({ value, varies }: Argument) =>
    `${keyOf(value, exact)}${varies.size ? `~${[...varies].map((i) => i.start).join("~")}` : ""}`;
  return `${positional.map(one).join(";")}/${[...named].map(([name, arg]) => `${name}=${one(arg)}`).join(";")}${open ? "*" : ""}`;
}

/** Parameters with what a call gives them; undefined where nothing does. Rest parameters collect what is left. */
export function matchParameters(params: readonly ParamFact[], given: Given): Map<ParamFact, Argument | undefined> {
  const matched = new Map<ParamFact, Argument | undefined>();
  const named = new Map(given.named);
  let at = 0;
  for (const param of params) {
    if (param.splat === 1) {
      const left = given.positional.slice(at);
      matched.set(param, argument({ kind: "tuple", items: left.map((one) => one.value) }, allVarying(left)));
      at = given.positional.length;
    } else if (param.splat === undefined) {
      const byPosition = param.keywordOnly || at >= given.positional.length ? undefined : given.positional[at++];
      matched.set(param, byPosition ?? named.get(param.name));
      if (!byPosition) named.delete(param.name);
    }
  }
  const rest = params.find((param) => param.splat === 2);
  if (rest) {
    const entries = new Map([...named].map(([name, one]) => [name, one.value]));
    matched.set(
      rest,
      argument(
        { kind: "mapping", key: unknown, value: unknown, entries, ...(given.open ? {} : { closed: true }) },
        allVarying([...named.values()]),
      ),
    );
  }
  return matched;
}

const allVarying = (args: readonly Argument[]): ReadonlySet<Iteration> => new Set(args.flatMap(({ varies }) => [...varies]));

/** Where a parameter is declared: the place that messages and origins name it by. */
export function placeOfParameter(file: string, fn: FunctionFact, param: ParamFact): string {
  const place: { start: number } = param.annotation ?? { start: fn.nameStart };
  return `${file}:${place.start}`;
}

/** `*args` of unknown length gives nothing to rely on. */
export const isKnown = (value: Value): boolean => membersOf(value).some((member) => member.kind !== "unknown" && member.kind !== "never");

/** An argument by position or name. */
export function argumentOf(
  call: CallExpr,
  args: readonly Value[],
  position: number,
  name: string,
): { value: Value; expr: Expr } | undefined {
  const byName = call.args.findIndex((arg) => arg.name === name);
  const at = byName >= 0 ? byName : position;
  const arg = call.args[at];
  return arg && !arg.splat && (byName >= 0 || arg.name === undefined) ? { value: args[at] ?? unknown, expr: arg.value } : undefined;
}
