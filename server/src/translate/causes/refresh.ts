import type { Mapping } from "../mapping/mapping.js";
import { loadedBy } from "../compile/entityColumns.js";
import { refuse, type EntityUse, type LoadOption, type Select } from "../sql/ir.js";
import { byKey } from "./meeting.js";
import { labelsOf, loadingSelect, type Labels } from "./statement.js";

const ofColumns = new Set(["load_only", "defer", "undefer", "undefer_group"]);
/** What has expired is loaded as the class declares it, whatever columns the query was told to leave out. */
export const ofRelationships = (options: readonly LoadOption[]) => options.filter(({ strategy }) => !ofColumns.has(strategy));

/** The whole row once more. */
export const refreshed = (mapping: Mapping, use: EntityUse, options: readonly LoadOption[], labels: Labels): Select =>
  loadingSelect(mapping, { columns: [{ kind: "entity", use }], where: [byKey(mapping, use)], options }, labels);

/** `load_only(…, raiseload=True)`: what is left out cannot be read later. */
export const forbidsColumns = (options: readonly LoadOption[]): boolean =>
  options.some(({ strategy, special }) => special === true && ofColumns.has(strategy));

/** Attributes that a query leaves out and that are loaded when they are read: one statement for each, or for each group. */
export function deferredLoads(
  mapping: Mapping,
  use: EntityUse,
  options: readonly LoadOption[],
): readonly { attribute: string; select: () => Select }[] {
  if (forbidsColumns(options)) return [];
  const loaded = loadedBy(use, options);
  const left = use.columns.filter((ordered) => !loaded(ordered) && !ordered.column.deferredRaises && !ordered.column.alwaysLoaded);
  return left.map(({ attribute, column, tables }) => ({
    attribute,
    select: () => {
      if (tables.length > 1 || use.selectable.kind === "join") return refuse(`${attribute} is a column of several tables`);
      // A group is loaded as a whole.
      const group =
        column.group === undefined
          ? [attribute]
          : use.columns.filter((one) => one.column.group === column.group).map((one) => one.attribute);
      const columns = group.map(
        (name) => ({ kind: "sql", sql: use.columnOf(name) ?? refuse(`${use.entity.name}.${name} is not known`) }) as const,
      );
      return loadingSelect(mapping, { columns, where: [byKey(mapping, use)] }, labelsOf(mapping, "second"));
    },
  }));
}
