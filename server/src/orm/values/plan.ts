import type { ColumnAttribute, Loading, Relationship } from "../entities/entity.js";

/** One step of a loader option: `selectinload(User.orders)`. */
export interface LoadStep {
  readonly name: string;
  /** Entity that the attribute was written on; undefined for strings. */
  readonly entity?: string;
  /** `default`: only a step on the way (`defaultload`). */
  readonly loading: Loading | "default";
}

/** `selectinload(User.orders).joinedload(Order.items)`: its steps and the text that it stands in. */
export interface LoadPath {
  readonly steps: readonly LoadStep[];
  /** Entity that the option is for, where it says so. */
  readonly root?: string;
  /** Relationships matched by `"*"` at the end of the steps. */
  readonly wildcard?: Loading;
  /** Columns loaded only, or left out, at the end of the steps. */
  readonly only?: readonly string[];
  readonly deferred?: readonly string[];
  readonly undeferred?: readonly string[];
  readonly place: OptionPlace;
}
export interface OptionPlace {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** What an entity was loaded with, as a tree over its relationships. */
export interface LoadPlan {
  readonly relationships: ReadonlyMap<
    string,
    { readonly loading: Loading | "default"; readonly plan: LoadPlan; readonly place?: OptionPlace }
  >;
  readonly wildcard?: Loading;
  readonly only?: readonly string[];
  readonly deferred?: readonly string[];
  readonly undeferred?: readonly string[];
  /** Options that could not be read may have been applied: absence proves nothing. */
  readonly uncertain: boolean;
}

export const emptyPlan: LoadPlan = { relationships: new Map(), uncertain: false };
export const uncertainPlan: LoadPlan = { relationships: new Map(), uncertain: true };

export function withPath(plan: LoadPlan, path: LoadPath, at = 0): LoadPlan {
  const step = path.steps[at];
  if (!step) {
    return {
      ...plan,
      ...(path.wildcard ? { wildcard: path.wildcard } : {}),
      ...(path.only ? { only: [...(plan.only ?? []), ...path.only] } : {}),
      ...(path.deferred ? { deferred: [...(plan.deferred ?? []), ...path.deferred] } : {}),
      ...(path.undeferred ? { undeferred: [...(plan.undeferred ?? []), ...path.undeferred] } : {}),
    };
  }
  const before = plan.relationships.get(step.name);
  const loading = step.loading === "default" ? (before?.loading ?? "default") : step.loading;
  const relationships = new Map(plan.relationships);
  relationships.set(step.name, { loading, plan: withPath(before?.plan ?? emptyPlan, path, at + 1), place: path.place });
  return { ...plan, relationships };
}

/**
 * The option that leaves a column out of a query of which the options are known: `load_only` without it, or `defer`. Undefined where it is
 * loaded, or where that cannot be told.
 */
export function leftOutBy(plan: LoadPlan, column: ColumnAttribute): "load_only" | "defer" | undefined {
  if (plan.uncertain || column.primaryKey || column.computed) return undefined;
  // Assigned, or refreshed by name.
  if (plan.relationships.has(column.name)) return undefined;
  if (plan.undeferred?.some((name) => name === column.name || name === "*")) return undefined;
  if (plan.only && !plan.only.includes(column.name)) return "load_only";
  return plan.deferred?.includes(column.name) ? "defer" : undefined;
}

/** The plan with one relationship known to be there. */
export function withLoaded(plan: LoadPlan, name: string): LoadPlan {
  const relationships = new Map(plan.relationships);
  relationships.set(name, { loading: "eager", plan: uncertainPlan });
  return { ...plan, relationships };
}

/** How a relationship is filled under a plan, and the plan of what it yields. */
export function planned(plan: LoadPlan, relationship: Relationship): { loading: Loading; plan: LoadPlan } {
  const entry = plan.relationships.get(relationship.name);
  const nested = entry?.plan ?? (plan.uncertain ? uncertainPlan : emptyPlan);
  if (entry && entry.loading !== "default") return { loading: entry.loading, plan: nested };
  if (plan.wildcard && relationship.loading !== "query") return { loading: plan.wildcard, plan: nested };
  return { loading: relationship.loading, plan: nested };
}

export function samePlan(a: LoadPlan, b: LoadPlan): boolean {
  if (a === b) return true;
  if (a.uncertain !== b.uncertain || a.wildcard !== b.wildcard || a.relationships.size !== b.relationships.size) return false;
  if (a.only?.join() !== b.only?.join() || a.deferred?.join() !== b.deferred?.join()) return false;
  if (a.undeferred?.join() !== b.undeferred?.join()) return false;
  for (const [name, one] of a.relationships) {
    const other = b.relationships.get(name);
    if (!other || one.loading !== other.loading || !samePlan(one.plan, other.plan)) return false;
  }
  return true;
}
