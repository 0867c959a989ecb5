import type { Span } from "#protocol/place";
import type { AttributeExpr } from "../../python/index.js";
import type { ColumnAttribute } from "../entities/entity.js";
import { collection, mapValue, none, unknown, type EntityValue, type Value } from "../values/value.js";
import { planned } from "../values/plan.js";
import { memberOfClass } from "./aliases.js";
import { derivedAttribute } from "./derived.js";
import { readRelationship } from "./access.js";
import { memberOfEnumeration } from "./enumerations.js";
import type { Evaluator } from "./evaluator.js";
import { noteKeyRead } from "./keyReads.js";
import { classOf, memberAbove, memberOf } from "./members.js";
import { symbolValue } from "./names.js";
import { signedInUser } from "./signedIn.js";
import { columnLeftOut, modelQuery, targetsOfMany } from "./queries.js";
import { noteColumn, noteEscape } from "./uses.js";

/** @param length whether only the size of what is read matters: `len(user.orders)` */
export function attributeValue(ev: Evaluator, of: Value, expr: AttributeExpr, length = false): Value {
  return mapValue(of, (value) => attributeOf(ev, doubted(ev, of, value, expr.name), expr, length));
}

/** One of several possibilities is less sure than a single one: another may be loaded already, or be something else altogether. */
function doubted(ev: Evaluator, whole: Value, member: Single, name: string): Single {
  if (whole.kind !== "union" || member.kind !== "entity") return member;
  const others = whole.of.filter((other) => other !== member);
  if (others.some((other) => other.kind === "entity" && !readsLazily(ev, other, name))) return { ...member, doubt: "possible" };
  return others.some((other) => other.kind === "unknown") ? { ...member, doubt: member.doubt ?? "likely" } : member;
}
function readsLazily(ev: Evaluator, value: EntityValue, name: string): boolean {
  const relationship = ev.index.entities.get(value.entity)?.relationships.get(name);
  if (!relationship || value.origin.kind === "new" || targetsOfMany(ev.index, value, relationship) === "one") return false;
  return planned(value.plan, relationship).loading === "lazy";
}
type Single = Exclude<Value, { kind: "union" }>;

function attributeOf(ev: Evaluator, value: Single, expr: AttributeExpr, length: boolean): Value {
  const { name } = expr;
  switch (value.kind) {
    case "entity":
      return ofEntity(ev, value, expr, length);
    case "entityClass":
      return ofEntityClass(ev, value, expr);
    case "symbol":
      return ofSymbol(ev, value, expr);
    case "external":
      return symbolValue(ev, { kind: "external", name: `${value.name}.${name}` });
    case "instance":
      if (value.member !== undefined && name === "value") return ev.context.instanceAttribute(value, value.member);
      return value.fields?.get(name) ?? memberOf(ev, value, value.class, name, expr) ?? ev.context.instanceAttribute(value, name);
    case "super":
      return memberAbove(ev, value, name, expr) ?? unknown;
    case "module":
      return value.names.get(name) ?? unknown;
    case "mapping":
      // Templates read items like attributes.
      return ev.medium === "template" ? (value.entries?.get(name) ?? unknown) : unknown;
    case "tuple": {
      const at = value.names?.indexOf(name) ?? -1;
      return value.items[at] ?? unknown;
    }
    case "page":
      return name === "items" ? collection(value.of) : unknown;
    case "awaitableAttributes":
      return loadedExplicitly(ev, value.of, expr);
    case "unknown":
      return signedInUser(ev, expr) ?? unknown;
    default:
      return unknown;
  }
}

/** A member of a module, or of a class of the project. */
function ofSymbol(ev: Evaluator, value: Value & { kind: "symbol" }, expr: AttributeExpr): Value {
  if (value.symbol.kind === "external") {
    const user = signedInUser(ev, expr);
    if (user) return user;
  }
  const ref = ev.index.classes.of(value.symbol);
  if (!ref) return symbolValue(ev, ev.index.symbols.member(value.symbol, expr.name));
  const member = memberOfEnumeration(ev, ref, expr.name);
  if (member) return member;
  return memberOf(ev, value, ref, expr.name, expr) ?? ev.context.instanceAttribute({ kind: "instance", class: ref }, expr.name);
}

function ofEntity(ev: Evaluator, value: EntityValue, expr: AttributeExpr, length: boolean): Value {
  const entity = ev.index.entities.get(value.entity)!;
  const relationship = entity.relationships.get(expr.name);
  if (relationship) {
    noteEscape(ev, value, true);
    return readRelationship(ev, value, relationship, expr, length);
  }
  if (expr.name === "awaitable_attrs") return { kind: "awaitableAttributes", of: value };
  const column = entity.columns.get(expr.name);
  if (column) {
    readColumn(ev, value, column, expr);
    const ref = column.valueClass && ev.index.classes.of({ kind: "class", ...column.valueClass });
    return ref ? { kind: "instance", class: ref } : unknown;
  }
  const ref = classOf(ev, value);
  const member = (ref && memberOf(ev, value, ref, expr.name, expr)) ?? derivedAttribute(ev, value, expr.name, expr);
  noteEscape(ev, value, member !== undefined);
  return member ?? unknown;
}

/** The attribute of this name, read at a place that does not write it out. */
export function attributeNamed(ev: Evaluator, of: Value, name: string, { start, end }: Span): Value {
  return attributeValue(ev, of, { kind: "attribute", start, end, of: { kind: "other", start, end, items: [] }, name });
}

function readColumn(ev: Evaluator, owner: EntityValue, column: ColumnAttribute, expr: AttributeExpr): void {
  noteColumn(ev, owner, column.name);
  noteKeyRead(ev, owner, column, expr);
  const iteration = ev.rowOf(owner);
  const by = iteration && !owner.doubt ? columnLeftOut(ev.index, owner, column) : undefined;
  if (by && iteration) ev.record({ kind: "columnLoad", ...ev.at(expr), owner, column: column.name, leftOutBy: by, iteration });
}

function ofEntityClass(ev: Evaluator, value: Value & { kind: "entityClass" }, expr: AttributeExpr): Value {
  const { name } = expr;
  const member = memberOfClass(ev, value, name);
  if (member) return member;
  if (name === "query") return modelQuery(ev, value, expr);
  // What `Table(...)` gives.
  if (name === "__table__") return { kind: "external", name: "sqlalchemy.Table()" };
  const ref = classOf(ev, value);
  return (ref && memberOf(ev, value, ref, name, expr)) ?? unknown;
}

/** `await user.awaitable_attrs.orders` loads on purpose, and is no accident in async code. */
function loadedExplicitly(ev: Evaluator, owner: EntityValue, expr: AttributeExpr): Value {
  const relationship = ev.index.entities.get(owner.entity)?.relationships.get(expr.name);
  return relationship ? readRelationship(ev, owner, relationship, expr, false, true) : none;
}
