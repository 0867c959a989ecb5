import { asSql, condition, expression, loose, selected, unknown } from "../execute/coerce.js";
import type { Machine } from "../execute/machine.js";
import {
  refuse,
  refuseValue,
  type Delete,
  type EntityUse,
  type Insert,
  type Select,
  type Site,
  type Sql,
  type TableFrom,
  type Update,
} from "../sql/ir.js";
import { baseTable } from "../mapping/keys.js";
import { tableKey } from "../mapping/columns.js";
import { sqlNull } from "../sql/make.js";
import type { Args, DictValue, Value } from "../values.js";
import { bound } from "../execute/coerce.js";
import { findColumn } from "../execute/columns.js";
import { attributeNamed } from "./select.js";
import { compare } from "../execute/operators.js";
import { isDialectMethod, onlyForOthers } from "./dialects.js";
import { conflictMethod } from "./conflict.js";

export const emptyInsert = (site: Site, table: TableFrom, use?: EntityUse): Insert => ({
  kind: "insert",
  site,
  table,
  rows: [],
  returning: [],
  ...(use ? { use } : {}),
});
export const emptyUpdate = (site: Site, table: TableFrom, use?: EntityUse): Update => ({
  kind: "update",
  site,
  table,
  set: [],
  where: [],
  returning: [],
  ...(use ? { use } : {}),
});
export const emptyDelete = (site: Site, table: TableFrom, use?: EntityUse): Delete => ({
  kind: "delete",
  site,
  table,
  where: [],
  returning: [],
  ...(use ? { use } : {}),
});

/** The table that `insert(User)` and `insert(users)` name. */
export function tableOf(m: Machine, value: Value | undefined, what: string): { table: TableFrom; use?: EntityUse } {
  if (value?.kind === "entity") {
    const table = m.mapping.table(tableKey(value.use.entity))?.from;
    if (value.use.selectable !== table || !table)
      return refuse(`${what} of ${value.use.entity.name}, which is mapped to more than one table`);
    return { table, use: value.use };
  }
  if (value?.kind === "from" && value.from.kind === "table") return { table: value.from };
  return value ? unknown(value, what) : refuse(`${what} without a table`);
}

/** The column that a name, an attribute or a column means. */
function targetOf(m: Machine, of: { table: TableFrom; use?: EntityUse }, key: Value | string): Sql & { kind: "column" } {
  if (typeof key === "string") {
    const sql = of.use?.columnOf(key) ?? findColumn(m, of.table, key);
    return sql?.kind === "column" ? sql : refuse(`there is no column ${key} in ${of.table.name}`);
  }
  const sql = asSql(key);
  if (sql?.kind === "column") return sql;
  if (key.kind === "constant" && typeof key.value === "string") return targetOf(m, of, key.value);
  return unknown(key, "a column that gets a value");
}

/** A value that a column gets: None is bound as NULL. */
function valueFor(_m: Machine, column: Sql & { kind: "column" }, value: Value): Sql {
  const base = typeof column.name === "string" ? column.name : "param";
  if (value.kind === "constant" && value.value === null) return { kind: "bind", bound: { value: null }, type: column.type, base, column };
  const sql = asSql(value);
  if (sql) return sql;
  if (value.kind === "list" || value.kind === "dict")
    return { kind: "bind", bound: { pythonType: value.kind }, type: column.type, base, column };
  return bound(value, { type: column.type, base, column }) ?? unknown(value, `the value of ${base}`);
}

export function assignments(m: Machine, of: { table: TableFrom; use?: EntityUse }, values: DictValue): (readonly [string, Sql])[] {
  if (values.open !== undefined) return refuseValue(values.open);
  const pairs = [
    ...[...values.entries].map(([key, value]) => [targetOf(m, of, key), value] as const),
    ...values.others.map(([key, value]) => [targetOf(m, of, key), value] as const),
  ];
  return pairs.map(([column, value]) => [String(column.name), valueFor(m, column, value)] as const);
}

function givenValues(args: Args): Value {
  const [first] = args.positional;
  if (first) return first;
  const entries = new Map(args.keywords);
  const open = entries.get("**");
  entries.delete("**");
  return { kind: "dict", entries, others: [], ...(open?.kind === "unknown" ? { open: open.reason } : {}) };
}

