import type { EnumMember } from "../mapping/enums.js";
import { refuseValue, type Bound, type EntityUse, type From, type Selected, type Sql, type Statement } from "../sql/ir.js";
import { sqlFalse, sqlNull, sqlTrue } from "../sql/make.js";
import { isInteger, isJson, isText, sqlTypeOf } from "../sql/types.js";
import type { Value } from "../values.js";
import type { Machine } from "./machine.js";
import { isNoneValue } from "./decide.js";

/** Refuses with the reason that an unknown value carries. */
export function unknown(value: Value, what: string): never {
  if (value.kind === "unknown")
    return refuseValue(value.reason, value.file === undefined ? undefined : { file: value.file, start: value.start! });
  if (value.kind === "parameter") return refuseValue(`${what}: what ${value.name} is is not known`);
  if (value.kind === "instance") return refuseValue(`${what}: what ${value.name} is is not known`);
  if (value.kind === "list" && value.open !== undefined) return refuseValue(value.open);
  return refuseValue(`${what}: ${describe(value)} cannot stand here`);
}

function describe(value: Value): string {
  switch (value.kind) {
    case "symbol":
      return value.name;
    case "method":
      return `.${value.name}`;
    case "constant":
      return JSON.stringify(value.value);
    case "sqlFunction":
      return `func.${value.name.join(".")}`;
    default:
      return `a ${value.kind}`;
  }
}

/** How a value that the code gives is bound. */
export interface Against {
  readonly type: string;
  /** The word from which SQLAlchemy makes the bind's name. */
  readonly base: string;
  readonly column?: Sql;
}
export function against(sql: Sql): Against {
  if (sql.kind === "column") return { type: sql.type, base: sql.key ?? (typeof sql.name === "string" ? sql.name : "param"), column: sql };
  if (sql.kind === "call") return { type: sql.type, base: sql.name.at(-1)! };
  if (sql.kind === "row" && sql.from.kind === "function" && typeof sql.from.name === "string")
    return { type: sql.type, base: sql.from.name };
  return { type: sql.type, base: "param" };
}
export const loose: Against = { type: "", base: "param" };

const affinities: readonly (readonly [(type: string) => boolean, readonly string[]])[] = [
  [isInteger, ["int"]],
  [isText, ["str"]],
  [isJson, ["dict", "list"]],
  [(type) => type.startsWith("numeric") || type === "double precision" || type === "real", ["Decimal", "float"]],
];

/** SQLAlchemy's coerce_compared_value: a value of another kind than the column keeps its own type. */
function comparedType(type: string, pythonType: string | undefined): string {
  const own = sqlTypeOf(pythonType);
  if (!type || !own) return type || own;
  const known = affinities.find(([fits]) => fits(type));
  if (!known || known[1].includes(pythonType!)) return type;
  return own;
}

/** A Python value as a bind; undefined for what is none. */
export function bound(value: Value, to: Against): Sql | undefined {
  const column = to.column ? { column: to.column } : {};
  switch (value.kind) {
    case "constant":
      if (value.value === null) return undefined;
      return {
        kind: "bind",
        bound: { value: value.value, pythonType: nameOfType(value.value) },
        type: comparedType(to.type, nameOfType(value.value)),
        base: to.base,
        ...column,
      };
    case "enum":
      return { kind: "bind", bound: enumBound(value.member, to), type: to.type, base: to.base, ...column };
    case "parameter": {
      const name = value.type?.name;
      const type = value.sqlType && !to.type ? value.sqlType : comparedType(to.type, name);
      return { kind: "bind", bound: { name: value.name, ...(name ? { pythonType: name } : {}) }, type, base: to.base, ...column };
    }
    case "instance":
      return value.entity
        ? undefined
        : {
            kind: "bind",
            bound: { name: value.name, ...(value.class ? { pythonType: value.class.fact.name } : {}) },
            type: to.type,
            base: to.base,
            ...column,
          };
    case "symbol":
      // Something that another package keeps under a name.
      if (/^(sqlalchemy|sqlmodel|builtins|flask_sqlalchemy)\b/.test(value.name)) return undefined;
      return { kind: "bind", bound: { name: value.name }, type: to.type, base: to.base, ...column };
    case "list":
    case "dict": {
      if (value.kind === "list" && value.items.some((item) => item.kind === "sql" || item.kind === "entity" || item.kind === "statement"))
        return undefined;
      return { kind: "bind", bound: { pythonType: value.kind }, type: to.type, base: to.base, ...column };
    }
    default:
      return undefined;
  }
}

/** `Enum(...)` columns keep the member's name; texts get the value of a member that is a text. */
function enumBound(member: EnumMember, to: Against): Bound {
  const column = to.column?.kind === "column" ? to.column : undefined;
  const value = column?.enumValues || isText(to.type) || isInteger(to.type) ? member.value : member.member;
  return {
    ...(value === undefined ? {} : { value }),
    name: `${member.class.fact.name}.${member.member}`,
    pythonType: member.class.fact.name,
  };
}

function nameOfType(value: string | number | boolean): string {
  if (typeof value === "string") return "str";
  if (typeof value === "boolean") return "bool";
  return Number.isInteger(value) ? "int" : "float";
}

/** An expression: SQL as it is, values as binds, None as NULL. */
export function expression(m: Machine, value: Value, to: Against, what: string): Sql {
  const sql = asSql(value);
  if (sql) return sql;
  if (isNoneValue(m, value) === true) return sqlNull;
  return bound(value, to) ?? unknown(value, what);
}

/** What is SQL already. */
export function asSql(value: Value): Sql | undefined {
  switch (value.kind) {
    case "sql":
      return value.sql;
    case "statement":
      return scalar(value.statement);
    case "symbol":
      if (/^sqlalchemy\..*\bnull$/.test(value.name)) return sqlNull;
      return undefined;
    default:
      return undefined;
  }
}

export function scalar(statement: Statement): Sql {
  return { kind: "select", statement, form: "scalar", type: scalarType(statement) };
}
function scalarType(statement: Statement): string {
  if (statement.kind !== "select" || statement.columns.length !== 1) return "";
  const [only] = statement.columns;
  return only?.kind === "sql" ? only.sql.type : "";
}

/** A condition of WHERE, HAVING, ON. */
export function condition(value: Value, what: string): Sql {
  const sql = asSql(value);
  if (sql) return sql;
  if (value.kind === "constant" && typeof value.value === "boolean") return value.value ? sqlTrue : sqlFalse;
  return unknown(value, what);
}

/** What stands in a column list. */
export function selected(value: Value, what: string): Selected[] {
  if (value.kind === "entity") return [{ kind: "entity", use: value.use }];
  if (value.kind === "from") return [{ kind: "from", from: value.from }];
  if (value.kind === "columns") return [{ kind: "from", from: value.from }];
  if (value.kind === "list" && value.open === undefined) return value.items.flatMap((item) => selected(item, what));
  const sql = asSql(value);
  if (sql) return [{ kind: "sql", sql }];
  if (value.kind === "constant" && typeof value.value === "number") return [{ kind: "sql", sql: bound(value, loose)! }];
  return unknown(value, what);
}

export function fromItem(value: Value, what: string): EntityUse | From {
  if (value.kind === "entity") return value.use;
  if (value.kind === "from") return value.from;
  return unknown(value, what);
}
