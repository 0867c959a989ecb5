import type { Span } from "#protocol/place";
import type { Expr, FunctionFact } from "../../python/index.js";
import { functionUnit } from "../incremental/units.js";
import { Names } from "../values/names.js";
import { mapValue, type FunctionRef, type Value } from "../values/value.js";
import { applyValue } from "./apply.js";
import { givenBy, givenValues, type Given } from "./arguments.js";
import type { Evaluator } from "./evaluator.js";
import { evaluateArguments } from "./expressions.js";
import { childOf, type CallOptions } from "./functions.js";

const properties = new Set([
  "property",
  "hybrid_property",
  "cached_property",
  "reify",
  "classproperty",
  "computed_field",
  "abstractproperty",
]);

export const decoratorName = (decorator: Expr): string => {
  const target = decorator.kind === "call" ? decorator.callee : decorator;
  return target.kind === "name" ? target.id : target.kind === "attribute" ? target.name : "";
};
const hasDecorator = (fn: FunctionFact, name: string) => fn.decorators.some((decorator) => decoratorName(decorator) === name);

/** Read like an attribute, and run each time. */
export const isProperty = (fn: FunctionFact): boolean =>
  fn.decorators.some((decorator) => {
    const name = decoratorName(decorator);
    return properties.has(name) || name.endsWith("property");
  });
export const isClassMethod = (fn: FunctionFact): boolean => hasDecorator(fn, "classmethod");

/** `@lru_cache`, `@cache.memoize()`: most calls send nothing. */
export const isCached = (fn: FunctionFact): boolean =>
  fn.decorators.some((decorator) => {
    const words = dotted(decorator.kind === "call" ? decorator.callee : decorator).toLowerCase();
    return (words.includes("cache") || words.includes("memo")) && !words.includes("property");
  });
const dotted = (expr: Expr): string =>
  expr.kind === "attribute" ? `${dotted(expr.of)}.${expr.name}` : expr.kind === "name" ? expr.id : "";

/** Runs a function through what the project's own decorators make of it; undefined where it has none of those. */
export function decorated(
  ev: Evaluator,
  ref: FunctionRef,
  fn: FunctionFact,
  given: Given,
  place: Span,
  { self }: CallOptions,
): Value | undefined {
  const own = fn.decorators.filter((decorator) => isOwn(ev, ref.file, decorator));
  if (own.length === 0) return undefined;
  ev.context.memory.use(functionUnit(ref.file, ref.index));
  const raw: Value = { kind: "closure", file: ref.file, code: fn, fn, env: new Names(), ref };
  const wrapped = own.reduceRight<Value>((inner, decorator) => wrap(ev, ref.file, decorator, inner, place), raw);
  const full = self ? { ...given, positional: [{ value: self, varies: new Set<never>() }, ...given.positional] } : given;
  // Whoever reads of the call knows the function, not what its decorator calls the wrapper.
  const named = mapValue(wrapped, (made) => (made.kind === "closure" && made !== raw ? { ...made, calledAs: fn.qualifiedName } : made));
  return applyValue(ev, named, full, place);
}

function isOwn(ev: Evaluator, file: string, decorator: Expr): boolean {
  const target = decorator.kind === "call" ? decorator.callee : decorator;
  return ev.index.symbols.resolve(file, target)?.kind === "function";
}

/** What a decorator makes of a function; the function itself where that is not a function that can be followed. */
function wrap(ev: Evaluator, file: string, decorator: Expr, inner: Value, place: Span): Value {
  const target = decorator.kind === "call" ? decorator.callee : decorator;
  const symbol = ev.index.symbols.resolve(file, target);
  if (symbol?.kind !== "function") return inner;
  let factory: Value = { kind: "symbol", symbol };
  if (decorator.kind === "call") {
    const at = childOf(ev, file, ev.context.factsOf(file)!.functions[0]!, "", place, new Names());
    factory = applyValue(ev, factory, givenBy(at, decorator, evaluateArguments(at, decorator)), place);
  }
  return mapValue(applyValue(ev, factory, givenValues(inner), place), (made) =>
    made.kind === "closure" || made.kind === "partial" ? made : inner,
  );
}
