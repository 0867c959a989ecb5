import type { Argument, CallExpr, OperatorExpr } from "../../python/index.js";
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
