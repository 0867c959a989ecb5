import type { Node } from "libpg-query";
import { quoteIdentifier } from "../../sql/index.js";
import { refuse, type From, type Sql } from "../sql/ir.js";
import { saysNothing, sqlNull } from "../sql/make.js";
import type { Around, Compiler } from "./compiler.js";
import { columnRef, infix, starRef, string, template } from "./nodes.js";
import { sortNode } from "./selects.js";

export function expressionNode(compiler: Compiler, sql: Sql, around: Around): Node {
  const inner = (item: Sql) => compiler.expression(item, around);
  switch (sql.kind) {
    case "column": {
      // A made-up name of the column takes its number before that of the table.
      const name = compiler.name(sql.name);
      return columnRef(...qualifier(compiler, sql.from), name);
    }
    case "row":
      return columnRef(...qualifier(compiler, sql.from));
    case "bind":
      return compiler.bind(sql);
    case "constant":
      if (sql.value === "star") return starRef();
      return template(sql.value, []);
    case "operator":
      return operatorNode(sql, sql.items.map(inner));
    case "boolean":
      if (saysNothing(sql)) return refuse(`${sql.op === "AND" ? "and_" : "or_"}() without conditions`);
      return { BoolExpr: { boolop: sql.op === "AND" ? "AND_EXPR" : "OR_EXPR", args: flat(sql).map(inner) } };
    case "not":
      return { BoolExpr: { boolop: "NOT_EXPR", args: [inner(sql.item)] } };
    case "call":
      return callNode(compiler, sql, around);
    case "template":
      return template(sql.sql, sql.items.map(inner));
    case "case":
      return caseNode(sql, inner);
    case "select":
      return selectLink(compiler, sql, around);
    case "inList": {
      const whole = withoutEmptyList(sql);
      return whole === sql ? inListNode(sql, inner) : inner(whole);
    }
    case "inSelect": {
      const item = inner(sql.item);
      const link = {
        SubLink: { subLinkType: "ANY_SUBLINK", testexpr: item, subselect: compiler.statement(sql.statement, around, "inner") },
      } as Node;
      return sql.not ? { BoolExpr: { boolop: "NOT_EXPR", args: [link] } } : link;
    }
    case "tuple":
      return { RowExpr: { args: sql.items.map(inner), row_format: "COERCE_IMPLICIT_CAST" } } as Node;
    case "array":
      return { A_ArrayExpr: { elements: sql.items.map(inner) } } as Node;
    case "label":
      return inner(sql.item);
    case "sort":
      return refuse("a direction of sorting stands where an expression is needed");
    case "reference":
      return refuse(`"${sql.name}" names no column of the query`);
    case "over":
      return overNode(compiler, sql, around);
  }
}

const flat = (sql: Sql & { kind: "boolean" }): readonly Sql[] =>
  sql.items.map(withoutEmptyList).flatMap((item) => (item.kind === "boolean" && item.op === sql.op ? flat(item) : [item]));

/** Nothing is in an empty list: `x IN (NULL) AND (1 != 1)`, `x NOT IN (NULL) OR (1 = 1)`. */
function withoutEmptyList(sql: Sql): Sql {
  if (sql.kind !== "inList" || !Array.isArray(sql.list) || sql.list.length > 0) return sql;
  const always: Sql = { kind: "template", sql: sql.not ? "1 = 1" : "1 != 1", items: [], type: "boolean" };
  const nulls = sql.item.kind === "tuple" ? sql.item.items.map(() => sqlNull) : undefined;
  const list: Sql = nulls ? { kind: "tuple", items: nulls, type: "" } : sqlNull;
  return { kind: "boolean", op: sql.not ? "OR" : "AND", items: [{ ...sql, list: [list] }, always], type: "boolean" };
}

function qualifier(compiler: Compiler, from: From): string[] {
  if (from.kind === "table") return from.schema === undefined ? [from.name] : [from.schema, from.name];
  if (from.kind === "join") return refuse("a column of a join has no name of its own");
  return [compiler.name(from.name)];
}

const likes: Readonly<Record<string, readonly [kind: string, name: string]>> = {
  LIKE: ["AEXPR_LIKE", "~~"],
  "NOT LIKE": ["AEXPR_LIKE", "!~~"],
  ILIKE: ["AEXPR_ILIKE", "~~*"],
  "NOT ILIKE": ["AEXPR_ILIKE", "!~~*"],
};

function operatorNode(sql: Sql & { kind: "operator" }, items: readonly Node[]): Node {
  readsAsMeant(sql);
  const [left, right, third] = items;
  const like = likes[sql.op];
  if (like && third) return template(`$1 ${sql.op} $2 ESCAPE $3`, items);
  if (like) return { A_Expr: { kind: like[0], name: [string(like[1])], lexpr: left!, rexpr: right! } } as Node;
  if (sql.op === "IS" || sql.op === "IS NOT") return isNode(sql, items);
  if (sql.form === "any" || sql.form === "all")
    return {
      A_Expr: { kind: sql.form === "any" ? "AEXPR_OP_ANY" : "AEXPR_OP_ALL", name: [string(sql.op)], lexpr: left!, rexpr: right! },
    } as Node;
  if (/^[A-Z]/.test(sql.op)) return template(worded(sql.op, items.length), items);
  return items.length === 1 ? infix(sql.op, undefined, left!) : infix(sql.op, left, right!);
}

const arithmetic = new Set(["+", "-", "*", "/", "%"]);
const comparing = new Set(["=", "<>", "<", "<=", ">", ">="]);
/** PostgreSQL reads all of these from left to right. */
const isSymbol = (sql: Sql): sql is Sql & { kind: "operator" } =>
  sql.kind === "operator" && sql.items.length === 2 && !/^[A-Z]/.test(sql.op) && !arithmetic.has(sql.op) && !comparing.has(sql.op);
