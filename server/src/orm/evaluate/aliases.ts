import type { CallExpr } from "../../python/index.js";
import { keyword, stringOf } from "../entities/calls.js";
import type { Subclasses } from "../values/plan.js";
import { membersOf, unknown, type EntityClassValue, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";

/** `aliased(User)`, `aliased(User, subquery, name="u")`: an alias of its own for each place that makes one. */
export function aliasOf(ev: Evaluator, call: CallExpr, target: Value | undefined): Value {
  if (target?.kind !== "entityClass") return unknown;
  const label = stringOf(keyword(call, "name"));
  const { subclasses, entity } = target;
  return {
    kind: "entityClass",
    entity,
    aliased: true,
    alias: `${ev.file}:${call.start}`,
    ...(label === undefined ? {} : { label }),
    ...(subclasses ? { subclasses } : {}),
  };
}

/** `with_polymorphic(Person, "*")`: an alias whose rows come with the columns of these subclasses. */
export function polymorphicAlias(ev: Evaluator, call: CallExpr, args: readonly Value[]): Value {
  const alias = aliasOf(ev, call, args[0]);
  if (alias.kind !== "entityClass") return unknown;
  const at = call.args.findIndex((arg, index) => (arg.name === undefined ? index === 1 : arg.name === "classes"));
  const subclasses = subclassesAmong(args[at]);
  // Subclasses that cannot be read may be any.
  return { ...alias, subclasses: subclasses ?? "all" };
}

/** `"*"` or classes in a list. */
export function subclassesAmong(value: Value | undefined): Subclasses | undefined {
  if (value?.kind === "string") return value.literal.value === "*" ? "all" : undefined;
  const items = value?.kind === "tuple" ? value.items : value?.kind === "collection" ? membersOf(value.of) : undefined;
  const classes = items?.filter((item): item is EntityClassValue => item.kind === "entityClass");
  return classes && classes.length === items?.length ? classes.map((item) => item.entity) : undefined;
}

/** What a class or alias has under a name: a mapped attribute, or, with `with_polymorphic`, a subclass. */
export function memberOfClass(ev: Evaluator, value: EntityClassValue, name: string): Value | undefined {
  const entity = ev.index.entities.get(value.entity);
  const alias = value.alias === undefined ? {} : { alias: value.alias };
  if (entity?.relationships.has(name) || entity?.columns.has(name)) return { kind: "attribute", entity: value.entity, name, ...alias };
  if (!value.subclasses) return undefined;
  const subclass = ev.index.descendants(value.entity).find((one) => one.name === name);
  return subclass && { ...value, entity: subclass.id };
}

/** `of_type(Dog)`, `and_(…)`: still that relationship. */
export function attributeModifier(value: Value & { kind: "attribute" }, name: string, args: readonly Value[]): Value | undefined {
  if (name === "and_" || name === "label") return value;
  if (name !== "of_type") return undefined;
  const [type] = args;
  return type?.kind === "entityClass" ? { ...value, ofType: type } : value;
}
