import type { Expr } from "../../python/index.js";
import type { Frame } from "../execute/frame.js";
import type { Machine } from "../execute/machine.js";
import { unparse } from "../execute/unparse.js";
import { refuse, type Sql } from "../sql/ir.js";
import { condition } from "../execute/coerce.js";
import { buildsSql, sqlValue, type Args, type Value } from "../values.js";
import { columnMethod } from "./columns.js";
import { containerMethod } from "./containers.js";
import { fromMethod } from "./froms.js";
import { isOption, makeOption, withOptions } from "./options.js";
import { relationshipMethod } from "./relationships.js";
import { statementMethod } from "./statements.js";
import { sessionMethod } from "./session.js";

type Call = Expr & { kind: "call" };

export function callMethod(m: Machine, of: Value, name: string, args: Args, expr: Call, frame: Frame): Value {
  switch (of.kind) {
    case "statement":
      return statementMethod(m, of.statement, name, args, expr, frame);
    case "sql":
      return columnMethod(m, of.sql, name, args, () => unparse(expr));
    case "relationship":
      return relationshipMethod(m, of.use, name, args);
    case "from":
      return fromMethod(m, of.from, name, args, expr, frame);
    case "columns":
      return name === "values" || name === "keys" ? refuse("the columns of a table as a list") : refuse(`.${name}() of columns`);
    case "option":
      if (name === "options") return withOptions(of.option, args);
      return isOption(name) ? makeOption(name, args, of.option) : refuse(`.${name}() of a loader option`);
    case "list":
    case "dict":
      return containerMethod(m, of, name, args, () => unparse(expr));
    case "constant":
    case "parameter":
    case "instance":
      return { kind: "parameter", name: unparse(expr) };
    case "type":
      return of;
    case "entity":
      return { kind: "instance", name: of.use.entity.name.toLowerCase(), entity: of.use.entity, attributes: new Map() };
    default: {
      const sent = sessionMethod(m, name, args, expr, frame);
      if (sent) return sent;
      const all = [of, ...args.positional, ...args.keywords.values()];
      if (all.some((one) => one.kind !== "class" && buildsSql(one)))
        return { kind: "unknown", reason: `what ${unparse(expr.callee)}() gives back is not known`, file: frame.file, start: expr.start };
      return { kind: "parameter", name: unparse(expr) };
    }
  }
}

/** Conditions joined: `.where()` of an EXISTS. */
export function existsWhere(_m: Machine, sql: Sql & { kind: "select" }, args: Args): Value {
  if (sql.statement.kind !== "select") return refuse("a condition of an EXISTS of a set operation");
  const statement = { ...sql.statement, where: [...sql.statement.where, ...args.positional.map((value) => condition(value, "where()"))] };
  return sqlValue({ ...sql, statement });
}
