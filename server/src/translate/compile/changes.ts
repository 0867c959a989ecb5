import type { Node } from "libpg-query";
import { quoteIdentifier } from "../../sql/index.js";
import {
  refuse,
  type Delete,
  type EntityUse,
  type From,
  type Insert,
  type Selected,
  type Sql,
  type TableFrom,
  type Update,
} from "../sql/ir.js";
import { isEvaluable } from "../sql/evaluable.js";
import { incompleteness } from "../mapping/complete.js";
import { classCondition } from "../mapping/inheritance.js";
import type { ColumnDefault } from "../mapping/defaults.js";
import type { Mapping } from "../mapping/mapping.js";
import { column, fromsOf, junction, saysNothing } from "../sql/make.js";
import { alone, selectedColumns, within, type Around, type Compiler } from "./compiler.js";
import { exportsOf } from "./exports.js";
import { normalised } from "./froms.js";
import { rangeVar } from "./fromNodes.js";
import { target } from "./nodes.js";

function returning(compiler: Compiler, selected: readonly Selected[], around: Around): object {
  if (selected.length === 0) return {};
  const exprs = exportsOf(selectedColumns(compiler.mapping, selected), false, false).map(({ sql, label }) =>
    target(compiler.expression(sql, around), label === undefined ? undefined : compiler.name(label)),
  );
  return { returningClause: { exprs } };
}

const assigned = (compiler: Compiler, set: readonly (readonly [string, Sql])[], around: Around): Node[] =>
  set.map(([name, value]) => ({ ResTarget: { name, val: compiler.expression(value, around) } }));

function where(compiler: Compiler, list: readonly Sql[], around: Around): object {
  const all = junction("AND", list);
  return saysNothing(all) ? {} : { whereClause: compiler.expression(all, around) };
}

/** Objects in memory follow: where Python cannot tell which ones, the server says. */
function withFetched(use: EntityUse | undefined, change: Update | Delete): readonly Selected[] {
  if (!use || change.unsynchronized || change.where.every(isEvaluable)) return change.returning;
  if (change.returning.length > 0) return refuse("RETURNING beside keys that SQLAlchemy asks for by itself");
  return use.columns.filter(({ column: one }) => one.primaryKey).map(({ attribute }) => ({ kind: "sql", sql: use.columnOf(attribute)! }));
}

/** Rows of a class that shares its table with others. */
function withClass(compiler: Compiler, { use, where: list }: Update | Delete): readonly Sql[] {
  const own = use && classCondition(compiler.mapping, use);
  return own ? [...list, own] : list;
}

/** Tables that the conditions name besides the one that is changed. */
const others = (table: From, list: readonly Sql[]) => normalised(list.flatMap(fromsOf)).filter((from) => from !== table);

/** `onupdate=` of columns that the statement does not name. */
function withUpdates({ mapping }: Compiler, update: Update): Update {
  if (update.set.length === 0) return refuse("an UPDATE without values");
  return { ...update, set: completed(mapping, update.table, update.set, "update") };
}

/** In the order of the table, with what columns get without being named. */
function completed(
  mapping: Mapping,
  table: TableFrom,
  set: readonly (readonly [string, Sql])[],
  on: ColumnDefault["on"],
): readonly (readonly [string, Sql])[] {
  const columns = mapping.infoOf(table)?.columns;
  if (!columns) return set;
  const given = new Map(set);
  const defaults = mapping.defaults(table).filter((one) => one.on === on && !given.has(one.column));
  const more = new Map(
    defaults.map((one) => [one.column, mapping.defaultValue(one, column(table, one.column, columns.get(one.column)?.type))]),
  );
  return [...columns.keys()].flatMap((name) => {
    const value = given.get(name) ?? more.get(name);
    return value ? [[name, value] as const] : [];
  });
}

export function updateNode(compiler: Compiler, written: Update): Node {
  const update = withUpdates(compiler, written);
  const froms = others(update.table, [...update.set.map(([, value]) => value), ...update.where]);
  const around = within(alone, [update.table, ...froms]);
  const targetList = assigned(compiler, update.set, around);
  const fromClause = froms.map((from) => compiler.from(from, around));
  return {
    UpdateStmt: {
      relation: rangeVar(update.table),
      targetList,
      ...where(compiler, withClass(compiler, update), around),
      ...(fromClause.length > 0 ? { fromClause } : {}),
      ...returning(compiler, withFetched(update.use, update), around),
    },
  } as Node;
}

