import type { Expr } from "../../python/index.js";
import { expression, loose, scalar } from "../execute/coerce.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import { unparse } from "../execute/unparse.js";
import { refuse, refuseValue, type Compound, type CteFrom, type From, type Select, type Sql, type Statement } from "../sql/ir.js";
import { anonymous } from "../sql/make.js";
import { sqlValue, type Args, type Value } from "../values.js";
import { truth } from "../execute/decide.js";
import { deleteOf, dmlMethod, updateOf } from "./changes.js";
import { getByKey } from "./query.js";
import { columnMethod } from "./columns.js";
import { countBind, selectMethods } from "./select.js";
import { emptyMembers } from "./members.js";
import { customMethod } from "./custom.js";

type Call = Expr & { kind: "call" };

export function statementMethod(m: Machine, statement: Statement, name: string, args: Args, expr: Call, frame: Frame): Value {
  if (statement.kind === "select") {
    const method = Object.hasOwn(selectMethods, name) ? selectMethods[name] : undefined;
    if (method) return m.made(method(m, statement, args));
  }
  if (statement.kind === "compound") {
    const more = compoundMethod(m, statement, name, args);
    if (more) return m.made(more);
  }
  if (statement.kind === "insert" || statement.kind === "update" || statement.kind === "delete") return dmlMethod(m, statement, name, args);
  if (statement.kind === "text")
    return name === "bindparams" || name === "columns" ? refuse(`text().${name}()`) : refuse(`.${name}() of text()`);
  if (statement.kind === "select" && statement.legacy) {
    const sent = queryMethod(m, statement, name, args, expr);
    if (sent) return sent;
  }
  const derived = derivedValue(m, statement, name, args, frame, expr);
  if (derived) return derived;
  if (statement.kind === "select" && statement.legacy) {
    const own = customMethod(m, statement, name, args, frame);
    if (own) return own;
  }
  return refuse(`.${name}() of a query is not known`, { file: frame.file, start: expr.start });
}

const setOps: Readonly<Record<string, readonly [Compound["op"], boolean]>> = {
  union: ["SETOP_UNION", false],
  union_all: ["SETOP_UNION", true],
  intersect: ["SETOP_INTERSECT", false],
  intersect_all: ["SETOP_INTERSECT", true],
  except_: ["SETOP_EXCEPT", false],
  except_all: ["SETOP_EXCEPT", true],
};
export const setOperation = (name: string) => (Object.hasOwn(setOps, name) ? setOps[name] : undefined);

export function compound(m: Machine, name: string, parts: readonly Value[], site: Statement["site"]): Value {
  const [op, all] = setOps[name]!;
  const statements = parts.map((part): Select | Compound =>
    part.kind === "statement" && (part.statement.kind === "select" || part.statement.kind === "compound")
      ? part.statement
      : refuse(`${name}() of something that is no SELECT`),
  );
  if (statements.some((one) => one.kind === "select" && (one.limit || one.order.length > 0)))
    return refuse(`${name}() of a SELECT with ORDER BY or LIMIT`);
  return m.made({ kind: "compound", site, op, all, parts: statements, order: [] });
}

function compoundMethod(m: Machine, of: Compound, name: string, args: Args): Compound | undefined {
  if (name === "order_by") {
    const keys = args.positional.map((value) =>
      value.kind === "constant" && typeof value.value === "string"
        ? refuse("order_by() of a set operation by text")
        : expression(m, value, loose, "order_by()"),
    );
    return { ...of, order: [...of.order, ...keys] };
  }
  if (name === "limit" || name === "offset") {
    const sql = countBind(m, args.positional[0] ?? refuse(`${name}() without a number`));
    return sql ? { ...of, [name]: sql } : of;
  }
  return undefined;
}

/** What a statement becomes: subquery, CTE, scalar, EXISTS, set operation. */
function derivedValue(m: Machine, statement: Statement, name: string, args: Args, frame: Frame, expr: Call): Value | undefined {
  const text = (value: Value | undefined) => (value?.kind === "constant" && typeof value.value === "string" ? value.value : undefined);
  const given = args.positional[0] ?? args.keywords.get("name");
  const alias = text(given);
  if (
    given &&
    alias === undefined &&
    !(given.kind === "constant" && given.value === null) &&
    ["subquery", "alias", "cte", "lateral", "label"].includes(name)
  )
    return refuseValue(`.${name}() with a name that is not a constant`);
  const plain: Statement = statement.kind === "select" ? { ...statement, legacy: false } : statement;
  switch (name) {
    case "subquery":
    case "alias":
      return { kind: "from", from: { kind: "subquery", statement: plain, name: alias ?? anonymous("anon") } };
    case "lateral":
      return { kind: "from", from: { kind: "subquery", statement: plain, name: alias ?? anonymous("anon"), lateral: true } };
    case "cte": {
      const recursive =
        truth(args.keywords.get("recursive") ?? args.positional[1] ?? { kind: "constant", value: false }) ??
        refuseValue("cte(recursive=…) is not a constant");
      const from: CteFrom = { kind: "cte", statement: plain, name: alias ?? anonymous("anon"), recursive };
      return { kind: "from", from };
    }
    case "scalar_subquery":
    case "as_scalar":
      return sqlValue(scalar(plain));
    case "label":
      return sqlValue({ kind: "label", name: alias!, item: scalar(plain), type: "" });
    case "exists":
      if (plain.kind !== "select") return refuse("exists() of a set operation");
      return sqlValue({
        kind: "select",
        statement: statement.kind === "select" && statement.legacy ? onesOf(plain) : plain,
        form: "exists",
        type: "boolean",
      });
    case "in_":
    case "is_":
      return columnMethod(m, scalar(plain), name, args, () => unparse(expr));
    default:
      if (setOperation(name)) return legacyUnion(m, statement, name, args);
      void frame;
      return undefined;
  }
}

