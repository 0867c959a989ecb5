import type { AttributeExpr } from "../../python/index.js";
import type { Relationship } from "../entities/entity.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { planned, uncertainPlan, withLoaded, type Planned } from "../values/plan.js";
import { collection, unknown, type EntityValue, type QueryValue, type Value } from "../values/value.js";
import { isAsync, queryOf, rootOf } from "../values/origins.js";
import type { Evaluator } from "./evaluator.js";
import { heldIn } from "./held.js";
import { targetsOfMany } from "./queries.js";

/** `owner.relationship`: notes the query that it costs, and gives what comes back. */
export function readRelationship(
  ev: Evaluator,
  owner: EntityValue,
  relationship: Relationship,
  expr: AttributeExpr,
  length: boolean,
  awaited = false,
): Value {
  ev.found.relationshipReads.add(`${relationship.owner}.${relationship.name}`);
  if (owner.origin.kind === "new") return related(owner, relationship, uncertainPlan, true);
  const back = parentBehind(ev.index, owner, relationship);
  if (back) return back;
  const direct = planned(owner.plan, relationship);
  const isMissing = direct.loading === "lazy" || direct.loading === "raise";
  const { loading, sometimes, sqlOnly, plan } = (isMissing && throughInverse(ev, owner, relationship)) || direct;
  // Some path through the code loads it otherwise.
  if (sometimes !== undefined) owner = { ...owner, doubt: "possible" };
  if (loading === "query") return dynamicQuery(ev, relationship, expr);
  if (relationship.collection === undefined) return unknown;
  if (loading === "eager" || isRowItself(owner, relationship)) return related(owner, relationship, plan);
  // What would raise sends nothing; an attached row of a plain session just loads.
  if (ev.asksWhatIsThere > 0 && (loading === "raise" || isAsync(owner))) {
    // Who comes behind this line has it.
    if (expr.of.kind === "name" && ev.env.get(expr.of.id) === owner)
      ev.bind(expr.of.id, { ...owner, plan: withLoaded(owner.plan, relationship.name) });
    return related(owner, relationship, uncertainPlan);
  }
  const targets = targetsOfMany(ev.index, owner, relationship);
  if ((loading !== "lazy" && loading !== "raise") || targets === "one") return related(owner, relationship, uncertainPlan);
  if (targets === "some") owner = { ...owner, doubt: "possible" };
  else if (targets === "sometimes" || unread(owner, relationship)) owner = { ...owner, doubt: owner.doubt ?? "likely" };
  // The session may hold it already, and then it may be read.
  if (sqlOnly && relationship.collection === false) owner = { ...owner, doubt: owner.doubt ?? "likely" };
  if (sharesTarget(ev.index, owner, relationship)) owner = { ...owner, doubt: owner.doubt ?? (isAsync(owner) ? "possible" : "likely") };
  const along = comesAlong(ev.index, owner, relationship);
  if (along === "surely") return related(owner, relationship, uncertainPlan);
  if (along === "maybe") owner = { ...owner, doubt: "possible" };
  const iteration = ev.rowOf(owner);
  const held = heldIn(ev, owner, relationship);
  if (held === "all") return related(owner, relationship, uncertainPlan);
  if (held === "some") owner = { ...owner, doubt: "possible" };
  ev.record({
    kind: "lazyLoad",
    ...ev.at(expr),
    owner,
    relationship,
    ...(iteration ? { iteration } : {}),
    use: length ? "length" : "read",
    ...(loading === "raise" ? { raises: true as const } : {}),
    ...(awaited ? { awaited: true as const } : {}),
    ownerSpan: { start: expr.of.start, end: expr.of.end },
  });
  return related(owner, relationship, plan);
}

/**
 * `Message.chat`, and from there `Chat.messages` with what is asked for here: the row is among the messages of its chat, and was given the
 * same. What its plan is then; undefined where the query does not come back.
 */
function throughInverse(ev: Evaluator, owner: EntityValue, relationship: Relationship): Planned | undefined {
  for (const way of ev.index.entities.get(owner.entity)?.relationships.values() ?? []) {
    if (way.collection !== false || way.target === undefined || !owner.plan.relationships.has(way.name)) continue;
    const there = planned(owner.plan, way);
    for (const back of there.loading === "eager" ? (ev.index.entities.get(way.target)?.relationships.values() ?? []) : []) {
      if (back.target !== owner.entity || back.collection === undefined || !isInverse(ev.index, back, way)) continue;
      const here = planned(there.plan, back);
      const found = here.loading === "eager" ? planned(here.plan, relationship) : undefined;
      if (found?.loading === "eager") return found;
    }
  }
  return undefined;
}