/** UPDATE writes columns in the order of the table, INSERT too. */
export function inTableOrder(m: Machine, table: TableFrom, set: readonly (readonly [string, Sql])[]): (readonly [string, Sql])[] {
  const order = [...(m.mapping.infoOf(table)?.columns.keys() ?? [])];
  return [...set].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

export function dmlMethod(m: Machine, statement: Insert | Update | Delete, name: string, args: Args): Value {
  if (name === "execution_options") {
    const how = args.keywords.get("synchronize_session");
    if (how && (how.kind !== "constant" || how.value === "fetch"))
      return refuse('synchronize_session="fetch" asks for keys of what is changed');
    return m.made(how && statement.kind !== "insert" ? { ...statement, unsynchronized: true } : statement);
  }
  if (isDialectMethod(name) && name !== "suffix_with" && name !== "with_statement_hint") {
    onlyForOthers(name, args);
    return m.made(statement);
  }
  if (name === "options") return m.made(statement);
  if (name === "returning") {
    const returning = [...statement.returning, ...args.positional.flatMap((value) => selected(value, "returning()"))];
    return m.made({ ...statement, returning });
  }
  if ((name === "where" || name === "filter") && statement.kind !== "insert") {
    const where = [...statement.where, ...args.positional.map((value) => condition(value, "a condition"))];
    return m.made({ ...statement, where });
  }
  if (name === "filter_by" && statement.kind !== "insert") {
    const zero = statement.use ?? statement.table;
    const where = [...args.keywords].map(([key, value]) => {
      const attribute = attributeNamed(m, zero, key);
      return compare(m, "=", asSql(attribute) ?? unknown(attribute, "filter_by()"), value);
    });
    return m.made({ ...statement, where: [...statement.where, ...where] });
  }
  if (name === "values" && statement.kind === "update") {
    const values = givenValues(args);
    if (values.kind !== "dict") return unknown(values, "values()");
    const merged = new Map([...statement.set, ...assignments(m, statement, values)]);
    return m.made({ ...statement, set: inTableOrder(m, statement.table, [...merged]) });
  }
  if (statement.kind === "insert") return insertMethod(m, statement, name, args);
  return refuse(`.${name}() of ${statement.kind === "update" ? "an UPDATE" : "a DELETE"}`);
}

function insertMethod(m: Machine, insert: Insert, name: string, args: Args): Value {
  if (name === "values") {
    const values = givenValues(args);
    const rows = values.kind === "list" && values.open === undefined ? values.items : [values];
    const made = rows.map((row) => (row.kind === "dict" ? assignments(m, insert, row) : unknown(row, "values()")));
    return m.made({ ...insert, rows: made, ...(values.kind === "list" ? { many: true as const } : {}) });
  }
  if (name === "from_select") {
    const [names, statement] = args.positional;
    if (
      names?.kind !== "list" ||
      names.open !== undefined ||
      statement?.kind !== "statement" ||
      (statement.statement.kind !== "select" && statement.statement.kind !== "compound")
    )
      return refuseValue("from_select() of what is not known");
    const columns = names.items.map((item) => String(targetOf(m, insert, item).name));
    return m.made({ ...insert, select: { columns, statement: statement.statement } });
  }
  return conflictMethod(m, insert, name, args) ?? refuse(`.${name}() of an INSERT`);
}

/** `query.filter(...).delete()` */
export function deleteOf(select: Select): Delete {
  const { table, use } = onlyTable(select, "delete()");
  return { ...emptyDelete(select.site, table, use), where: select.where };
}
export function updateOf(m: Machine, select: Select, values: Value): Update {
  const { table, use } = onlyTable(select, "update()");
  if (values.kind !== "dict") return unknown(values, "update()");
  const set = inTableOrder(m, table, assignments(m, { table, use }, values));
  return { ...emptyUpdate(select.site, table, use), set, where: select.where };
}
function onlyTable(select: Select, what: string): { table: TableFrom; use: EntityUse } {
  const [only, second] = select.columns;
  const table = only?.kind === "entity" ? baseTable(only.use.selectable) : undefined;
  if (only?.kind !== "entity" || second || !table || only.use.aliased) return refuse(`${what} of a Query that is not about one table`);
  if (
    select.joins.length > 0 ||
    select.limit ||
    select.offset ||
    select.group.length > 0 ||
    select.distinct !== false ||
    select.from.length > 0
  )
    return refuse(`${what} of a Query with joins, LIMIT or the like`);
  return { table, use: only.use };
}

export { expression, loose, sqlNull };

/** `session.execute(insert(User), [{…}, {…}])`: one row is sent, with each set of values. */
export function withRows(m: Machine, insert: Insert, values: Value): Insert {
  if (insert.returning.length > 0) return refuse("an INSERT of several rows with RETURNING");
  if (values.kind !== "list" || values.open !== undefined || values.items.length === 0)
    return unknown(
      values.kind === "list" && values.items.length === 0 ? { kind: "unknown", reason: "rows of an INSERT that are not known" } : values,
      "rows of an INSERT",
    );
  const rows = values.items.map((row) => (row.kind === "dict" ? assignments(m, insert, row) : unknown(row, "a row of an INSERT")));
  const names = rows[0]!.map(([name]) => name).join();
  if (rows.some((row) => row.map(([name]) => name).join() !== names)) return refuse("rows of an INSERT have different columns");
  // Constants differ from row to row.
  const row = rows[0]!.map(([name, sql]) => [name, sql.kind === "bind" && rows.length > 1 ? { ...sql, bound: { name } } : sql] as const);
  return { ...insert, rows: [row], many: true };
}