const onesOf = (select: Select): Select => ({
  ...select,
  columns: emptyMembers().columns,
  from: select.from.length > 0 || select.joins.length > 0 ? select.from : entitiesOf(select),
});
const entitiesOf = (select: Select): Select["from"] =>
  select.columns.flatMap((column): Select["from"] =>
    column.kind === "entity" ? [column.use] : column.kind === "from" ? [column.from] : [],
  );

function legacyUnion(m: Machine, statement: Statement, name: string, args: Args): Value {
  if (statement.kind === "select" && statement.legacy) return refuse(`.${name}() of a Query`);
  return compound(m, name, [{ kind: "statement", statement }, ...args.positional], statement.site);
}

const rows = (select: Select): Value => {
  const [only, second] = select.columns;
  const entity = only?.kind === "entity" && !second ? only.use.entity : undefined;
  return { kind: "parameter", name: "rows", type: { name: "list", list: entity ? { name: entity.name, entity } : { name: "" } } };
};
function row(select: Select): Value {
  const [only, second] = select.columns;
  if (only?.kind === "entity" && !second)
    return { kind: "instance", name: only.use.entity.name.toLowerCase(), entity: only.use.entity, attributes: new Map() };
  return { kind: "parameter", name: "row" };
}

/** Methods of `Query` that send it. */
function queryMethod(m: Machine, select: Select, name: string, args: Args, expr: Call): Value | undefined {
  const { start } = expr;
  switch (name) {
    case "all":
    case "__iter__":
      m.send(select, "", start);
      return rows(select);
    case "first":
    case "first_or_404":
      m.send(
        { ...select, limit: { kind: "bind", bound: { value: 1, pythonType: "int" }, type: "integer", base: "param" } },
        ".first()",
        start,
      );
      return row(select);
    case "one":
    case "one_or_none":
    case "one_or_404":
      m.send(select, "", start);
      return row(select);
    case "scalar":
      m.send(select, "", start);
      return { kind: "parameter", name: "scalar" };
    case "count":
      m.send(countOf(select), ".count()", start);
      return { kind: "parameter", name: "count", type: { name: "int" } };
    case "get":
    case "get_or_404": {
      const [only] = select.columns;
      if (only?.kind !== "entity" || !args.positional[0]) return refuse("get() of a Query without an entity");
      if (select.where.length > 0 || select.joins.length > 0) return refuse("get() of a Query with conditions");
      return getByKey(m, only.use, args.positional[0], select.site, {
        labelled: true,
        start,
        options: select.options,
        ...(select.lock ? { lock: select.lock } : {}),
      });
    }
    case "delete":
      m.send({ ...deleteOf(select), ...fetched(args, ".delete()") }, ".delete()", start);
      return { kind: "parameter", name: "count", type: { name: "int" } };
    case "update":
      m.send(
        {
          ...updateOf(m, select, args.positional[0] ?? args.keywords.get("values") ?? refuse("update() without values")),
          ...fetched(args, ".update()"),
        },
        ".update()",
        start,
      );
      return { kind: "parameter", name: "count", type: { name: "int" } };
    case "paginate":
      return paginated(m, select, start);
    default:
      return undefined;
  }
}

/** Flask-SQLAlchemy's pages: the rows of one, and how many there are in all. */
export function paginated(m: Machine, select: Select, start: number): Value {
  const number = (): Sql => ({ kind: "bind", bound: { pythonType: "int" }, type: "integer", base: "param" });
  m.send({ ...select, limit: number(), offset: number() }, ".paginate() items", start);
  const { legacy } = select;
  const unsorted = { ...select, order: [] };
  const counted = countOf(legacy ? unsorted : { ...unsorted, legacy: false });
  m.send({ ...counted, legacy }, ".paginate() total", start);
  return { kind: "parameter", name: "page" };
}

/** SELECT count(*) FROM (the query with labels of its own). */
function countOf(select: Select): Select {
  const from: From = {
    kind: "subquery",
    statement: {
      ...select,
      ...(select.legacy ? { tableLabels: true } : {}),
      options: [{ strategy: "no eager", names: [], next: [] }, ...select.options],
    },
    name: anonymous("anon"),
  };
  const count: Sql = { kind: "call", name: ["count"], args: [{ kind: "constant", value: "star", type: "" }], type: "bigint" };
  return { ...emptyMembers(), site: select.site, legacy: true, columns: [{ kind: "sql", sql: count }], from: [from] };
}

/** `synchronize_session="fetch"` asks for the keys of what it changes. */
function fetched(args: Args, what: string): { unsynchronized?: true } {
  const how = args.keywords.get("synchronize_session");
  if (how?.kind === "constant" && how.value === "fetch") refuse(`${what} with synchronize_session="fetch"`);
  if (how && how.kind !== "constant") refuseValue(`${what} with a synchronize_session that is not known`);
  return how ? { unsynchronized: true } : {};
}
