import { tableFunction } from "./tableFunctions.js";
import type { Machine } from "../execute/machine.js";
import { against, asSql, bound, expression, unknown, type Against } from "../execute/coerce.js";
import { emptyMembers } from "./members.js";
import { compare, binary, flagOnPath, isNoneOnPath } from "../execute/operators.js";
import { truth } from "../execute/decide.js";
import { refuse, refuseValue, type OperatorForm, type Sql } from "../sql/ir.js";
import { negated, operator, sqlFalse, sqlNull, sqlTrue } from "../sql/make.js";
import { elementOf, isArray, isRange } from "../sql/types.js";
import { sqlValue, type Args, type Value } from "../values.js";
import { existsWhere } from "./methods.js";
import { selectableOf } from "../compile/plan.js";
import { fromItem } from "../execute/coerce.js";
import { castTo } from "./casts.js";
import { elementAs } from "./json.js";
import { overOf } from "./windows.js";
import { operatorNamed } from "./customOperators.js";

type Context = { m: Machine; sql: Sql; args: Args; text: () => string };
type Method = (context: Context) => Sql;

const first = ({ args, text }: Context): Value => args.positional[0] ?? args.keywords.get("other") ?? refuse(`${text()} needs a value`);
const operand = (context: Context, to: Against = against(context.sql)): Sql => expression(context.m, first(context), to, context.text());

const sort =
  (descending: boolean): Method =>
  ({ sql }) =>
    sql.kind === "sort" ? { ...sql, descending } : { kind: "sort", item: sql, descending, type: sql.type };
const nulls =
  (where: "first" | "last"): Method =>
  ({ sql }) =>
    sql.kind === "sort" ? { ...sql, nulls: where } : { kind: "sort", item: sql, nulls: where, type: sql.type };

const like =
  (op: string): Method =>
  (context) => {
    const escape = context.args.keywords.get("escape");
    const items = [context.sql, operand(context)];
    if (escape && !(escape.kind === "constant" && escape.value === null)) items.push(literal(escape, context.text));
    return { kind: "operator", op, items, type: "boolean" };
  };
/** `escape='/'` is written out. */
function literal(value: Value, text: () => string): Sql {
  if (value.kind !== "constant" || typeof value.value !== "string") return refuseValue(`${text()}: escape= is not a constant`);
  return { kind: "template", sql: `'${value.value.replaceAll("'", "''")}'`, items: [], type: "text", base: "" };
}

const percent: Sql = { kind: "template", sql: "'%'", items: [], type: "text", base: "" };
/** `contains`, `startswith`, `endswith`: LIKE with the value between per cent signs. */
const within =
  (before: boolean, after: boolean, insensitive = false): Method =>
  (context) => {
    const { sql, args, text } = context;
    const escaping = truth(args.keywords.get("autoescape") ?? { kind: "constant", value: false });
    if (escaping === undefined) return refuseValue(`${text()}: autoescape= is not a constant`);
    let pattern = operand(context);
    if (escaping) pattern = escapedBind(pattern, args, text);
    if (before) pattern = operator("||", [percent, pattern], "text");
    if (after) pattern = operator("||", [pattern, percent], "text");
    const escape = args.keywords.get("escape") ?? (escaping ? ({ kind: "constant", value: "/" } as const) : undefined);
    return {
      kind: "operator",
      op: insensitive ? "ILIKE" : "LIKE",
      items: [sql, pattern, ...(escape ? [literal(escape, text)] : [])],
      type: "boolean",
    };
  };

/** `autoescape=True`: the value is bound with `/` before the signs that LIKE knows. */
function escapedBind(pattern: Sql, args: Args, text: () => string): Sql {
  if (args.keywords.has("escape")) return refuse(`${text()}: autoescape= with an escape of its own`);
  if (pattern.kind !== "bind") return refuse(`${text()}: autoescape= of something that is no value`);
  const { value, name, ...rest } = pattern.bound;
  const bound =
    typeof value === "string"
      ? { value: value.replaceAll("/", "//").replaceAll("%", "/%").replaceAll("_", "/_") }
      : name === undefined
        ? {}
        : { name: `${name} (escaped)` };
  return { ...pattern, bound: { ...rest, ...bound } };
}

const contains: Method = (context) => {
  const { sql, text } = context;
  if (isArray(sql.type) || sql.type === "jsonb" || isRange(sql.type)) return operator("@>", [sql, operand(context)], "boolean");
  if (sql.type === "") return refuseValue(`${text()}: the type is not known, contains() may mean LIKE or @>`);
  return within(true, true)(context);
};

