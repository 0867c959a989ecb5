import type { ParamFact } from "../../python/index.js";
import { keyword } from "../entities/calls.js";
import type { ClassRef } from "../entities/classes.js";
import { uncertainPlan } from "../values/plan.js";
import { unknown, type Value } from "../values/value.js";
import { noArguments } from "./arguments.js";
import { declaredValue } from "./declared.js";
import type { Evaluator } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { callFunction } from "./functions.js";

/** Binds a function's parameters to what their annotations, their defaults and the class say. */
export function prepare(ev: Evaluator, self: ClassRef | undefined): void {
  const context = self ? undefined : viewContext(ev);
  ev.fn.params.forEach((param, at) => {
    const value = self && at === 0 && !isStatic(ev) ? selfValue(ev, self) : parameterValue(ev, param);
    ev.bind(param.name, at === 0 && value.kind === "unknown" && context ? context : value);
  });
}

/** Pyramid: `@view_config(context=User) def view(user, request)` is given a `User`. */
function viewContext(ev: Evaluator): Value | undefined {
  if (ev.fn.params.length !== 2) return undefined;
  for (const decorator of ev.fn.decorators) {
    const context = decorator.kind === "call" ? keyword(decorator, "context") : undefined;
    const value = context && declaredValue(ev.index, ev.file, context, `parameter \`${ev.fn.params[0]!.name}\``);
    if (value?.kind === "entity") return value;
  }
  return undefined;
}

const isStatic = (ev: Evaluator) => ev.fn.decorators.some((decorator) => decorator.kind === "name" && decorator.id === "staticmethod");
const isClassMethod = (ev: Evaluator) => ev.fn.decorators.some((decorator) => decorator.kind === "name" && decorator.id === "classmethod");

function selfValue(ev: Evaluator, self: ClassRef): Value {
  const entity = ev.index.entityOfClass(self);
  if (!entity && isClassMethod(ev)) return { kind: "symbol", symbol: { kind: "class", file: self.file, index: self.index } };
  if (!entity) return { kind: "instance", class: self };
  if (isClassMethod(ev)) return { kind: "entityClass", entity: entity.id };
  // A validator or hybrid is also called on the class, or before the instance is complete.
  const origin = {
    kind: "declared",
    file: ev.file,
    start: ev.fn.nameStart,
    end: ev.fn.nameStart + ev.fn.name.length,
    what: "`self`",
  } as const;
  return { kind: "entity", entity: entity.id, plan: uncertainPlan, origin };
}

export function parameterValue(ev: Evaluator, param: ParamFact): Value {
  if (param.splat) return unknown;
  if (param.annotation) {
    const declared = declaredValue(ev.index, ev.file, param.annotation, `parameter \`${param.name}\``);
    if (declared.kind !== "unknown") return declared;
  }
  return injected(ev, param);
}

/** FastAPI's `session = Depends(get_session)`: what the function returns or yields. */
function injected(ev: Evaluator, param: ParamFact): Value {
  const { default: value } = param;
  if (value?.kind !== "call" || value.callee.kind !== "name" || value.callee.id !== "Depends") return unknown;
  const provider = value.args[0] && evaluate(ev, value.args[0].value);
  if (provider?.kind !== "symbol" || provider.symbol.kind !== "function") return unknown;
  const given = callFunction(ev, provider.symbol, noArguments, value);
  return given.kind === "collection" ? given.of : given;
}
