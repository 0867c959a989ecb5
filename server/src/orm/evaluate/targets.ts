import type { Expr } from "../../python/index.js";
import { withLoaded } from "../values/plan.js";
import { collection, join, mapValue, unknown, type Iteration, type Value } from "../values/value.js";
import { withEntry, withoutRow } from "./containers.js";
import type { Evaluator } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { asRow } from "./iterations.js";
import { noteEscape } from "./uses.js";

/** Plain names that a target binds. */
export function targetNames(target: Expr): string[] {
  if (target.kind === "name") return [target.id];
  if (target.kind === "tuple" || target.kind === "list") return target.items.flatMap(targetNames);
  return target.kind === "splat" ? targetNames(target.value) : [];
}

/** Binds a target, taking tuples apart; with an iteration, as that round's element. */
export function assign(ev: Evaluator, target: Expr, value: Value, iteration?: Iteration): void {
  if (target.kind === "name") return ev.bind(target.id, iteration ? asRow(value, iteration) : value);
  if (target.kind === "tuple" || target.kind === "list") return unpack(ev, target.items, value, iteration);
  if (target.kind === "attribute") return assignAttribute(ev, target, value);
  if (target.kind === "subscript") return assignItem(ev, target, value);
  noteEscape(ev, value);
}

function unpack(ev: Evaluator, items: readonly Expr[], value: Value, iteration?: Iteration): void {
  items.forEach((item, at) => {
    const starred = item.kind === "splat";
    const part = mapValue(value, (member) => {
      if (member.kind === "tuple" && !starred) return member.items[at] ?? unknown;
      if (member.kind === "collection") return starred ? member : member.of;
      return unknown;
    });
    assign(ev, starred ? item.value : item, part, iteration);
  });
}

/** `user.orders = x` fills the relationship. */
function assignAttribute(ev: Evaluator, target: Expr & { kind: "attribute" }, value: Value): void {
  noteEscape(ev, value);
  const { of, name } = target;
  if (of.kind !== "name") {
    evaluate(ev, of);
    return;
  }
  const owner = ev.env.get(of.id);
  if (owner?.kind === "entity") ev.bind(of.id, { ...owner, plan: withLoaded(owner.plan, name) });
  else if (owner?.kind === "instance") ev.bind(of.id, { ...owner, fields: new Map(owner.fields).set(name, value) });
  else if (of.id === "self" || of.id === "cls") ev.bind(`${of.id}.${name}`, value);
}

/** `by_id[user.id] = user` */
function assignItem(ev: Evaluator, target: Expr & { kind: "subscript" }, value: Value): void {
  const key = withoutRow(evaluate(ev, target.index));
  const { of } = target;
  const into = of.kind === "name" ? ev.env.get(of.id) : undefined;
  if (of.kind !== "name" || (into?.kind !== "mapping" && into?.kind !== "collection")) {
    evaluate(ev, of);
    noteEscape(ev, value);
    return;
  }
  ev.bind(of.id, into.kind === "mapping" ? withEntry(into, key, value) : collection(join(into.of, value)));
}