function inList(not: boolean): Method {
  return (context) => {
    const { m, sql, text } = context;
    const value = first(context);
    if (value.kind === "statement") {
      const statement = value.statement.kind === "select" ? { ...value.statement, legacy: false } : value.statement;
      return { kind: "inSelect", item: sql, statement, not, type: "boolean" };
    }
    if (value.kind === "sql" && value.sql.kind === "select" && value.sql.form === "scalar")
      return { kind: "inSelect", item: sql, statement: value.sql.statement, not, type: "boolean" };
    // A subquery is selected from once more.
    if (value.kind === "from") {
      const whole = { ...emptyMembers(), columns: [{ kind: "from", from: value.from } as const] };
      return { kind: "inSelect", item: sql, statement: whole, not, type: "boolean" };
    }
    const to = against(sql);
    // A bind that the code made stands for a list.
    if (value.kind === "sql" && value.sql.kind === "bind") {
      const bind = { ...value.sql, bound: { ...value.sql.bound, expanding: true as const }, type: value.sql.type || to.type };
      return { kind: "inList", item: sql, list: [bind], not, type: "boolean" };
    }
    if (value.kind === "list" && value.open === undefined) {
      return { kind: "inList", item: sql, list: value.items.map((item) => listItem(m, sql, item, to, text)), not, type: "boolean" };
    }
    // Some collection of the project's own.
    if (value.kind === "instance" && !value.entity && value.class)
      return { kind: "inList", item: sql, list: [expanding({ kind: "parameter", name: value.name }, to, sql)], not, type: "boolean" };
    if (value.kind === "parameter" || (value.kind === "list" && value.items.every((item) => item.kind !== "sql")))
      return { kind: "inList", item: sql, list: [expanding(value, to, sql)], not, type: "boolean" };
    return unknown(value, text());
  };
}
function listItem(m: Machine, sql: Sql, item: Value, to: Against, text: () => string): Sql {
  if (sql.kind === "tuple" && item.kind === "list")
    return { kind: "tuple", items: item.items.map((one, at) => expression(m, one, against(sql.items[at] ?? sql), text())), type: "" };
  if (item.kind === "constant" && item.value === null) return sqlNull;
  return asSql(item) ?? bound(item, to) ?? unknown(item, text());
}
function expanding(value: Value, to: Against, sql: Sql): Sql {
  if (sql.kind === "tuple") return refuseValue("tuple_().in_() with a list that is not known");
  const name = value.kind === "parameter" ? value.name : undefined;
  return {
    kind: "bind",
    bound: {
      ...(name === undefined ? {} : { name }),
      ...(value.kind === "parameter" && value.type ? { pythonType: value.type.name } : {}),
      expanding: true,
    },
    type: to.type,
    base: to.base,
    ...(to.column ? { column: to.column } : {}),
  };
}

const is =
  (op: "IS" | "IS NOT"): Method =>
  (context) => {
    const value = first(context);
    if (value.kind === "constant" && value.value === null) return operator(op, [context.sql, sqlNull], "boolean");
    if (value.kind === "constant" && typeof value.value === "boolean")
      return operator(op, [context.sql, value.value ? sqlTrue : sqlFalse], "boolean");
    if (value.kind === "parameter" && value.type?.name === "bool") {
      if (isNoneOnPath(context.m, value)) return operator(op, [context.sql, sqlNull], "boolean");
      const flag = flagOnPath(context.m, context.sql, value);
      return operator(op, [context.sql, flag ? sqlTrue : sqlFalse], "boolean");
    }
    const sql = asSql(value);
    return sql?.kind === "constant" ? operator(op, [context.sql, sql], "boolean") : unknown(value, context.text());
  };

const between =
  (op: string): Method =>
  (context) => {
    const { m, sql, args, text } = context;
    const [low = args.keywords.get("cleft"), high = args.keywords.get("cright")] = args.positional;
    if (!low || !high) return refuse(`${text()} needs two values`);
    if (truth(args.keywords.get("symmetric") ?? { kind: "constant", value: false }) !== false) return refuse(`${text()}: symmetric=`);
    return {
      kind: "operator",
      op,
      items: [sql, expression(m, low, against(sql), text()), expression(m, high, against(sql), text())],
      type: "boolean",
    };
  };

const plainOperator =
  (op: string, type?: string): Method =>
  (context) =>
    operator(op, [context.sql, operand(context)], type ?? "boolean");
const anyOf =
  (form: OperatorForm & ("any" | "all")): Method =>
  (context) => {
    if (!isArray(context.sql.type)) return refuse(`${context.text()}: ${form}() of something that is no array`);
    if (context.args.keywords.size > 0 || context.args.positional.length > 1)
      return refuse(`${context.text()}: ${form}() with an operator`);
    const element: Against = { ...against(context.sql), type: elementOf(context.sql.type) };
    // `:value = ANY (array)`.
    return { kind: "operator", op: "=", items: [operand(context, element), context.sql], type: "boolean", form };
  };

