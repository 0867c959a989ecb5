import type { ColumnAttribute, EntityId, Loading, Relationship } from "../entities/entity.js";
import { columnLoading, sameColumns, withColumns, type ColumnPlan } from "./columnPlan.js";

/** One step of a loader option: `selectinload(User.orders)`. */
export interface LoadStep {
  readonly name: string;
  /** Entity that the attribute was written on; undefined for strings. */
  readonly entity?: EntityId;
  /** `default`: only a step on the way (`defaultload`). */
  readonly loading: Loading | "default";
  /** The option's name as written: `joinedload`. */
  readonly loader: string;
  /** `raiseload(…, sql_only=True)`: what the session holds already may be read. */
  readonly sqlOnly?: true;
  /** `recursion_depth`: so many further levels of the same relationship; Infinity for -1. */
  readonly depth?: number;
  /** `of_type(…)`: subclasses whose own columns come along. */
  readonly subclasses?: Subclasses;
}

/** Subclasses that are loaded in full with rows of their base. */
export type Subclasses = readonly EntityId[] | "all";

/** What `"*"` says for everything that is not named. */
export interface Wildcard {
  readonly loading: Loading;
  readonly sqlOnly?: true;
}

/** `selectinload(User.orders).joinedload(Order.items)`: its steps and the text that it stands in. */
export interface LoadPath {
  readonly steps: readonly LoadStep[];
  /** Entity that the option is for, where it says so. */
  readonly root?: EntityId;
  /** The alias that it was written on, where it was one. */
  readonly alias?: string;
  /** Relationships matched by `"*"` at the end of the steps. */
  readonly wildcard?: Wildcard;
  /** The wildcard, of relationships or columns, was written for no entity: it is for all of them, and for what is loaded with them. */
  readonly everywhere?: true;
  /** Columns loaded only, left out, or loaded after all, at the end of the steps; `"*"` for those not named. */
  readonly only?: readonly string[];
  readonly deferred?: readonly string[];
  readonly undeferred?: readonly string[];
  /** `undefer_group("texts")` */
  readonly groups?: readonly string[];
  /** Reading what was left out is an error: `raiseload=True`. */
  readonly raises?: true;
  /** Subclasses loaded in full at the end of the steps: `selectin_polymorphic`. */
  readonly subclasses?: Subclasses;
  /** Given on some paths through the code only. */
  readonly sometimes?: true;
  readonly place: OptionPlace;
}
export interface OptionPlace {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** What an entity was loaded with, as a tree over its relationships. */
export interface LoadPlan {
  readonly relationships: ReadonlyMap<string, PlannedLoad>;
  /** For the relationships of this entity that are not named. */
  readonly wildcard?: Wildcard;
  /** The same for every entity of the query; whatever is loaded eagerly inherits it. */
  readonly everywhere?: Wildcard;
  readonly columns?: ColumnPlan;
  readonly subclasses?: Subclasses;
  /** Options that could not be read may have been applied: absence proves nothing. */
  readonly uncertain: boolean;
}
export interface PlannedLoad {
  readonly loading: Loading | "default";
  /** What it is on some paths through the code. */
  readonly sometimes?: Loading;
  readonly plan: LoadPlan;
  readonly loader?: string;
  readonly sqlOnly?: true;
  readonly depth?: number;
  readonly place?: OptionPlace;
}

export const emptyPlan: LoadPlan = { relationships: new Map(), uncertain: false };
export const uncertainPlan: LoadPlan = { relationships: new Map(), uncertain: true };

/** The plan with one more option: what it names replaces what earlier ones say of the same. */
export function withPath(plan: LoadPlan, path: LoadPath, at = 0): LoadPlan {
  const step = path.steps[at];
  if (!step) return withEnd(plan, path);
  const before = plan.relationships.get(step.name);
  const below = withPath(before?.plan ?? emptyPlan, path, at + 1);
  const entry: PlannedLoad = { ...loadBy(step, path, before), plan: step.subclasses ? { ...below, subclasses: step.subclasses } : below };
  return { ...plan, relationships: new Map(plan.relationships).set(step.name, entry) };
}

function loadBy(step: LoadStep, path: LoadPath, before: PlannedLoad | undefined): Omit<PlannedLoad, "plan"> {
  const known = before ?? { loading: "default" as const };
  if (step.loading === "default") return { ...known, place: path.place };
  if (path.sometimes) return { ...known, sometimes: step.loading, place: path.place };
  const { loading, loader, sqlOnly, depth } = step;
  return { loading, loader, place: path.place, ...(sqlOnly ? { sqlOnly } : {}), ...(depth ? { depth } : {}) };
}

function withEnd(plan: LoadPlan, path: LoadPath): LoadPlan {
  const { wildcard, subclasses } = path;
  const columns = withColumns(plan.columns, path);
  if (columns) plan = { ...plan, columns };
  if (wildcard && path.sometimes) plan = { ...plan, uncertain: true };
  else if (wildcard) plan = { ...plan, [path.everywhere ? "everywhere" : "wildcard"]: wildcard };
  return subclasses ? { ...plan, subclasses: bothSubclasses(plan.subclasses, subclasses) } : plan;
}

export const bothSubclasses = (a: Subclasses | undefined, b: Subclasses): Subclasses =>
  a === "all" || b === "all" ? "all" : [...new Set([...(a ?? []), ...b])];

/** Why a column did not come with its row. */
export type LeftOutBy = "load_only" | "defer" | "mapping";

/** What leaves a column out of rows of which the options are known; undefined where it is loaded, or where that cannot be told. */
export function leftOutBy(plan: LoadPlan, column: ColumnAttribute): LeftOutBy | undefined {
  const state = columnState(plan, column);
  return state?.raises ? undefined : state?.by;
}

/** Whether reading the column is an error: it was left out with `raiseload=True`. */
export const columnRaises = (plan: LoadPlan, column: ColumnAttribute): boolean => columnState(plan, column)?.raises === true;

function columnState(plan: LoadPlan, column: ColumnAttribute): { by: LeftOutBy; raises?: true } | undefined {
  if (plan.uncertain) return undefined;
  // Assigned, or refreshed by name.
  if (plan.relationships.has(column.name)) return undefined;
  return columnLoading(plan.columns, column);
}

/** The plan with one relationship known to be there. */
export function withLoaded(plan: LoadPlan, name: string): LoadPlan {
  const relationships = new Map(plan.relationships);
  relationships.set(name, { loading: "eager", plan: uncertainPlan });
  return { ...plan, relationships };
}

export interface Planned {
  readonly loading: Loading;
  /** It is this on some paths through the code. */
  readonly sometimes?: Loading;
  /** Of `raise`: only a query is an error, not an instance that the session holds. */
  readonly sqlOnly?: true;
  /** What is known of the rows that it leads to. */
  readonly plan: LoadPlan;
}

/** How a relationship is filled under a plan, and the plan of what it yields. */
export function planned(plan: LoadPlan, relationship: Relationship): Planned {
  const entry = plan.relationships.get(relationship.name);
  const named = entry && entry.loading !== "default" ? { loading: entry.loading, sqlOnly: entry.sqlOnly } : undefined;
  const others = relationship.loading === "query" ? undefined : (plan.wildcard ?? plan.everywhere);
  const mapped = { loading: relationship.loading, sqlOnly: relationship.lazy === "raise_on_sql" };
  const { loading, sqlOnly } = named ?? others ?? mapped;
  const sometimes = entry?.sometimes;
  return {
    loading,
    plan: below(plan, entry, relationship, loading),
    ...(sqlOnly && loading === "raise" ? { sqlOnly } : {}),
    ...(sometimes !== undefined && sometimes !== loading ? { sometimes } : {}),
  };
}

function below(plan: LoadPlan, entry: PlannedLoad | undefined, relationship: Relationship, loading: Loading): LoadPlan {
  let result = entry?.plan ?? (plan.uncertain ? uncertainPlan : emptyPlan);
  if (plan.uncertain && !result.uncertain) result = { ...result, uncertain: true };
  if (entry?.depth !== undefined && entry.depth > 0)
    result = { ...result, relationships: new Map(result.relationships).set(relationship.name, { ...entry, depth: entry.depth - 1 }) };
  // What a later query loads does not hear of wildcards.
  if (loading !== "eager") return result;
  const columns = plan.columns?.everywhere;
  if (plan.everywhere && !result.everywhere) result = { ...result, everywhere: plan.everywhere };
  return columns && !result.columns?.everywhere ? { ...result, columns: { ...(result.columns ?? {}), everywhere: columns } } : result;
}

export function samePlan(a: LoadPlan, b: LoadPlan): boolean {
  if (a === b) return true;
  if (a.uncertain !== b.uncertain || a.relationships.size !== b.relationships.size) return false;
  if (!sameWildcard(a.wildcard, b.wildcard) || !sameWildcard(a.everywhere, b.everywhere)) return false;
  if (a.subclasses?.toString() !== b.subclasses?.toString() || !sameColumns(a.columns, b.columns)) return false;
  for (const [name, one] of a.relationships) {
    const other = b.relationships.get(name);
    if (!other || one.loading !== other.loading || one.sometimes !== other.sometimes || one.depth !== other.depth) return false;
    if (!samePlan(one.plan, other.plan)) return false;
  }
  return true;
}
const sameWildcard = (a: Wildcard | undefined, b: Wildcard | undefined) => a?.loading === b?.loading && a?.sqlOnly === b?.sqlOnly;
