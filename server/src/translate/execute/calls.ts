import type { Expr } from "../../python/index.js";
import { buildsSql, sqlValue, type Args, type Value } from "../values.js";
import { builtin } from "../methods/builtins.js";
import { callSymbol } from "../methods/symbols.js";
import { callMethod } from "../methods/methods.js";
import { sessionMethod } from "../methods/session.js";
import { callSqlFunction } from "../methods/functions.js";
import { customOperation } from "../methods/customOperators.js";
import { callFunction } from "./functions.js";
import { Frame } from "./frame.js";
import { assign } from "./assign.js";
import { isEnum } from "../mapping/enums.js";
import type { Machine } from "./machine.js";
import { unparse } from "./unparse.js";

type Call = Expr & { kind: "call" };

export function callValue(m: Machine, callee: Value, args: Args, expr: Call, frame: Frame): Value {
  switch (callee.kind) {
    case "function":
      return callFunction(m, callee, args, frame.depth + 1);
    case "lambda": {
      const inner = new Frame(frame.file, frame.index, frame.depth + 1, callee.closure);
      callee.expr.params.forEach((param, at) =>
        inner.set(param.name, args.positional[at] ?? args.keywords.get(param.name) ?? { kind: "parameter", name: param.name }),
      );
      return m.eval(callee.expr.body, inner);
    }
    case "symbol":
      if (callee.name.startsWith("builtins.")) return builtin(m, callee.name.slice("builtins.".length), args, expr, frame);
      if (callee.name === "typing.cast" && args.positional[1]) return args.positional[1];
      return callSymbol(m, callee.name, args, expr, frame) ?? outside(m, args, expr, frame);
    case "sqlFunction":
      // `func.cast` and `func.extract` are the constructs.
      if (callee.name.length === 1 && (callee.name[0] === "cast" || callee.name[0] === "extract"))
        return callSymbol(m, `sqlalchemy.${callee.name[0]}`, args, expr, frame)!;
      return callSqlFunction(m, callee.name, args);
    case "operator":
      return sqlValue(customOperation(m, callee, args));
    case "method":
      return callMethod(m, callee.of, callee.name, args, expr, frame);
    case "class":
      return construct(m, callee, args, expr, frame);
    case "entity":
      return {
        kind: "instance",
        name: callee.use.entity.name.toLowerCase(),
        entity: callee.use.entity,
        attributes: new Map(args.keywords),
      };
    case "parameter":
    case "instance":
      return (
        (expr.callee.kind === "attribute" ? sessionMethod(m, expr.callee.name, args, expr, frame) : undefined) ??
        outside(m, args, expr, frame)
      );
    case "unknown":
      return (expr.callee.kind === "attribute" ? sessionMethod(m, expr.callee.name, args, expr, frame) : undefined) ?? callee;
    default:
      return outside(m, args, expr, frame);
  }
}

/** Something outside the project: a plain value comes back, unless a query went in. */
function outside(m: Machine, args: Args, expr: Call, frame: Frame): Value {
  const sent = expr.callee.kind === "attribute" ? sessionMethod(m, expr.callee.name, args, expr, frame) : undefined;
  if (sent) return sent;
  const all = [...args.positional, ...args.keywords.values()];
  if (all.some(bringsSql))
    return { kind: "unknown", reason: `what ${unparse(expr.callee)}() gives back is not known`, file: frame.file, start: expr.start };
  return { kind: "parameter", name: unparse(expr) };
}
/** Classes that are no entities, and functions, are what services are asked for by. */
const bringsSql = (value: Value) => value.kind !== "class" && value.kind !== "function" && value.kind !== "lambda" && buildsSql(value);

function construct(m: Machine, callee: Value & { kind: "class" }, args: Args, expr: Call, frame: Frame): Value {
  if (isEnum(m.index, callee.class))
    return { kind: "parameter", name: unparse(expr), type: { name: callee.class.fact.name, class: callee.class } };
  const instance: Value & { kind: "instance" } = {
    kind: "instance",
    name: callee.class.fact.name.toLowerCase(),
    class: callee.class,
    attributes: new Map(args.keywords),
  };
  const init = m.index.classes.method(callee.class, "__init__");
  if (init)
    instance.construct = () =>
      void callFunction(m, { kind: "function", file: init.in.file, index: init.index, self: instance }, args, frame.depth + 1);
  return instance;
}

export { assign };
