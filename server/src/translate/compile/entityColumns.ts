import { refuse, type EntityUse, type LoadOption, type Sql } from "../sql/ir.js";
import type { OrderedColumn } from "../mapping/columns.js";
import { incompleteness } from "../mapping/complete.js";
import type { Mapping } from "../mapping/mapping.js";

/** Options about columns that stand at the top: `load_only(User.name)`, `defer(User.bio)`, `undefer(...)`. */
function columnOptions(use: EntityUse, options: readonly LoadOption[]) {
  const own = options.filter((option) => !option.owner || option.owner === use || option.owner.entity === use.entity);
  const names = (strategy: string) => new Set(own.filter((one) => one.strategy === strategy).flatMap((one) => one.names));
  const only = own.some((one) => one.strategy === "load_only") ? names("load_only") : undefined;
  return {
    only,
    deferred: names("defer"),
    undeferred: names("undefer"),
    groups: names("undefer_group"),
    all: own.some((one) => one.strategy === "undefer" && one.names.includes("*")),
  };
}

/** Whether a query with such options loads a column. */
export function loadedBy(use: EntityUse, options: readonly LoadOption[]): (ordered: OrderedColumn) => boolean {
  const { only, deferred, undeferred, groups, all } = columnOptions(use, options);
  const asked = ({ attribute, column }: OrderedColumn) =>
    all || undeferred.has(attribute) || (column.group !== undefined && groups.has(column.group));
  return (ordered) => {
    const { attribute, column } = ordered;
    if (only) return only.has(attribute) || column.primaryKey || attribute === use.entity.discriminator;
    return !deferred.has(attribute) && (!column.deferred || asked(ordered));
  };
}

/** The columns that loading an entity selects: deferred ones left out, except in a subquery, which has them all. */
export function entityColumns(mapping: Mapping, use: EntityUse, options: readonly LoadOption[], inFrom: boolean): Sql[] {
  if (use.entity.polymorphic) return refuse(`${use.entity.name} is loaded together with its subclasses (with_polymorphic)`);
  const gap = incompleteness(mapping.index, use.entity);
  if (gap) return refuse(gap);
  if (mapping.version === "1.4" && use.columns.some(({ declared }) => declared && !mapping.index.entityOfClass(declared.class)))
    return refuse(`the columns of ${use.entity.name} that come from mixins: SQLAlchemy 1.4 has an order of its own for them`);
  const loaded = loadedBy(use, options);
  return use.columns.flatMap((ordered) => {
    const { attribute, tables } = ordered;
    if (!inFrom && !loaded(ordered)) return [];
    if (tables.length < 2) return [use.columnOf(attribute) ?? refuse(`${use.entity.name}.${attribute} is not known`)];
    return tables.map((table) => mapping.physical(use, ordered, table));
  });
}