export function deleteNode(compiler: Compiler, statement: Delete): Node {
  const froms = others(statement.table, statement.where);
  const around = within(alone, [statement.table, ...froms]);
  const usingClause = froms.map((from) => compiler.from(from, around));
  return {
    DeleteStmt: {
      relation: rangeVar(statement.table),
      ...(usingClause.length > 0 ? { usingClause } : {}),
      ...where(compiler, withClass(compiler, statement), around),
      ...returning(compiler, withFetched(statement.use, statement), around),
    },
  } as Node;
}

/** One row: the keys that the server makes come back without being asked for. */
function withKeys(compiler: Compiler, insert: Insert, rows: Insert["rows"]): readonly Selected[] {
  const { mapping } = compiler;
  const columns = mapping.infoOf(insert.table)?.columns;
  if (insert.returning.length > 0 || insert.select || insert.many || insert.rows.length !== 1 || !columns) return insert.returning;
  const given = new Map(rows[0]);
  const missing = [...columns.values()].filter((one) => one.primaryKey && given.get(one.column)?.kind !== "bind");
  if (missing.length > 1) return refuse("an INSERT that leaves out several columns of the primary key");
  if (missing[0]?.foreignKey) return refuse("an INSERT that leaves out a primary key that is a foreign key");
  return missing.map((one) => ({ kind: "sql", sql: column(insert.table, one.column, one.type) }));
}

export function insertNode(compiler: Compiler, written: Insert): Node {
  const gap = written.use && incompleteness(compiler.mapping.index, written.use.entity);
  if (gap) return refuse(gap);
  if (!written.select && written.rows.length === 0) return refuse("an INSERT whose values are given when it is sent");
  const rowsOf = written.rows.map((row) => completed(compiler.mapping, written.table, row, "insert"));
  const insert: Insert = { ...written, rows: rowsOf, returning: withKeys(compiler, written, rowsOf) };
  const around = within(alone, [insert.table]);
  const names = insert.select ? insert.select.columns : (insert.rows[0]?.map(([name]) => name) ?? []);
  const cols = names.map((name): Node => ({ ResTarget: { name } }));
  const selectStmt = insert.select
    ? compiler.statement(insert.select.statement, alone, "inner")
    : ({
        SelectStmt: {
          valuesLists: insert.rows.map((row) => ({ List: { items: row.map(([, value]) => compiler.expression(value, alone)) } })),
          limitOption: "LIMIT_OPTION_DEFAULT",
          op: "SETOP_NONE",
        },
      } as Node);
  if (insert.rows.some((row) => row.length !== names.length)) return refuse("rows of an INSERT have different columns");
  const conflict = conflictNode(compiler, insert);
  const rows = insert.select || names.length > 0 ? { cols, selectStmt } : {};
  return {
    InsertStmt: {
      relation: rangeVar(insert.table),
      ...rows,
      ...(conflict ? { onConflictClause: conflict } : {}),
      ...returning(compiler, insert.returning, around),
      override: "OVERRIDING_NOT_SET",
    },
  } as Node;
}

function conflictNode(compiler: Compiler, { conflict, table }: Insert): object | undefined {
  if (!conflict) return undefined;
  const around = within(alone, [table, conflict.excluded]);
  const infer =
    conflict.constraint !== undefined
      ? { conname: conflict.constraint }
      : conflict.columns.length > 0
        ? {
            indexElems: conflict.columns.map((name) => ({
              IndexElem: { name, ordering: "SORTBY_DEFAULT", nulls_ordering: "SORTBY_NULLS_DEFAULT" },
            })),
            ...(conflict.indexWhere ? { whereClause: compiler.expression(conflict.indexWhere, around) } : {}),
          }
        : undefined;
  return {
    action: conflict.set ? "ONCONFLICT_UPDATE" : "ONCONFLICT_NOTHING",
    ...(infer ? { infer } : {}),
    ...(conflict.set ? { targetList: assigned(compiler, conflict.set, around) } : {}),
    ...(conflict.where ? { whereClause: compiler.expression(conflict.where, around) } : {}),
  };
}

export { quoteIdentifier };
