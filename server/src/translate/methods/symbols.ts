import type { Expr } from "../../python/index.js";
import { asSql, bound, condition, expression, fromItem, loose, selected, unknown } from "../execute/coerce.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import { truth } from "../execute/decide.js";
import { unparse } from "../execute/unparse.js";
import { offered } from "../compile/compiler.js";
import { refuse, refuseValue, type Site, type Sql } from "../sql/ir.js";
import { anonymous, junction, negated, sqlFalse, sqlNull, sqlTrue } from "../sql/make.js";
import { sqlValue, type Args, type Value } from "../values.js";
import { castTo } from "./casts.js";
import { emptyDelete, emptyInsert, emptyUpdate, tableOf } from "./changes.js";
import { columnMethod } from "./columns.js";
import { aggregateOrder, callSqlFunction } from "./functions.js";
import { isOption, makeOption } from "./options.js";
import { emptySelect, siteAt } from "./query.js";
import { compound, paginated, setOperation } from "./statements.js";
import { textValue } from "./text.js";
import { isTypeName, typeWith, typeOfValue } from "./typeValues.js";
import { overOf } from "./windows.js";

type Call = Expr & { kind: "call" };
interface Context {
  readonly m: Machine;
  readonly args: Args;
  readonly site: Site;
  readonly expr: Call;
  readonly frame: Frame;
}

const roots = /^(sqlalchemy|sqlmodel|flask_sqlalchemy|sqlalchemy_utils)\b|(^|\.)db\.|SQLAlchemy\(\)\./;

/** A function or class of SQLAlchemy, by its dotted name; undefined for anything else. */
export function callSymbol(m: Machine, name: string, args: Args, expr: Call, frame: Frame): Value | undefined {
  if (!roots.test(name)) return undefined;
  const word = name.slice(name.lastIndexOf(".") + 1);
  if (name.includes(".session.") || name.endsWith(".Session") || word === "sessionmaker") return undefined;
  // Flask-SQLAlchemy's object holds all names of SQLAlchemy.
  if (word === "SQLAlchemy") return { kind: "symbol", name: `${name}()` };
  const context: Context = { m, args, site: siteAt(expr, frame), expr, frame };
  const fn = Object.hasOwn(functions, word) ? functions[word] : undefined;
  if (fn) return fn(context);
  if (/^sqlalchemy\.sql\.functions\.[a-z_]+$/.test(name)) return callSqlFunction(m, [word], args);
  if (isOption(word)) return makeOption(word, args);
  if (setOperation(word)) return compound(m, word, args.positional, context.site);
  if (isTypeName(word)) return typeCall(word, args);
  if (columnWords.has(word) || name.startsWith("sqlalchemy.sql.operators.")) {
    const [first = refuse(`${word}() without an operand`), ...rest] = args.positional;
    const operand = asSql(first) ?? (first.kind === "constant" ? labelReference(first, word) : unknown(first, word));
    return columnMethod(m, operand, word, { ...args, positional: rest }, () => unparse(expr));
  }
  return undefined;
}
/** `desc("total")`: a label of the statement, by name. */
function labelReference(value: Value & { kind: "constant" }, word: string): Sql {
  if (typeof value.value !== "string") return unknown(value, word);
  return { kind: "reference", name: value.value, type: "" };
}
const columnWords = new Set(["asc", "desc", "nulls_first", "nulls_last", "nullsfirst", "nullslast", "between"]);

function typeCall(word: string, args: Args): Value {
  const numbers = args.positional.flatMap((value) => (value.kind === "constant" && typeof value.value === "number" ? [value.value] : []));
  const zoned = truth(args.keywords.get("timezone") ?? { kind: "constant", value: false }) === true;
  return typeWith(word, numbers, zoned, args.positional[0]) ?? { kind: "unknown", reason: `the type ${word}() is not known` };
}

const flat = (values: readonly Value[]): readonly Value[] =>
  values.flatMap((value) => (value.kind === "list" && value.open === undefined ? flat(value.items) : [value]));

