import type { AttributeExpr, Expr } from "../../python/index.js";
import type { ColumnAttribute, EntityId } from "../entities/entity.js";
import { isAsync, queryOf, rootOf } from "../values/origins.js";
import { planned } from "../values/plan.js";
import { mapValue, unknown, type EntityValue, type Value } from "../values/value.js";
import { attributeValue } from "./attributes.js";
import type { Evaluator } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { byPrimaryKey } from "./queries.js";

type Key = Value & { kind: "key" };

/** What is kept where nothing holds the row any more: in a list, in a field, behind a `return`. */
export const plain = (value: Value): Value =>
  value.kind === "key" || (value.kind === "union" && value.of.some((one) => one.kind === "key"))
    ? mapValue(value, (one) => (one.kind === "key" ? unknown : one))
    : value;

/**
 * The value of an expression that is handed to a call or bound to a name: of a key, also which row it is the key of. Everything else that is
 * made of a key is unknown: the session finds a row only as long as somebody holds it.
 * @param fresh whether a row that was just made is taken to have its key
 */
export function evaluateHanded(ev: Evaluator, expr: Expr, fresh = true): Value {
  if (expr.kind === "name") {
    const bound = ev.env.get(expr.id);
    return bound?.kind === "key" ? bound : evaluate(ev, expr);
  }
  if (expr.kind !== "attribute" || !startsWithName(expr)) return evaluate(ev, expr);
  if (expr.of.kind === "name" && ev.env.has(`${expr.of.id}.${expr.name}`)) return evaluate(ev, expr);
  if (!ev.spend()) return unknown;
  const owner = evaluate(ev, expr.of);
  const value = attributeValue(ev, owner, expr);
  return (value.kind === "unknown" && owner.kind === "entity" && keyColumn(ev, owner, expr.name, fresh)) || value;
}

const startsWithName = ({ of }: AttributeExpr): boolean => of.kind === "name" || (of.kind === "attribute" && startsWithName(of));

function keyColumn(ev: Evaluator, owner: EntityValue, name: string, fresh: boolean): Key | undefined {
  const entity = ev.index.entities.get(owner.entity);
  const column = entity?.columns.get(name);
  const isNew = rootOf(owner).origin.kind === "new";
  if (!column || column.computed) return undefined;
  if (column.primaryKey) {
    const alone = [...entity!.columns.values()].filter((one) => one.primaryKey).length === 1;
    if (!isNew) return { kind: "key", ...(alone && isInHand(ev, owner) ? { row: owner } : {}) };
    return fresh ? { kind: "key" } : undefined;
  }
  if (!column.foreignKey || isNew) return undefined;
  const row = isInHand(ev, owner) ? referred(ev, owner, column) : undefined;
  return column.notNull || row
    ? { kind: "key", ...(row ? { row } : {}), ...(column.notNull ? {} : { nullable: true as const }) }
    : undefined;
}

/** The row that a foreign key refers to, where the query has loaded it along: `order.customer_id` next to `joinedload(Order.customer)`. */
function referred(ev: Evaluator, owner: EntityValue, { name }: ColumnAttribute): EntityValue | undefined {
  const relationships = [...(ev.index.entities.get(owner.entity)?.relationships.values() ?? [])];
  for (const relationship of relationships) {
    const { localKeys, target, collection, customJoin } = relationship;
    if (collection !== false || customJoin || target === undefined || localKeys.length !== 1 || localKeys[0] !== name) continue;
    const { loading, sometimes, plan } = planned(owner.plan, relationship);
    if (loading !== "eager" || sometimes !== undefined || !byPrimaryKey(ev.index, relationship)) continue;
    const origin = { kind: "relationship", parent: owner, relationship } as const;
    return { kind: "entity", entity: target, plan, origin, ...(owner.row ? { row: owner.row } : {}) };
  }
  return undefined;
}

/** The session that has loaded the row holds it still, and it is the only one in sight. */
function isInHand(ev: Evaluator, row: EntityValue): boolean {
  const query = queryOf(row);
  return (
    query !== undefined && row.doubt === undefined && !ev.gone.has(`${query.site.file}:${query.site.start}`) && sessionsInSight(ev) < 2
  );
}

function sessionsInSight(ev: Evaluator): number {
  let count = 0;
  for (const value of ev.env.withPrefix("").values()) if (value.kind === "session") count++;
  return count;
}

interface Get {
  readonly entity: EntityId;
  readonly key: Value | undefined;
  readonly async: boolean;
  /** What stands for the session; undefined where it is the one of the framework. */
  readonly session: Expr | undefined;
  /** Whether that is known to be one. */
  readonly proved: boolean;
}

/** The row that the session holds under a key: it gives that one, and sends nothing. */
export function heldRow(ev: Evaluator, { entity, key, async, session, proved }: Get): EntityValue | undefined {
  const row = key?.kind === "key" ? key.row : undefined;
  const query = row && queryOf(row);
  if (!row || !query || isAsync(row) !== async || ev.gone.has(`${query.site.file}:${query.site.start}`)) return undefined;
  if (row.entity !== entity && !ev.index.entities.get(row.entity)?.parents.includes(entity)) return undefined;
  if (session === undefined || comesFromOutside(ev, session)) return row;
  // Opened in this function: the one that has loaded the row, if that was here too and there is no other.
  return proved && query.site.file === ev.file && query.site.scope === ev.scope && sessionsInSight(ev) < 2 ? row : undefined;
}

/** A parameter, something of `self`, a name of the module: not opened by the function under way. */
function comesFromOutside(ev: Evaluator, expr: Expr): boolean {
  if (expr.kind === "attribute") return comesFromOutside(ev, expr.of);
  return expr.kind === "name" && (ev.fn.params.some(({ name }) => name === expr.id) || !ev.env.has(expr.id));
}

/** A commit expires every row: to find one by its key, the session asks for it again. */
export function forgetKeys(ev: Evaluator): void {
  for (const [name, value] of ev.env.withPrefix("")) {
    if (value.kind !== "key" || !value.row) continue;
    const key: Value = { kind: "key", ...(value.nullable ? { nullable: true } : {}) };
    if (ev.env.givenValue(name)) ev.env.give(name, key);
    else ev.env.set(name, key);
  }
}

/** `session.query(User).get(id)`: the session. */
export function sessionOfChain(expr: Expr): Expr | undefined {
  if (expr.kind === "call") {
    const { callee } = expr;
    return callee.kind === "attribute" && callee.name === "query" ? callee.of : sessionOfChain(callee);
  }
  return expr.kind === "attribute" ? sessionOfChain(expr.of) : undefined;
}
