import type { Node } from "libpg-query";
import type { Mapping } from "../mapping/mapping.js";
import { tableColumns } from "../mapping/mapping.js";
import {
  refuse,
  type CteFrom,
  type From,
  type Name,
  type Select,
  type Selected,
  type Sql,
  type Statement,
  type TableFrom,
} from "../sql/ir.js";
import { column } from "../sql/make.js";
import { exportsOf, type Export } from "./exports.js";
import { Names } from "./names.js";
import { partsOf } from "./froms.js";
import { planSelect } from "./plan.js";
import { expressionNode } from "./expressions.js";
import { fromNode } from "./fromNodes.js";
import { compoundNode, selectNode } from "./selects.js";
import { deleteNode, insertNode, updateNode } from "./changes.js";
import { textNode } from "./texts.js";

/** What encloses a subquery: its FROM items are not repeated inside. */
export interface Around {
  /** Of the statement directly around. */
  readonly near: ReadonlySet<From>;
  /** Of all statements around. */
  readonly all: ReadonlySet<From>;
}
export const alone: Around = { near: new Set(), all: new Set() };
export const within = (around: Around, froms: readonly From[]): Around => {
  const near = new Set(froms.flatMap(partsOf));
  return { near, all: new Set([...around.all, ...near]) };
};

export type Place = "top" | "from" | "lateral" | "inner";

/** One statement on its way to a syntax tree. */
export class Compiler {
  readonly names = new Names();
  /** By number of their ParamRef, from 1. */
  readonly binds: (Sql & { kind: "bind" })[] = [];
  readonly ctes = new Map<CteFrom, Node | undefined>();

  constructor(readonly mapping: Mapping) {}

  bind(sql: Sql & { kind: "bind" }): Node {
    const known = this.binds.indexOf(sql);
    if (known < 0) this.binds.push(sql);
    this.names.numbered(sql, sql.base);
    return { ParamRef: { number: known < 0 ? this.binds.length : known + 1 } };
  }

  private readonly tables = new Map<string, Set<string>>();
  noteTable(table: TableFrom): void {
    this.tables.set(table.name, new Set([...(this.tables.get(table.name) ?? []), table.schema ?? ""]));
  }
  /** SQLAlchemy gives one of two tables of the same name an alias. */
  ambiguous(): boolean {
    return [...this.tables.values()].some((schemas) => schemas.size > 1);
  }

  name(name: Name): string {
    return this.names.text(name);
  }

  expression(sql: Sql, around: Around): Node {
    return expressionNode(this, sql, around);
  }
  from(from: From, around: Around): Node {
    return fromNode(this, from, around);
  }

  /** @param place `from`: as an item of FROM (no correlation, all columns named); `lateral`: the same with correlation; `inner`: anywhere else in a statement */
  statement(statement: Statement, around: Around, place: Place): Node {
    switch (statement.kind) {
      case "select":
        return { SelectStmt: selectNode(this, statement, around, place) } as Node;
      case "compound":
        return { SelectStmt: compoundNode(this, statement, around, place) } as Node;
      case "insert":
        return insertNode(this, statement);
      case "update":
        return updateNode(this, statement);
      case "delete":
        return deleteNode(this, statement);
      case "text":
        return textNode(this, statement, around);
    }
  }

  /** Columns that a FROM item offers. */
  readonly columnsOf = (from: From): readonly Sql[] => offered(this.mapping, from);
}

/** The columns of a FROM item, as others refer to them. */
export function offered(mapping: Mapping, from: From): readonly Sql[] {
  if (from.kind === "alias" && from.of.kind === "cte") return exported(mapping, from.of.statement).map((one) => asColumn(from, one));
  if (from.kind === "subquery" || from.kind === "cte") return exported(mapping, from.statement).map((one) => asColumn(from, one));
  if (from.kind === "function" && from.columns) return from.columns.map(({ name, type }) => column(from, name, type, name));
  return tableColumns(mapping, from) ?? refuse("the columns of a FROM item are not known");
}
const asColumn = (from: From, { name, key, sql }: Export): Sql => column(from, name, sql.type, key);

/** One object per statement: made-up names have to stay the same. */
const exportMemo = new WeakMap<Statement, readonly Export[]>();
export function exported(mapping: Mapping, statement: Statement): readonly Export[] {
  const known = exportMemo.get(statement);
  if (known) return known;
  const made = exportsOfStatement(mapping, statement);
  exportMemo.set(statement, made);
  return made;
}
function exportsOfStatement(mapping: Mapping, statement: Statement): readonly Export[] {
  if (statement.kind === "compound") {
    const [first] = statement.parts;
    return first ? exported(mapping, first) : refuse("a set operation without statements has no columns");
  }
  if (statement.kind === "text") return refuse("the columns of a textual statement are not known");
  if (statement.kind === "select")
    return exportsOf(
      planSelect(mapping, statement, (from) => offered(mapping, from), "from").columns,
      statement.tableLabels === true,
      true,
    );
  return exportsOf(selectedColumns(mapping, statement.returning), false, true);
}

/** Columns that RETURNING names. */
export function selectedColumns(mapping: Mapping, selected: readonly Selected[]): Sql[] {
  return selected.flatMap((one) => {
    if (one.kind === "sql") return [one.sql];
    if (one.kind === "from") return [...offered(mapping, one.from)];
    return one.use.columns.filter(({ column: { deferred } }) => !deferred).map(({ attribute }) => one.use.columnOf(attribute)!);
  });
}

export type { Select };