function conditions({ args }: Context, word: "AND" | "OR"): Value {
  const items = args.positional.flatMap((value) =>
    value.kind === "list" && value.open !== undefined ? unknown(value, word) : [condition(value, word === "AND" ? "and_()" : "or_()")],
  );
  return sqlValue(junction(word, items));
}

function exists({ m, args, site }: Context): Value {
  const [first] = args.positional;
  const statement =
    first?.kind === "statement" ? first.statement : first?.kind === "sql" && first.sql.kind === "select" ? first.sql.statement : undefined;
  if (statement)
    return sqlValue({
      kind: "select",
      statement: statement.kind === "select" ? { ...statement, legacy: false } : statement,
      form: "exists",
      type: "boolean",
    });
  const columns =
    args.positional.length > 0
      ? args.positional.flatMap((value) => selected(value, "exists()"))
      : [{ kind: "sql", sql: { kind: "constant", value: "star", type: "" } } as const];
  const made = { ...emptySelect(site, columns, false), fragment: true as const };
  m.made(made);
  return sqlValue({ kind: "select", statement: made, form: "exists", type: "boolean" });
}

function caseOf({ m, args }: Context): Value {
  const value = args.keywords.get("value");
  const otherwise = args.keywords.get("else_");
  const given =
    args.positional.length === 1 && args.positional[0]!.kind === "list" && args.positional[0]!.of === "list"
      ? args.positional[0]!.items
      : args.positional;
  const [only] = given;
  const pairs: (readonly [Value, Value])[] =
    only?.kind === "dict"
      ? [...[...only.entries].map(([key, each]) => [{ kind: "constant", value: key } as Value, each] as const), ...only.others]
      : given.map((pair) => (pair.kind === "list" && pair.items.length === 2 ? [pair.items[0]!, pair.items[1]!] : unknown(pair, "case()")));
  const subject =
    value && !(value.kind === "constant" && value.value === null) ? (asSql(value) ?? unknown(value, "case(value=…)")) : undefined;
  const result = (each: Value): Sql => (each.kind === "constant" && each.value === null ? sqlNull : expression(m, each, loose, "case()"));
  const whens = pairs.map(
    ([when, then]) => [subject ? expression(m, when, loose, "case()") : condition(when, "case()"), result(then)] as const,
  );
  const last = otherwise && !(otherwise.kind === "constant" && otherwise.value === null) ? result(otherwise) : undefined;
  const type = whens.map(([, then]) => then.type).find((one) => one !== "") ?? last?.type ?? "";
  return sqlValue({ kind: "case", ...(subject ? { value: subject } : {}), whens, ...(last ? { else: last } : {}), type });
}

function alias({ m, args }: Context): Value {
  const [target, over] = args.positional;
  const given = args.keywords.get("name");
  const name = given?.kind === "constant" && typeof given.value === "string" ? given.value : undefined;
  if (given && name === undefined) return refuseValue("aliased() with a name that is not a constant");
  if (target?.kind === "from" && (target.from.kind === "table" || target.from.kind === "cte"))
    return {
      kind: "from",
      from: { kind: "alias", of: target.from, name: name ?? anonymous(target.from.kind === "table" ? target.from.name : "anon") },
    };
  if (target?.kind !== "entity") return target ? unknown(target, "aliased()") : refuse("aliased() without a class");
  if (!over) return { kind: "entity", use: m.mapping.alias(target.use.entity, name) };
  const from =
    over.kind === "from"
      ? over.from
      : over.kind === "statement"
        ? refuse("aliased() over a SELECT that is no subquery")
        : unknown(over, "aliased()");
  const columns = new Map(
    offered(m.mapping, from).flatMap((one) => (one.kind === "column" && typeof one.name === "string" ? [[one.name, one] as const] : [])),
  );
  return { kind: "entity", use: m.mapping.over(target.use.entity, from, (column) => columns.get(column)) };
}

