import { asSql, condition, unknown } from "../execute/coerce.js";
import type { Machine } from "../execute/machine.js";
import { refuse, type Conflict, type From, type Insert } from "../sql/ir.js";
import type { Args, Value } from "../values.js";
import { assignments } from "./changes.js";

const excludedTables = new WeakMap<Insert["table"], From>();
/** `stmt.excluded`: the row that was to be inserted. */
export function excludedOf(insert: Insert): From {
  let from = excludedTables.get(insert.table);
  if (!from) excludedTables.set(insert.table, (from = { kind: "alias", of: insert.table, name: "excluded" }));
  return from;
}

function columnNames(_m: Machine, value: Value | undefined): string[] {
  if (!value || (value.kind === "constant" && value.value === null)) return [];
  if (value.kind !== "list" || value.open !== undefined) return unknown(value, "index_elements");
  return value.items.map((item) => {
    if (item.kind === "constant" && typeof item.value === "string") return item.value;
    const sql = asSql(item);
    return sql?.kind === "column" && typeof sql.name === "string" ? sql.name : unknown(item, "index_elements");
  });
}

/** `on_conflict_do_update(...)`, `on_conflict_do_nothing(...)`. */
export function conflictMethod(m: Machine, insert: Insert, name: string, args: Args): Value | undefined {
  if (name !== "on_conflict_do_update" && name !== "on_conflict_do_nothing") return undefined;
  const constraint = args.keywords.get("constraint") ?? (args.positional[0]?.kind === "constant" ? args.positional[0] : undefined);
  const named = constraint?.kind === "constant" && typeof constraint.value === "string" ? constraint.value : undefined;
  if (constraint && named === undefined) return unknown(constraint, "constraint");
  const indexWhere = args.keywords.get("index_where");
  const where = args.keywords.get("where");
  const set = args.keywords.get("set_");
  if (name === "on_conflict_do_update" && set?.kind !== "dict")
    return set ? unknown(set, "set_") : refuse("on_conflict_do_update() without set_");
  const conflict: Conflict = {
    columns: columnNames(m, args.keywords.get("index_elements")),
    excluded: excludedOf(insert),
    ...(named === undefined ? {} : { constraint: named }),
    ...(indexWhere ? { indexWhere: condition(indexWhere, "index_where") } : {}),
    ...(set?.kind === "dict" ? { set: assignments(m, insert, set) } : {}),
    ...(where ? { where: condition(where, "where") } : {}),
  };
  return m.made({ ...insert, conflict });
}
