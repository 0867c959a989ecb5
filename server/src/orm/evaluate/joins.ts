import type { CallExpr, Expr } from "../../python/index.js";
import { isTrue, keyword, stringOf } from "../entities/calls.js";
import type { EntityId } from "../entities/entity.js";
import { unknown, type JoinedTarget, type QueryValue, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";

/**
 * What a `join(...)` joins.
 * @param from how many arguments stand before the target: 1 for `join_from(User, Order)`
 */
export function joinsOf(
  ev: Evaluator,
  query: QueryValue,
  call: CallExpr,
  args: readonly Value[],
  outer: boolean,
  from: 0 | 1,
): JoinedTarget[] {
  const isOuter = outer || isTrue(keyword(call, "isouter")) || isTrue(keyword(call, "full"));
  const place = { file: ev.file, start: call.start, end: call.end };
  const given = call.args
    .flatMap((arg, at) => (arg.name === undefined ? [{ expr: arg.value, value: args[at] ?? unknown }] : []))
    .slice(from);
  const [first, second] = given;
  if (!first) return [];
  // `join(Order, User.orders)`
  const on = second?.value.kind === "attribute" ? wayOf(ev, second.value) : undefined;
  if (first.value.kind === "entityClass")
    return [
      {
        ...targetOf(first.value),
        ...(on?.relationship ? without(on) : second && !comparesColumns(second.expr) ? { condition: true } : {}),
        outer: isOuter,
        place,
      },
    ];
  const joins: JoinedTarget[] = [];
  // 1.x joins one behind the other: `join(User.orders, Order.items)`, `join("orders", "items")`
  let at: EntityId | undefined = query.targets.flatMap(({ value }) =>
    "entity" in value && value.kind !== "entity" ? [value.entity] : [],
  )[0];
  for (const { expr, value } of given) {
    const way = stepOf(ev, expr, value, at);
    if (!way && joins.length) break;
    joins.push({ ...way, outer: isOuter, place });
    at = way?.entity;
  }
  return joins;
}

/** `Order.user_id == User.id` */
const comparesColumns = (expr: Expr): boolean =>
  expr.kind === "operator" && expr.op === "==" && expr.items.every((item) => item.kind === "attribute");

type Way = Omit<JoinedTarget, "outer" | "place">;
const without = ({ owner, relationship }: Way): Way => ({
  ...(owner === undefined ? {} : { owner }),
  ...(relationship === undefined ? {} : { relationship }),
});
const targetOf = ({ entity, alias }: { entity: EntityId; alias?: string }): Way => ({ entity, ...(alias === undefined ? {} : { alias }) });

function stepOf(ev: Evaluator, expr: Expr, value: Value, at: EntityId | undefined): Way | undefined {
  if (value.kind === "attribute") return wayOf(ev, value);
  if (value.kind === "entityClass") return targetOf(value);
  const name = stringOf(expr);
  return name !== undefined && at !== undefined ? wayOf(ev, { kind: "attribute", entity: at, name }) : undefined;
}

function wayOf(ev: Evaluator, value: Value & { kind: "attribute" }): Way {
  const relationship = ev.index.entities.get(value.entity)?.relationships.get(value.name);
  if (!relationship) return {};
  const to = value.ofType ? targetOf(value.ofType) : relationship.target === undefined ? {} : { entity: relationship.target };
  return { owner: value.entity, relationship: relationship.name, ...to };
}

/** `join(User, Order)` and `User.__table__.outerjoin(…)` as they stand in `select_from`: their tables are not looked up. */
export function joinCall(ev: Evaluator, call: CallExpr): JoinedTarget[] {
  const word = call.callee.kind === "attribute" ? call.callee.name : call.callee.kind === "name" ? call.callee.id : "";
  if (word !== "join" && word !== "outerjoin") return [];
  const outer = word === "outerjoin" || isTrue(keyword(call, "isouter"));
  return [{ outer, place: { file: ev.file, start: call.start, end: call.end } }];
}
