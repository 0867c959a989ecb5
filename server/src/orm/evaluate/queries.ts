import type { AttributeExpr, CallExpr, Expr } from "../../python/index.js";
import type { Relationship } from "../entities/entity.js";
import { dottedOf } from "../entities/classes.js";
import { withPath, type LoadPlan } from "../values/plan.js";
import { unknown, type EntityValue, type QuerySite, type QueryTarget, type QueryValue, type Value } from "../values/value.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { rootOf } from "../values/origins.js";
import type { Evaluator } from "./evaluator.js";

/** Where a query starts; the same object each time the place is evaluated. */
export function siteOf(ev: Evaluator, place: Expr, style: QuerySite["style"]): QuerySite {
  const key = `${ev.file}:${place.start}:${style}`;
  let site = ev.context.sites.get(key);
  if (!site) ev.context.sites.set(key, (site = { file: ev.file, start: place.start, end: place.end, style, scope: ev.scope }));
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

function targetsOf(ev: Evaluator, expr: Expr, value: Value, splat: boolean): QueryTarget[] {
  if (splat) return [{ value: unknown, start: expr.start, end: expr.end, text: "" }];
  // 1.x: `select([User.id, User.name])`
  if (expr.kind === "list") return expr.items.flatMap((item) => targetsOf(ev, item, unknown, false));
  const label =
    value.kind === "entityClass" ? ev.index.entities.get(value.entity)!.name : value.kind === "attribute" ? value.name : undefined;
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

/** What the query's options say for one of its entities. */
export function planFor(index: OrmIndex, query: QueryValue, entity: string): LoadPlan {
  let plan: LoadPlan = { relationships: new Map(), uncertain: query.uncertain };
  for (const path of query.options) {
    const root = path.root ?? path.steps[0]?.entity;
    if (root === undefined || related(index, root, entity)) plan = withPath(plan, path);
  }
  return plan;
}

/** The session looks instances up by primary key only: by another key, even one that it holds is asked for again. */
function byPrimaryKey(index: OrmIndex, relationship: Relationship): boolean {
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
 * values that the code has in hand, and may have loaded; `many` otherwise.
 */
export function targetsOfMany(index: OrmIndex, owner: EntityValue, relationship: Relationship): "one" | "some" | "many" {
  const { origin } = rootOf(owner);
  if (relationship.collection !== false || origin.kind !== "query" || !byPrimaryKey(index, relationship)) return "many";
  const isRoot = owner.origin.kind === "query";
  const here = origin.query.fixed.filter((one) => (one.entity === undefined ? isRoot : related(index, one.entity, owner.entity)));
  const covered = (names: ReadonlySet<string>) =>
    names.has(relationship.name) || (relationship.localKeys.length > 0 && relationship.localKeys.every((key) => names.has(key)));
  if (covered(new Set(here.filter((one) => !one.several).map((one) => one.name)))) return "one";
  return covered(new Set(here.map((one) => one.name))) ? "some" : "many";
}

function targetValue(ev: Evaluator, query: QueryValue, target: QueryTarget, async: boolean): Value {
  if (target.value.kind !== "entityClass") return unknown;
  const { entity } = target.value;
  return {
    kind: "entity",
    entity,
    plan: planFor(ev.index, query, entity),
    origin: { kind: "query", query, async },
    ...(query.flags.overridable ? { doubt: "likely" } : {}),
  };
}

/** A row of the result: as a tuple, and its first column. */
export function rowOf(ev: Evaluator, query: QueryValue, async: boolean): { row: Value; first: Value } {
  const items = query.targets.map((target) => targetValue(ev, query, target, async));
  const row: Value = { kind: "tuple", items, names: query.targets.map((target) => target.label) };
  return { row, first: items[0] ?? unknown };
}

/** What iterating a bound query yields: the entity itself when it is alone, else a row. */
export function elementOf(ev: Evaluator, query: QueryValue, async: boolean): Value {
  const { row, first } = rowOf(ev, query, async);
  return query.targets.length === 1 && first.kind === "entity" ? first : row;
}

export const isFew = (query: QueryValue) => query.flags.limit !== undefined && query.flags.limit <= 3;
