import type { Expr } from "../../python/index.js";
import { selected, unknown } from "../execute/coerce.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import { refuse, type EntityUse, type Select, type Selected, type Site, type Sql } from "../sql/ir.js";
import { equal } from "../sql/make.js";
import type { Args, Value } from "../values.js";
import { bound } from "../execute/coerce.js";

export const siteAt = (expr: Expr, frame: Frame): Site => ({ file: frame.file, span: { start: expr.start, end: expr.end } });

export function emptySelect(site: Site, columns: readonly Selected[], legacy: boolean): Select {
  return {
    kind: "select",
    site,
    legacy,
    columns,
    from: [],
    joins: [],
    where: [],
    group: [],
    having: [],
    order: [],
    distinct: false,
    options: [],
    ctes: [],
  };
}

/** `session.query(User, Order.id)`. */
export function queryOf(m: Machine, args: Args, expr: Expr, frame: Frame): Value {
  const columns = args.positional.flatMap((value) => selected(value, "query()"));
  return m.made(emptySelect(siteAt(expr, frame), columns, true));
}

/** `User.query`. */
export function startQuery(m: Machine, use: EntityUse, expr: Expr, frame: Frame): Value {
  return m.made(emptySelect(siteAt(expr, frame), [{ kind: "entity", use }], true));
}

/** `session.get(User, 5)`, `query.get(5)`: by the primary key. */
export interface Getting extends Partial<Pick<Select, "options" | "lock">> {
  readonly labelled: boolean;
  readonly start: number;
}
export function getByKey(m: Machine, use: EntityUse, key: Value, site: Site, { labelled, start, ...loading }: Getting): Value {
  const keys = use.columns.filter(({ column }) => column.primaryKey);
  const values = key.kind === "list" ? key.items : key.kind === "dict" ? keys.map(({ attribute }) => key.entries.get(attribute)) : [key];
  if (keys.length === 0) return refuse(`the primary key of ${use.entity.name} is not known`);
  if (values.length !== keys.length) return refuse(`get() needs ${keys.length} values of ${use.entity.name}'s primary key`);
  const where = keys.map((ordered, at): Sql => {
    const table = ordered.tables.at(-1)!;
    const column = m.mapping.physical(use, ordered, table);
    const value = values[at] ?? refuse("get() without a value");
    const type = ordered.column.type;
    return equal(column, bound(value, { type, base: "pk", column }) ?? unknown(value, "get()"));
  });
  const select: Select = { ...emptySelect(site, [{ kind: "entity", use }], labelled && m.version !== "2.1"), ...loading, where };
  m.send(select, "", start);
  return { kind: "instance", name: use.entity.name.toLowerCase(), entity: use.entity, attributes: new Map() };
}