/** Of a tree whose every row is asked for, with the relationship, what hangs on a row is another of the rows. */
function isRowItself(owner: EntityValue, relationship: Relationship): boolean {
  const root = rootOf(owner);
  if (owner.origin.kind !== "relationship" || root.entity !== owner.entity || root.origin.kind !== "query") return false;
  return !root.origin.query.flags.filtered && planned(root.plan, relationship).loading === "eager";
}

/** `select(Order, User).join(Order.user)`: each row brings its user. */
function comesAlong(
  index: OrmIndex,
  { origin, entity }: EntityValue,
  { collection, name, target }: Relationship,
): "surely" | "maybe" | undefined {
  if (collection !== false || target === undefined || origin.kind !== "query") return undefined;
  const { targets, joins } = origin.query;
  const brings = targets.some(({ value }) => value.kind === "entityClass" && value.entity === target && !value.aliased);
  if (!brings) return undefined;
  const isOwner = (id: string | undefined) => id === undefined || id === entity || index.entities.get(entity)?.parents.includes(id);
  const joined = joins?.some((join) =>
    join.relationship === undefined ? join.entity === target && !join.condition : join.relationship === name && isOwner(join.owner),
  );
  // Without a join a condition puts the two together: `filter(Order.user_id == User.id)`.
  return joined ? "surely" : joins?.length ? undefined : "maybe";
}

/** `instance.project` of `fleet.instances`, where `fleet.project` is there already: it may well be the same. */
function sharesTarget(index: OrmIndex, { origin }: EntityValue, { collection, target }: Relationship): boolean {
  if (collection !== false || target === undefined || origin.kind !== "relationship") return false;
  const { parent } = origin;
  return [...(index.entities.get(parent.entity)?.relationships.values() ?? [])].some(
    (one) => one.collection === false && one.target === target && planned(parent.plan, one).loading === "eager",
  );
}

/** A condition that was not read may fix the target to one row. */
function unread(owner: EntityValue, relationship: Relationship): boolean {
  return relationship.collection === false && queryOf(owner)?.flags.unreadFilter === true;
}

function related(owner: EntityValue, relationship: Relationship, plan: EntityValue["plan"], fresh = false): Value {
  if (relationship.target === undefined) return unknown;
  const one: EntityValue = {
    kind: "entity",
    entity: relationship.target,
    plan,
    origin: fresh ? { kind: "new" } : { kind: "relationship", parent: owner, relationship },
    ...(owner.row && !relationship.collection ? { row: owner.row } : {}),
    ...(owner.doubt ? { doubt: owner.doubt } : {}),
  };
  return relationship.collection ? collection(one) : one;
}

/** `dynamic`: reading it gives a query. */
function dynamicQuery(ev: Evaluator, relationship: Relationship, expr: AttributeExpr): Value {
  if (relationship.target === undefined) return unknown;
  const query: QueryValue = {
    kind: "query",
    site: { file: ev.file, start: expr.start, end: expr.end, style: "dynamic", scope: ev.scope },
    targets: [{ value: { kind: "entityClass", entity: relationship.target }, start: expr.start, end: expr.end, text: "" }],
    options: [],
    uncertain: false,
    optionsCalls: [],
    // All of its rows belong to this owner.
    fixed: relationship.inverse === undefined ? [] : [{ entity: relationship.target, name: relationship.inverse }],
    flags: {},
    bound: true,
  };
  return query;
}

/** `order.user`, where `order` came from `user.orders`: the session holds that user already. */
function parentBehind(index: OrmIndex, child: EntityValue, relationship: Relationship): Value | undefined {
  if (child.origin.kind !== "relationship" || relationship.collection !== false) return undefined;
  const { parent, relationship: way } = child.origin;
  return way.collection !== undefined && isInverse(index, way, relationship) ? parent : undefined;
}

/** Whether `back` leads from the target of `way` to where `way` starts. */
export function isInverse(index: OrmIndex, way: Relationship, back: Relationship): boolean {
  if (way.inverse !== undefined) return way.inverse === back.name;
  if (back.inverse !== undefined) return back.inverse === way.name;
  // Undeclared: the only way back is the way back.
  const target = way.target === undefined ? undefined : index.entities.get(way.target);
  const leadsBack = (candidate: Relationship) => candidate.collection === false && candidate.target === way.owner;
  const candidates = [...(target?.relationships.values() ?? [])].filter(leadsBack);
  return leadsBack(back) && candidates.length === 1 && !way.secondary;
}
