import { asSql, unknown } from "../execute/coerce.js";
import type { Machine } from "../execute/machine.js";
import { refuse, type Sql } from "../sql/ir.js";
import type { Args, Value } from "../values.js";

const listed = (m: Machine, value: Value | undefined): Sql[] => {
  if (!value || (value.kind === "constant" && value.value === null)) return [];
  if (value.kind === "list" && value.open === undefined) return value.items.flatMap((item) => listed(m, item));
  return [asSql(value) ?? unknown(value, "over()")];
};

/** `func.row_number().over(partition_by=…, order_by=…)`. */
export function overOf(m: Machine, sql: Sql, args: Args): Sql {
  for (const name of args.keywords.keys()) if (!["partition_by", "order_by"].includes(name)) return refuse(`over(${name}=…)`);
  return {
    kind: "over",
    item: sql,
    partition: listed(m, args.keywords.get("partition_by")),
    order: listed(m, args.keywords.get("order_by")),
    type: sql.type,
  };
}
