import type { AttributeExpr, CallExpr, Expr } from "../../python/index.js";
import type { ColumnAttribute, Entity, EntityId, Relationship } from "../entities/entity.js";
import { dottedOf } from "../entities/classes.js";
import { leftOutBy, withPath, type LeftOutBy, type LoadPath, type LoadPlan } from "../values/plan.js";
import {
  unknown,
  type EntityClassValue,
  type EntityValue,
  type FixedAttribute,
  type QuerySite,
  type QueryTarget,
  type QueryValue,
  type Value,
} from "../values/value.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { queryOf, rootOf } from "../values/origins.js";
import type { Evaluator } from "./evaluator.js";

/** Where a query starts; the same object each time the place is evaluated. */
export function siteOf(ev: Evaluator, place: Expr, style: QuerySite["style"]): QuerySite {
  const key = `${ev.file}:${place.start}:${style}`;
  let site = ev.context.sites.get(key);
  // After an edit something else may stand there.
  if (site?.end !== place.end || site.scope !== ev.scope)
    ev.context.sites.set(key, (site = { file: ev.file, start: place.start, end: place.end, style, scope: ev.scope }));
  return site;
}

/** Remembers the query at its longest, for those who want to see query expressions. */
export function notePlace(ev: Evaluator, query: QueryValue, whole: Expr): QueryValue {
  const key = `${query.site.file}:${query.site.start}`;
  const known = ev.found.queries.get(key);
  const inPlace = whole.start === query.site.start && query.site.file === ev.file;
  if (!known) ev.found.queries.set(key, { file: ev.file, span: { start: whole.start, end: whole.end }, scope: ev.scope, value: query });
  else if (inPlace && whole.end >= known.span.end)
    ev.found.queries.set(key, { ...known, span: { start: whole.start, end: whole.end }, value: query });
  return query;
}

const emptyQuery = (site: QuerySite, targets: readonly QueryTarget[], bound: boolean): QueryValue => ({
  kind: "query",
  site,
  targets,
  options: [],
  uncertain: false,
  optionsCalls: [],
  fixed: [],
  flags: {},
  bound,
});

/** `select(...)` and `session.query(...)`. */
export function newQuery(ev: Evaluator, call: CallExpr, args: readonly Value[], style: "select" | "query"): QueryValue {
  const targets = call.args.flatMap((arg, at): QueryTarget[] =>
    arg.name === undefined ? targetsOf(ev, arg.value, args[at] ?? unknown, arg.splat !== undefined) : [],
  );
  return notePlace(ev, emptyQuery(siteOf(ev, call, style), targets, style === "query"), call);
}

export function targetsOf(ev: Evaluator, expr: Expr, value: Value, splat: boolean): QueryTarget[] {
  if (splat) return [{ value: unknown, start: expr.start, end: expr.end, text: "", splat: true }];
  // 1.x: `select([User.id, User.name])`
  if (expr.kind === "list") return expr.items.flatMap((item) => targetsOf(ev, item, unknown, false));
  const label =
    value.kind === "entityClass"
      ? (value.label ?? ev.index.entities.get(value.entity)!.name)
      : value.kind === "attribute"
        ? value.name
        : undefined;
  return [{ value, start: expr.start, end: expr.end, text: dottedOf(expr), ...(label === undefined ? {} : { label }) }];
}

/** `User.query` (Flask-SQLAlchemy, or `query_property()`). */
export function modelQuery(ev: Evaluator, value: Value & { kind: "entityClass" }, expr: AttributeExpr): QueryValue {
  const target: QueryTarget = {
    value,
    start: expr.of.start,
    end: expr.of.end,
    text: dottedOf(expr.of),
    label: ev.index.entities.get(value.entity)!.name,
  };
  return notePlace(ev, emptyQuery(siteOf(ev, expr, "model"), [target], true), expr);
}

/** `session.get(User, 1, options=[...])`. */
export function getQuery(ev: Evaluator, call: CallExpr, target: Value, options: Value, list: Expr | undefined): QueryValue {
  const first = call.args[0]!.value;
  const base = emptyQuery(siteOf(ev, call, "get"), [{ value: target, start: first.start, end: first.end, text: dottedOf(first) }], true);
  const last = list?.kind === "list" || list?.kind === "tuple" ? list.items.at(-1) : undefined;
  const optionList = list?.kind === "list" ? { optionList: { insertAt: last?.end ?? list.start + 1, empty: !last } } : {};
  const query = options.kind === "options" ? { ...base, ...optionList, options: options.paths, uncertain: options.uncertain } : base;
  return notePlace(ev, query, call);
}

