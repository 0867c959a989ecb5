import { forEachExpr, readDirectly, type Expr } from "../../python/index.js";
import type { Entity } from "../../orm/index.js";
import type { Mapping } from "../mapping/mapping.js";
import { refuse } from "../sql/ir.js";
import type { Value } from "../values.js";
import { Frame } from "./frame.js";
import { Machine } from "./machine.js";
import { Oracle } from "./oracle.js";

/** Runs an expression of a mapping: in the body of its class, where names are columns; texts are code too. */
export function evaluateMapping(mapping: Mapping, file: string, expr: Expr, entity: Entity): Value {
  const oracle = new Oracle();
  const m = new Machine(mapping, oracle);
  const code = expr.kind === "lambda" ? expr.body : expr.kind === "string" ? parsed(expr.value) : expr;
  const frame = new Frame(file, 0, 1);
  const use = mapping.use(entity);
  for (const { attribute, column } of use.columns)
    if (!column.computed) frame.set(attribute, { kind: "sql", sql: use.columnOf(attribute)! });
  frame.set("cls", { kind: "entity", use });
  // Names of classes need no import in texts; a class is known in its own body only by name.
  const late = expr.kind === "string" || expr.kind === "lambda";
  forEachExpr([{ kind: "expression", value: code, start: 0, end: 0 }], (one) => {
    if (one.kind !== "name" || (frame.get(one.id) && !late)) return;
    const id = one.id === entity.name ? entity.id : mapping.index.onlyEntityNamed(one.id);
    const named = id === undefined ? undefined : mapping.index.entities.get(id);
    if (named && (late || !mapping.index.symbols.lookup(file, one.id))) frame.set(one.id, { kind: "entity", use: mapping.use(named) });
    else if (late && ["and_", "or_", "func", "foreign", "remote", "desc", "asc"].includes(one.id) && !frame.get(one.id))
      frame.set(one.id, { kind: "symbol", name: `sqlalchemy.${one.id}` });
  });
  const value = m.eval(code, frame);
  return oracle.path.length > 0 ? refuse("a mapping that depends on branches") : value;
}

function parsed(text: string): Expr {
  const statement = readDirectly(text)?.functions[0]?.body[0];
  return statement?.kind === "expression" ? statement.value : refuse(`${JSON.stringify(text)} is not understood`);
}
