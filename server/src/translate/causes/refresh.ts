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

/** Attributes that a query leaves out and that are loaded when they are read: one statement for each, or for each group. */
export function deferredLoads(
  mapping: Mapping,
  use: EntityUse,
  options: readonly LoadOption[],
): readonly { attribute: string; select: () => Select }[] {
  const loaded = loadedBy(use, options);
  const left = use.columns.filter(
    (ordered) => !loaded(ordered) && !ordered.column.deferredRaises && !ordered.column.alwaysLoaded,
  );
  return left.map(({ attribute, column, tables }) => ({
    attribute,
    select: () => {
      if (column.group !== undefined) return refuse(`${attribute} is loaded with others of its group`);
      if (tables.length > 1 || use.selectable.kind === "join") return refuse(`${attribute} is a column of several tables`);
      const sql = use.columnOf(attribute) ?? refuse(`${use.entity.name}.${attribute} is not known`);
      return loadingSelect(mapping, { columns: [{ kind: "sql", sql }], where: [byKey(mapping, use)] }, labelsOf(mapping, "second"));
    },
  }));
}
