import type { Span } from "#protocol/place";
import type { CallExpr, FunctionFact } from "../../python/index.js";
import type { ClassRef } from "../entities/classes.js";
import { mapValue, unknown, type Value } from "../values/value.js";
import { givenBy, noArguments, type Given } from "./arguments.js";
import { applyValue } from "./apply.js";
import { isClassMethod, isProperty } from "./decorators.js";
import type { Evaluator } from "./evaluator.js";
import { callFunction, isStatic, type CallOptions } from "./functions.js";

/** The class behind a value, where the project defines it. */
export function classOf(ev: Evaluator, value: Value): ClassRef | undefined {
  if (value.kind === "instance") return value.class;
  if (value.kind === "symbol") return ev.index.classes.of(value.symbol);
  if (value.kind !== "entity" && value.kind !== "entityClass") return undefined;
  const entity = ev.index.entities.get(value.entity);
  return entity && ev.index.classes.of({ kind: "class", file: entity.file, index: entity.class });
}

/** A method or property that a class defines, as reading it from `self` gives it; undefined where the class has none of that name. */
export function memberOf(ev: Evaluator, self: Value, ref: ClassRef, name: string, place: Span): Value | undefined {
  const found = ev.index.classes.method(ref, name);
  if (!found || isReplaced(ev, self, ref, name)) return undefined;
  const onClass = self.kind === "entityClass" || self.kind === "symbol";
  const target = { file: found.in.file, index: found.index };
  if (isProperty(found.method)) {
    // Read on the class it is an expression, or itself.
    if (onClass && !classProperty(found.method)) return unknown;
    return callFunction(ev, target, noArguments, place, { self, definedIn: found.in });
  }
  if (isStatic(found.method) || (onClass && !isClassMethod(found.method)))
    return { kind: "symbol", symbol: { kind: "function", ...target } };
  return { kind: "method", self: isClassMethod(found.method) ? classValue(self) : self, method: target };
}
/**
 * A method that all subclasses replace, read from the `self` of a class that nobody makes an instance of. What `self` is, is known only
 * where an instance was followed to here.
 */
function isReplaced(ev: Evaluator, self: Value, ref: ClassRef, name: string): boolean {
  if (self.kind !== "instance" || ev.stack.length > 0) return false;
  const below = ev.index.classes.descendants(ref);
  const replacing = below.filter((one) => ownMethod(ev, one, name) !== undefined);
  return replacing.length > 0 && replacing.length === below.length && !ev.index.classes.isConstructed(ref.fact.name);
}

const classProperty = (fn: FunctionFact) => fn.decorators.some((one) => one.kind === "name" && one.id === "classproperty");

function classValue(self: Value): Value {
  if (self.kind === "entity") return { kind: "entityClass", entity: self.entity };
  return self.kind === "instance" ? { kind: "symbol", symbol: { kind: "class", file: self.class.file, index: self.class.index } } : self;
}

/** `super().name`: the next class behind the one that the code stands in. */
export function memberAbove(ev: Evaluator, value: Value & { kind: "super" }, name: string, place: Span): Value | undefined {
  const ref = classOf(ev, value.self);
  if (!ref) return undefined;
  const line = ev.index.classes.linear(ref);
  const at = line.findIndex((one) => one.file === value.class.file && one.index === value.class.index);
  for (const above of line.slice(at + 1)) {
    const own = ownMethod(ev, above, name);
    if (own === undefined) continue;
    const target = { file: above.file, index: own.index };
    if (isProperty(own.fn)) return callFunction(ev, target, noArguments, place, { self: value.self, definedIn: above });
    return { kind: "method", self: value.self, method: target };
  }
  return undefined;
}

function ownMethod(ev: Evaluator, ref: ClassRef, name: string): { fn: FunctionFact; index: number } | undefined {
  const facts = ev.context.factsOf(ref.file);
  const index = ref.fact.methods.findLast((candidate) => facts?.functions[candidate]?.name === name);
  return index === undefined ? undefined : { fn: facts!.functions[index]!, index };
}

/** Calls a method by its name, as Python itself does for `str(x)`; unknown where the project defines none. */
export function callMethodNamed(ev: Evaluator, self: Value, name: string, place: Span, given: Given = noArguments): Value {
  return mapValue(self, (one) => {
    const ref = classOf(ev, one);
    const member = ref && memberOf(ev, one, ref, name, place);
    return member ? applyValue(ev, member, given, place) : unknown;
  });
}

/** The methods that turning a value into text runs, the first that the class has. */
export function textOfValue(ev: Evaluator, value: Value, place: Span, methods = ["__str__", "__repr__"]): void {
  mapValue(value, (one) => {
    const ref = one.kind === "entity" || one.kind === "instance" ? classOf(ev, one) : undefined;
    const name = ref && methods.find((method) => ev.index.classes.method(ref, method));
    if (name !== undefined) callMethodNamed(ev, one, name, place);
    return unknown;
  });
}

/** A call of a method that the class of a followed value defines; undefined where it defines none. */
export function callMember(
  ev: Evaluator,
  self: Value,
  name: string,
  call: CallExpr,
  args: readonly Value[],
  changed?: CallOptions["changed"],
): Value | undefined {
  const ref = classOf(ev, self);
  const member = ref && memberOf(ev, self, ref, name, call);
  if (!member) return undefined;
  const given = givenBy(ev, call, args);
  if (member.kind !== "method" || !changed) return applyValue(ev, member, given, call);
  const definedIn = ev.index.classes.method(ref, name)?.in;
  return callFunction(ev, member.method, given, call, { self: member.self, changed, ...(definedIn ? { definedIn } : {}) });
}