const single =
  (of: (sql: Sql) => Sql) =>
  ({ args }: Context): Value =>
    sqlValue(of(asSql(args.positional[0]!) ?? unknown(args.positional[0]!, "an operand")));

const functions: Readonly<Record<string, (context: Context) => Value>> = {
  paginate: ({ m, args, expr }) => {
    const [statement] = [...args.positional, args.keywords.get("select")];
    return statement?.kind === "statement" && statement.statement.kind === "select"
      ? paginated(m, statement.statement, expr.start)
      : refuse("paginate() of something that is no SELECT");
  },
  select: ({ m, args, site }) => {
    const whole = args.positional.length === 1 && args.positional[0]!.kind === "list" ? args.positional[0]!.items : args.positional;
    return m.made(
      emptySelect(
        site,
        whole.flatMap((value) => selected(value, "select()")),
        false,
      ),
    );
  },
  insert: ({ m, args, site }) => {
    const { table, use } = tableOf(m, args.positional[0], "insert()");
    return m.made(emptyInsert(site, table, use));
  },
  update: ({ m, args, site }) => {
    const { table, use } = tableOf(m, args.positional[0], "update()");
    return m.made(emptyUpdate(site, table, use));
  },
  delete: ({ m, args, site }) => {
    const { table, use } = tableOf(m, args.positional[0], "delete()");
    return m.made(emptyDelete(site, table, use));
  },
  exists,
  and_: (context) => conditions(context, "AND"),
  or_: (context) => conditions(context, "OR"),
  not_: single(negated),
  case: caseOf,
  cast: ({ m, args }) => {
    const type = args.positional[1] ?? args.keywords.get("type_") ?? refuse("cast() needs a type");
    const sql = expression(m, args.positional[0]!, loose, "cast()");
    // A value is bound as what it is cast to.
    return sqlValue(
      castTo(sql.kind === "bind" && args.positional[0]!.kind !== "sql" ? { ...sql, type: typeOfValue(type)?.type ?? "" } : sql, type),
    );
  },
  type_coerce: ({ m, args }) => {
    const type = typeOfValue(args.positional[1] ?? refuse("type_coerce() needs a type"));
    const sql = expression(m, args.positional[0]!, loose, "type_coerce()");
    // It keeps the name of its column, and says so.
    return sql.kind === "column" ? refuse("type_coerce() of a column") : sqlValue({ ...sql, type: type?.type ?? "" });
  },
  literal: ({ args }) =>
    sqlValue(
      (args.positional[0]?.kind === "constant" && args.positional[0].value === null
        ? ({
            kind: "bind",
            bound: { value: null },
            type: (args.positional[1] && typeOfValue(args.positional[1])?.type) ?? "",
            base: "param",
          } as const)
        : undefined) ??
        bound(args.positional[0]!, { type: (args.positional[1] && typeOfValue(args.positional[1])?.type) ?? "", base: "param" }) ??
        unknown(args.positional[0]!, "literal()"),
    ),
  bindparam: ({ args }) => {
    const [name, value] = args.positional;
    if (name?.kind !== "constant" || typeof name.value !== "string") return refuseValue("bindparam() with a name that is not a constant");
    const expanding = args.keywords.has("expanding") && truth(args.keywords.get("expanding")!) !== false;
    const type = args.keywords.get("type_") ?? (value?.kind === "symbol" || value?.kind === "type" ? value : undefined);
    const given = args.keywords.get("value") ?? (type === value ? undefined : value);
    const known = given?.kind === "constant" && given.value !== null ? { value: given.value } : {};
    return sqlValue({
      kind: "bind",
      bound: { name: name.value, ...known, ...(expanding ? { expanding } : {}) },
      type: (type && typeOfValue(type)?.type) ?? "",
      base: name.value,
    });
  },
  column: ({ args, expr }) => {
    const [name, type = args.keywords.get("type_")] = args.positional;
    if (name?.kind !== "constant" || typeof name.value !== "string") return refuseValue("column() with a name that is not a constant");
    const known = type && typeOfValue(type);
    if (type && !known) return refuse(`${unparse(expr)}: a type that is not known`);
    return { kind: "bareColumn", name: name.value, type: known?.type ?? "" };
  },
  literal_column: ({ args }) => {
    const [text] = args.positional;
    if (text?.kind !== "constant" || typeof text.value !== "string")
      return refuseValue("literal_column() with a text that is not a constant");
    if (text.value.trim() === "*") return sqlValue({ kind: "constant", value: "star", type: "" });
    return sqlValue({ kind: "template", sql: text.value, items: [], type: "", base: "" });
  },
  null: () => sqlValue(sqlNull),
  true: () => sqlValue(sqlTrue),
  false: () => sqlValue(sqlFalse),
  text: (context) => textValue(context.args, context.site),
  aliased: alias,
  alias,
  distinct: ({ m, args }) =>
    sqlValue({ kind: "template", sql: "DISTINCT $1", items: [expression(m, args.positional[0]!, loose, "distinct()")], type: "" }),
  extract: ({ m, args }) => {
    const [field, of] = args.positional;
    if (field?.kind !== "constant" || typeof field.value !== "string" || !/^[a-z]+$/i.test(field.value) || !of)
      return refuseValue("extract() of a field that is not a constant");
    return sqlValue({
      kind: "template",
      sql: `EXTRACT(${field.value} FROM $1)`,
      items: [expression(m, of, loose, "extract()")],
      type: "numeric",
    });
  },
  aggregate_order_by: ({ args }) => {
    const [item = refuse("aggregate_order_by() without an expression"), ...order] = args.positional.map(
      (value) => asSql(value) ?? unknown(value, "aggregate_order_by()"),
    );
    return sqlValue({ kind: "call", name: [aggregateOrder], args: [item], type: item.type, more: { order } });
  },
  tuple_: ({ m, args }) =>
    sqlValue({ kind: "tuple", items: flat(args.positional).map((value) => expression(m, value, loose, "tuple_()")), type: "" }),
  array: ({ m, args }) => {
    const [items] = args.positional;
    if (items?.kind !== "list" || items.open !== undefined || items.items.length === 0) return refuseValue("array() of what is not known");
    const made = items.items.map((value) => expression(m, value, loose, "array()"));
    return sqlValue({ kind: "array", items: made, type: made[0]!.type ? `${made[0]!.type}[]` : "" });
  },
  any_: ({ args }) =>
    sqlValue({ kind: "call", name: ["any"], args: [asSql(args.positional[0]!) ?? unknown(args.positional[0]!, "any_()")], type: "" }),
  all_: ({ args }) =>
    sqlValue({ kind: "call", name: ["all"], args: [asSql(args.positional[0]!) ?? unknown(args.positional[0]!, "all_()")], type: "" }),
  over: ({ m, args }) => sqlValue(overOf(m, asSql(args.positional[0]!) ?? unknown(args.positional[0]!, "over()"), args)),
  col: ({ args }) => args.positional[0]!,
  foreign: ({ args }) => args.positional[0]!,
  remote: ({ args }) => args.positional[0]!,
  lateral: ({ args }) => {
    const [statement] = args.positional;
    if (statement?.kind !== "statement") return refuse("lateral() of something that is no SELECT");
    const given = args.positional[1] ?? args.keywords.get("name");
    return {
      kind: "from",
      from: {
        kind: "subquery",
        statement: statement.statement,
        name: given?.kind === "constant" && typeof given.value === "string" ? given.value : anonymous("anon"),
        lateral: true,
      },
    };
  },
  join: ({ m, args, expr, frame }) => {
    void fromItem;
    const [left, ...rest] = args.positional;
    return m.call(
      { kind: "method", of: left?.kind === "entity" ? { kind: "from", from: left.use.selectable } : left!, name: "join" },
      { ...args, positional: rest },
      expr,
      frame,
    );
  },
};
