import { refuse, type EntityUse } from "../sql/ir.js";
import { withProxy } from "../sql/make.js";
import type { Value } from "../values.js";
import { callFunction } from "./functions.js";
import type { Frame } from "./frame.js";
import type { Machine } from "./machine.js";

/** `User.full_name`, a hybrid: its `expression` where it has one, its own body with the class for `self` otherwise. */
export function hybrid(m: Machine, use: EntityUse, name: string, fn: { file: string; function: number }, frame: Frame): Value {
  const facts = m.facts(fn.file);
  const owner = facts.functions[fn.function]!.class;
  const methods = owner === undefined ? [] : facts.classes[owner]!.methods;
  const written =
    methods.find((index) =>
      facts.functions[index]!.decorators.some(
        (one) =>
          one.kind === "attribute" && (one.name === "expression" || (one.name === "inplace" && false)) && hybridName(one.of) === name,
      ),
    ) ??
    methods.find((index) =>
      facts.functions[index]!.decorators.some(
        (one) =>
          one.kind === "attribute" &&
          one.name === "expression" &&
          one.of.kind === "attribute" &&
          one.of.name === "inplace" &&
          hybridName(one.of.of) === name,
      ),
    );
  const value = callFunction(
    m,
    { kind: "function", file: fn.file, index: written ?? fn.function, self: { kind: "entity", use } },
    { positional: [], keywords: new Map(), exprs: [] },
    frame.depth + 1,
  );
  if (value.kind === "sql") return { kind: "sql", sql: withProxy(value.sql, name) };
  if (value.kind === "statement") return value;
  return refuse(`the hybrid ${use.entity.name}.${name} gives no SQL expression that is understood`);
}
const hybridName = (expr: { kind: string; id?: string }) => (expr.kind === "name" ? expr.id : undefined);
