import type { Argument, CallExpr, OperatorExpr } from "../../python/index.js";
import type { EntityId } from "../entities/entity.js";
import type { OrmIndex } from "../project/ormIndex.js";
import type { FixedAttribute, Value } from "../values/value.js";

/** `User.org_id == x`: every row has the same value there. */
export function comparison(expr: OperatorExpr, items: readonly Value[]): Value | undefined {
  if (expr.op === "&") return all(items);
  if (expr.op !== "==") return undefined;
  const attributes = items.filter((item) => item.kind === "attribute");
  // Two columns compared are a join, not a constant.
  const [only] = attributes;
  return attributes.length === 1 && only ? { kind: "condition", fixed: [{ entity: only.entity, name: only.name }] } : undefined;
}

/** What a conjunction fixes. */
export function all(values: readonly Value[]): Value {
  return { kind: "condition", fixed: values.flatMap(fixedIn) };
}

/** Conditions may come in a list: `filter(*criteria)`. */
function fixedIn(value: Value): readonly FixedAttribute[] {
  if (value.kind === "condition") return value.fixed;
  if (value.kind === "collection") return fixedIn(value.of);
  return value.kind === "tuple" ? value.items.flatMap(fixedIn) : [];
}

/** A condition that stands elsewhere and could not be read there. */
export function isUnread(arg: Argument, value: Value): boolean {
  const elsewhere = arg.splat !== undefined || arg.value.kind === "name" || arg.value.kind === "subscript";
  if (!elsewhere) return false;
  const inner = value.kind === "collection" ? value.of : value;
  return inner.kind !== "condition" && inner.kind !== "tuple";
}

/** `filter_by(org=x, kind=y)`. */
export function byKeyword(call: CallExpr): FixedAttribute[] {
  return call.args.flatMap((arg) => (arg.name === undefined ? [] : [{ name: arg.name }]));
}

/** `User.org_id.is_(x)`, `User.org_id.in_(ids)`; `User.org.has(Org.id == x)`, `User.org.has(id=x)`, which fix the related row. */
export function conditionOn(
  index: OrmIndex,
  value: Value & { kind: "attribute" },
  name: string,
  call: CallExpr,
  args: readonly Value[],
): Value | undefined {
  const { entity } = value;
  if (name === "is_" || name === "in_")
    return { kind: "condition", fixed: [{ entity, name: value.name, ...(name === "in_" ? { several: true } : {}) }] };
  const relationship = name === "has" ? index.entities.get(entity)?.relationships.get(value.name) : undefined;
  if (relationship?.collection !== false) return undefined;
  const target = relationship.target === undefined ? {} : { entity: relationship.target };
  const keywords = byKeyword(call).map((one): FixedAttribute => ({ ...one, ...target }));
  return { kind: "condition", fixed: [...keywords, ...args.flatMap(fixedIn)] };
}

/** `with_parent(self.event)` with a parent of unknown type: the only many-to-one, or the one that is called like it. */
export function parentByName(index: OrmIndex, call: CallExpr, of: EntityId): Value {
  const [parent] = call.args;
  const name = parent?.value.kind === "name" ? parent.value.id : parent?.value.kind === "attribute" ? parent.value.name : undefined;
  const ways = [...(index.entities.get(of)?.relationships.values() ?? [])].filter((one) => one.collection === false);
  const way = ways.length === 1 ? ways[0] : ways.find((one) => one.name === name);
  return way && call.args.length === 1 ? { kind: "condition", fixed: [{ entity: of, name: way.name }] } : { kind: "unknown" };
}

/**
 * `with_parent(org)`, `with_parent(org, Org.users)`: all rows belong to that one.
 * @param of the entity that is selected, where it is known
 */
export function parentCondition(index: OrmIndex, args: readonly Value[], of?: EntityId): Value {
  const [parent, attribute] = args;
  const nothing: Value = { kind: "unknown" };
  const owner = attribute?.kind === "attribute" ? attribute.entity : parent?.kind === "entity" ? parent.entity : undefined;
  const way = attribute?.kind === "attribute" ? index.entities.get(attribute.entity)?.relationships.get(attribute.name) : undefined;
  const target = way?.target ?? of;
  if (owner === undefined || target === undefined) return nothing;
  const back = [...(index.entities.get(target)?.relationships.values() ?? [])].filter(
    (one) => one.collection === false && one.target === owner && (way?.inverse === undefined || one.name === way.inverse),
  );
  return back.length === 1 ? { kind: "condition", fixed: [{ entity: target, name: back[0]!.name }] } : nothing;
}