/** How tightly SQLAlchemy takes them to bind: what binds tighter gets no brackets. */
const tightness = (sql: Sql & { kind: "operator" }) => (sql.form === "custom" ? 0 : sql.op === "||" ? 6 : 15);

/** SQLAlchemy leaves brackets out where PostgreSQL, which binds these operators otherwise, would need them. */
function readsAsMeant(sql: Sql & { kind: "operator" }): void {
  const [left, right] = sql.items;
  if (arithmetic.has(sql.op) && sql.items.some((item) => isSymbol(item) && tightness(item) > 7))
    refuse(`${sql.op} beside another operator, which SQLAlchemy writes without brackets`);
  if (!isSymbol(sql)) return;
  if (right && isSymbol(right) && tightness(right) > tightness(sql))
    refuse(`${sql.op} before another operator, which SQLAlchemy writes without brackets`);
  if (sql.form !== "custom") return;
  for (const item of [left, right])
    if (item && (item.kind === "boolean" || item.kind === "not" || item.kind === "inList" || (item.kind === "operator" && isLoose(item))))
      refuse(`${sql.op} of a condition, which SQLAlchemy writes without brackets`);
}
const isLoose = ({ op }: Sql & { kind: "operator" }) => comparing.has(op) || /^[A-Z]/.test(op);

/** Operators that are words of the grammar. */
function worded(op: string, count: number): string {
  if (op.endsWith("BETWEEN")) return `$1 ${op} $2 AND $3`;
  return count === 1 ? `${op} $1` : `$1 ${op} $2`;
}

function isNode(sql: Sql & { kind: "operator" }, [item]: readonly Node[]): Node {
  const right = sql.items[1];
  if (right?.kind !== "constant") return refuse(`${sql.op} something that is no constant`);
  if (right.value === "null") return { NullTest: { arg: item!, nulltesttype: sql.op === "IS" ? "IS_NULL" : "IS_NOT_NULL" } };
  return template(`$1 ${sql.op} ${right.value}`, [item!]);
}

function caseNode(sql: Sql & { kind: "case" }, inner: (item: Sql) => Node): Node {
  const arg = sql.value && inner(sql.value);
  const args = sql.whens.map(([when, then]): Node => ({ CaseWhen: { expr: inner(when), result: inner(then) } }));
  return { CaseExpr: { ...(arg ? { arg } : {}), args, ...(sql.else ? { defresult: inner(sql.else) } : {}) } };
}

function selectLink(compiler: Compiler, sql: Sql & { kind: "select" }, around: Around): Node {
  const subselect = compiler.statement(sql.statement, around, "inner");
  return { SubLink: { subLinkType: sql.form === "exists" ? "EXISTS_SUBLINK" : "EXPR_SUBLINK", subselect } };
}

function inListNode(sql: Sql & { kind: "inList" }, inner: (item: Sql) => Node): Node {
  const lexpr = inner(sql.item);
  const list = Array.isArray(sql.list) ? (sql.list as readonly Sql[]) : [sql.list as Sql];
  return {
    A_Expr: { kind: "AEXPR_IN", name: [string(sql.not ? "<>" : "=")], lexpr, rexpr: { List: { items: list.map(inner) } } },
  } as Node;
}

function callNode(compiler: Compiler, sql: Sql & { kind: "call" }, around: Around): Node {
  const { more } = sql;
  if (sql.name[0] === "aggregate_order_by") return refuse("aggregate_order_by() outside of a call");
  const inner = (item: Sql) => compiler.expression(item, around);
  const isStar = sql.args.length === 1 && sql.args[0]!.kind === "constant" && sql.args[0].value === "star";
  const parts = sql.name.map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : quoteIdentifier(part)));
  const plain = `${parts.join(".")}(${isStar ? "*" : sql.args.map((_, at) => `$${at + 1}`).join(", ")})`;
  const node = template(plain, isStar ? [] : sql.args.map(inner));
  if (!more?.distinct && !more?.filter && !more?.order?.length && !more?.withinGroup?.length) return node;
  if (!("FuncCall" in node)) return refuse(`${sql.name.join(".")} takes neither DISTINCT nor FILTER nor ORDER BY`);
  const sort = [...(more.order ?? []), ...(more.withinGroup ?? [])].map((item) => sortNode(item, inner));
  return {
    FuncCall: {
      ...node.FuncCall,
      ...(more.distinct ? { agg_distinct: true } : {}),
      ...(sort.length > 0 ? { agg_order: sort } : {}),
      ...(more.withinGroup?.length ? { agg_within_group: true } : {}),
      ...(more.filter ? { agg_filter: inner(more.filter) } : {}),
    },
  };
}

function overNode(compiler: Compiler, sql: Sql & { kind: "over" }, around: Around): Node {
  const inner = (item: Sql) => compiler.expression(item, around);
  const call = inner(sql.item);
  if (!("FuncCall" in call)) return refuse("OVER behind something that is no function");
  const frame = template(`f() OVER (${sql.frame ?? ""})`, []);
  const over = "FuncCall" in frame ? frame.FuncCall.over : undefined;
  const order = sql.order.map((item) => sortNode(item, inner));
  const partition = sql.partition.map(inner);
  return {
    FuncCall: {
      ...call.FuncCall,
      over: {
        ...over,
        ...(partition.length > 0 ? { partitionClause: partition } : {}),
        ...(order.length > 0 ? { orderClause: order } : {}),
      },
    },
  } as Node;
}
