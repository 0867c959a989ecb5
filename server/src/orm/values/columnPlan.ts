import type { ColumnAttribute } from "../entities/entity.js";
import type { LoadPath } from "./plan.js";

interface Choice<By> {
  readonly by: By;
  readonly raises?: true;
}

/** What options say of an entity's columns. A column's own option is worth more than any wildcard, wherever it stands. */
export interface ColumnPlan {
  readonly named?: ReadonlyMap<string, Choice<"load" | "defer">>;
  /** Groups of deferred columns that are loaded after all. */
  readonly groups?: readonly string[];
  /** The columns that are not named; `load_only` leaves them out. */
  readonly others?: Choice<"load" | "defer" | "load_only">;
  /** The same from an option for every entity of the query. */
  readonly everywhere?: Choice<"load" | "defer">;
  /** Some option holds on some paths through the code only. */
  readonly uncertain?: true;
}

export function withColumns(plan: ColumnPlan | undefined, path: LoadPath): ColumnPlan | undefined {
  const { only, deferred, undeferred, groups } = path;
  if (!only && !deferred && !undeferred && !groups) return plan;
  if (path.sometimes) return { ...plan, uncertain: true };
  const raises = path.raises ? { raises: true as const } : {};
  const named = new Map(plan?.named);
  let result: ColumnPlan = { ...plan, named };
  for (const name of only ?? []) named.set(name, { by: "load" });
  if (only) result = { ...result, others: { by: "load_only", ...raises } };
  for (const [names, by] of [
    [deferred, "defer"],
    [undeferred, "load"],
  ] as const)
    for (const name of names ?? []) {
      const choice = { by, ...(by === "defer" ? raises : {}) };
      if (name !== "*") named.set(name, choice);
      else result = { ...result, [path.everywhere ? "everywhere" : "others"]: choice };
    }
  return groups ? { ...result, groups: [...(result.groups ?? []), ...groups] } : result;
}

/** What keeps a column out of the row; undefined where it is loaded, or where that cannot be told. */
export function columnLoading(
  plan: ColumnPlan | undefined,
  column: ColumnAttribute,
): { by: "load_only" | "defer" | "mapping"; raises?: true } | undefined {
  if (column.primaryKey || column.alwaysLoaded || plan?.uncertain) return undefined;
  const { deferred } = column;
  const grouped = column.group !== undefined && plan?.groups?.includes(column.group) === true;
  const named = plan?.named?.get(column.name) ?? (column.composite === undefined ? undefined : plan?.named?.get(column.composite));
  const choice = named ?? (grouped ? { by: "load" as const } : (plan?.others ?? plan?.everywhere));
  if (!choice) return deferred ? { by: "mapping", ...(column.deferredRaises ? { raises: true } : {}) } : undefined;
  return choice.by === "load" ? undefined : { by: choice.by, ...(choice.raises ? { raises: true } : {}) };
}

export function sameColumns(a: ColumnPlan | undefined, b: ColumnPlan | undefined): boolean {
  if (a === b) return true;
  return textOf(a) === textOf(b);
}
const textOf = (plan: ColumnPlan | undefined) =>
  plan && JSON.stringify([[...(plan.named ?? [])], plan.groups, plan.others, plan.everywhere, plan.uncertain]);