const related = (index: OrmIndex, a: string, b: string) =>
  a === b || index.entities.get(a)?.parents.includes(b) === true || index.entities.get(b)?.parents.includes(a) === true;

/**
 * What the query's options say for one of its entities.
 * @param target the entity as the query names it; an option for an alias is for that alias only
 */
export function planFor(index: OrmIndex, query: QueryValue, entity: EntityId, target?: EntityClassValue): LoadPlan {
  let plan: LoadPlan = { relationships: new Map(), uncertain: query.uncertain };
  const subclasses = target?.subclasses ?? index.entities.get(entity)?.polymorphic;
  if (subclasses) plan = { ...plan, subclasses };
  const own = query.options.filter((path) => {
    const root = rootOfPath(path);
    return root === undefined || (path.alias === target?.alias && related(index, root, entity));
  });
  for (const path of own) if (!path.steps.length) plan = withPath(plan, path);
  for (const path of own) if (path.steps.length && !isIdle(index, path, entity, plan)) plan = withPath(plan, effective(query, path));
  return plan;
}
const rootOfPath = (path: LoadPath) => path.root ?? path.steps[0]?.entity;

/** A relationship of a subclass does nothing for rows asked for as their base, unless the subclass is loaded with them. */
function isIdle(index: OrmIndex, path: LoadPath, entity: EntityId, plan: LoadPlan): boolean {
  const root = rootOfPath(path);
  if (root === undefined || root === entity || !index.entities.get(root)?.parents.includes(entity)) return false;
  if (index.entities.get(entity)?.relationships.has(path.steps[0]!.name)) return false;
  return plan.subclasses !== "all" && !plan.subclasses?.includes(root) && index.entities.get(root)?.loadedWithBase !== true;
}

/** `from_statement`: its text decides what is joined. */
function effective(query: QueryValue, path: LoadPath): LoadPath {
  const [first, ...rest] = path.steps;
  const idle = query.flags.fromStatement && (first?.loader === "joinedload" || first?.loader === "eagerload");
  return idle ? { ...path, steps: [{ ...first, loading: "default" }, ...rest] } : path;
}

/** Why a column did not come with its row. `inheritance`: it belongs to a subclass of the entity that was asked for. */
export type LeftOut = LeftOutBy | "inheritance";

/** What leaves a column out of a row of a query; undefined where it is loaded, or where that cannot be told. */
export function columnLeftOut(index: OrmIndex, owner: EntityValue, column: ColumnAttribute): LeftOut | undefined {
  const asked = askedFor(owner);
  if (asked === undefined || owner.plan.uncertain) return undefined;
  const entity = index.entities.get(owner.entity);
  if (asked !== owner.entity && entity && !isLoadedWith(index, owner, asked, column)) return "inheritance";
  const inherits = entity && (entity.parents.length > 0 || index.descendants(entity.id).length > 0);
  const by = leftOutBy(owner.plan, column);
  // The discriminator is always loaded, and looks like any other column where the mapping does not name it in plain words.
  return inherits && entity.discriminator === undefined && by !== "mapping" ? undefined : by;
}

/** The entity that a query or a relationship was to yield, which a type check may have narrowed since. */
function askedFor({ origin, entity }: EntityValue): EntityId | undefined {
  if (origin.kind === "relationship") return queryOf(origin.parent) && origin.relationship.target;
  if (origin.kind !== "query") return undefined;
  const classes = origin.query.targets.flatMap(({ value }) => (value.kind === "entityClass" ? [value.entity] : []));
  return classes.includes(entity) ? entity : classes.length === 1 ? classes[0] : undefined;
}

/** Whether a column of a subclass comes with rows that were asked for as the base. */
function isLoadedWith(index: OrmIndex, owner: EntityValue, asked: EntityId, column: ColumnAttribute): boolean {
  const base = index.entities.get(asked);
  if (!base || base.columns.has(column.name) || !index.entities.get(owner.entity)?.parents.includes(asked)) return true;
  const { subclasses } = owner.plan;
  const mapped = index.entities.get(owner.entity)?.loadedWithBase;
  const names = (id: EntityId) => id === owner.entity || index.entities.get(id)?.columns.has(column.name) === true;
  return mapped === true || subclasses === "all" || subclasses?.some(names) === true;
}