const methods: Readonly<Record<string, Method>> = {
  asc: sort(false),
  desc: sort(true),
  nulls_first: nulls("first"),
  nullsfirst: nulls("first"),
  nulls_last: nulls("last"),
  nullslast: nulls("last"),
  like: like("LIKE"),
  not_like: like("NOT LIKE"),
  notlike: like("NOT LIKE"),
  ilike: like("ILIKE"),
  not_ilike: like("NOT ILIKE"),
  notilike: like("NOT ILIKE"),
  contains,
  startswith: within(false, true),
  endswith: within(true, false),
  icontains: within(true, true, true),
  istartswith: within(false, true, true),
  iendswith: within(true, false, true),
  in_: inList(false),
  not_in: inList(true),
  notin_: inList(true),
  is_: is("IS"),
  is_not: is("IS NOT"),
  isnot: is("IS NOT"),
  is_distinct_from: plainOperator("IS DISTINCT FROM"),
  is_not_distinct_from: plainOperator("IS NOT DISTINCT FROM"),
  isnot_distinct_from: plainOperator("IS NOT DISTINCT FROM"),
  between: between("BETWEEN"),
  any: anyOf("any"),
  all: anyOf("all"),
  overlap: plainOperator("&&"),
  overlaps: plainOperator("&&"),
  contained_by: plainOperator("<@"),
  has_key: (context) => operator("?", [context.sql, operand(context, { type: "text", base: against(context.sql).base })], "boolean"),
  has_any: plainOperator("?|"),
  has_all: plainOperator("?&"),
  match: ({ text }) => refuse(`${text()}: match()`),
  concat: plainOperator("||", "text"),
  regexp_match: plainOperator("~"),
  self_group: ({ sql }) => sql,
  scalar_subquery: ({ sql }) => sql,
  desc_nulls: ({ text }) => refuse(text()),
  distinct: ({ sql }) => ({ kind: "template", sql: "DISTINCT $1", items: [sql], type: sql.type }),
};

export function columnMethod(m: Machine, sql: Sql, name: string, args: Args, text: () => string): Value {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method && !(name === "any" && sql.kind === "select")) return sqlValue(method({ m, sql, args, text }));
  if (name === "label") {
    const label = args.positional[0] ?? args.keywords.get("name");
    if (label?.kind !== "constant" || typeof label.value !== "string") return refuseValue(`${text()}: a label that is not a constant`);
    return sqlValue({ kind: "label", name: label.value, item: sql.kind === "label" ? sql.item : sql, type: sql.type });
  }
  if (name === "op" || name === "bool_op") return operatorNamed(sql, name, args, text());
  if (name === "cast") return sqlValue(castTo(sql, args.positional[0] ?? refuse(`${text()} needs a type`)));
  if (name === "over") return sqlValue(overOf(m, sql, args));
  if (name === "filter" && sql.kind === "call") {
    const conditions = args.positional.map((value) => asSql(value) ?? unknown(value, text()));
    const filter: Sql = conditions.length === 1 ? conditions[0]! : { kind: "boolean", op: "AND", items: conditions, type: "boolean" };
    return sqlValue({ ...sql, more: { ...sql.more, filter } });
  }
  if (name === "within_group" && sql.kind === "call")
    return sqlValue({
      ...sql,
      more: {
        ...sql.more,
        named: m.version === "2.1",
        withinGroup: args.positional.map((value) => asSql(value) ?? unknown(value, text())),
      },
    });
  if (sql.kind === "select") return selectMethod(m, sql, name, args, text);
  if (name === "__eq__") return sqlValue(compare(m, "=", sql, args.positional[0]!));
  if (name === "isnull") return sqlValue(operator("IS", [sql, sqlNull], "boolean"));
  const element = elementAs(sql, name);
  if (element) return sqlValue(element);
  const inFrom = sql.kind === "call" ? tableFunction(m, sql, name, args, text) : undefined;
  if (inFrom) return inFrom;
  if (name === "subquery" || name === "alias" || name === "table_valued" || name === "column_valued")
    return refuse(`${text()}: ${name}() of an expression`);
  return { kind: "unknown", reason: `${text()}: .${name}() of an expression is not known` };
}

function selectMethod(m: Machine, sql: Sql & { kind: "select" }, name: string, args: Args, text: () => string): Value {
  if (sql.form === "exists" && name === "where") return existsWhere(m, sql, args);
  const { statement } = sql;
  if (statement.kind !== "select") return refuse(text());
  if (name === "correlate" || name === "correlate_except")
    return sqlValue({
      ...sql,
      statement: {
        ...statement,
        correlate: { [name === "correlate" ? "only" : "except"]: args.positional.map((value) => selectableOf(fromItem(value, text()))) },
      },
    });
  if (name === "select_from" && sql.form === "exists")
    return sqlValue({
      ...sql,
      statement: { ...statement, from: [...statement.from, ...args.positional.map((value) => fromItem(value, text()))] },
    });
  if (name === "where") return existsWhere(m, sql, args);
  return { kind: "unknown", reason: `${text()}: .${name}() of a subquery is not known` };
}

export { binary, negated };