/** What rows asked for as an entity have only where they are of one of its subclasses: the subclass, if just one declares the name. */
export function subclassWith(index: OrmIndex, entity: EntityId, name: string): Entity | undefined {
  const found = index.descendants(entity).filter((one) => one.columns.has(name) || one.relationships.has(name));
  // Its own subclasses inherit it.
  const tops = found.filter((one) => !found.some((other) => one.parents.includes(other.id)));
  return tops.length === 1 ? tops[0] : undefined;
}

/** The session looks instances up by primary key only: by another key, even one that it holds is asked for again. */
export function byPrimaryKey(index: OrmIndex, relationship: Relationship): boolean {
  const target = relationship.target === undefined ? undefined : index.entities.get(relationship.target);
  const owner = index.entities.get(relationship.owner);
  return !relationship.localKeys.some((name) => {
    const key = owner?.columns.get(name)?.foreignKey;
    const column = [...(target?.columns.values() ?? [])].find((candidate) => candidate.column === key?.column);
    return column !== undefined && !column.primaryKey;
  });
}

/**
 * How many rows a many-to-one leads to at most, by what the query filters by: `one` where it is fixed to one value; `some` where it is one of
 * values that the code has in hand, and may have loaded; `sometimes` where it is fixed on some paths only; `many` otherwise.
 */
export function targetsOfMany(index: OrmIndex, owner: EntityValue, relationship: Relationship): "one" | "some" | "sometimes" | "many" {
  const { origin } = rootOf(owner);
  if (relationship.collection !== false || origin.kind !== "query" || !byPrimaryKey(index, relationship)) return "many";
  const { fixed } = origin.query;
  if (fixed.length === 0) return "many";
  const isRoot = owner.origin.kind === "query";
  const here = fixed.filter((one) => (one.entity === undefined ? isRoot : related(index, one.entity, owner.entity)));
  const there = fixed.filter((one) => one.entity !== undefined && one.entity === relationship.target);
  const covered = (sure: (one: FixedAttribute) => boolean) => {
    const names = new Set(here.filter(sure).map((one) => one.name));
    const keys = relationship.localKeys;
    if (names.has(relationship.name) || (keys.length > 0 && keys.every((key) => names.has(key)))) return true;
    return isKeyOf(index, relationship.target, new Set(there.filter(sure).map((one) => one.name)));
  };
  if (covered((one) => !one.several && !one.sometimes)) return "one";
  if (covered((one) => !one.sometimes)) return "some";
  return covered(() => true) ? "sometimes" : "many";
}

/** Whether equality on these attributes leaves one row of the entity at most. */
function isKeyOf(index: OrmIndex, id: EntityId | undefined, names: ReadonlySet<string>): boolean {
  const columns = id === undefined || names.size === 0 ? [] : [...(index.entities.get(id)?.columns.values() ?? [])];
  const primary = columns.filter((column) => column.primaryKey);
  if (primary.length > 0 && primary.every((column) => names.has(column.name))) return true;
  return columns.some((column) => column.unique && names.has(column.name));
}

function targetValue(ev: Evaluator, query: QueryValue, target: QueryTarget, async: boolean): Value {
  if (target.value.kind !== "entityClass") return unknown;
  const { entity } = target.value;
  return {
    kind: "entity",
    entity,
    plan: planFor(ev.index, query, entity, target.value),
    origin: { kind: "query", query, async },
    ...(query.flags.overridable ? { doubt: "likely" } : {}),
  };
}

/** A row of the result: as a tuple, and its first column. */
export function rowOf(ev: Evaluator, query: QueryValue, async: boolean): { row: Value; first: Value } {
  // How many columns a splat stands for is not known.
  if (query.targets.length > 1 && query.targets.some((target) => target.splat)) return { row: unknown, first: unknown };
  const items = query.targets.map((target) => targetValue(ev, query, target, async));
  const row: Value = { kind: "tuple", items, names: query.targets.map((target) => target.label) };
  return { row, first: items[0] ?? unknown };
}

/** What iterating a bound query yields: the entity itself when it is alone, else a row. */
export function elementOf(ev: Evaluator, query: QueryValue, async: boolean): Value {
  const { row, first } = rowOf(ev, query, async);
  return query.targets.length === 1 && first.kind === "entity" ? first : row;
}

/** `limit(5)`: the latest ones on a front page. */
export const fewRows = 5;
export const isFew = (query: QueryValue) => query.flags.limit !== undefined && query.flags.limit <= fewRows;
