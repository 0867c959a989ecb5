import { refuse, type Sql } from "../sql/ir.js";

/** `data["key"].astext`: the text of an element. Undefined where the expression is no element. */
export function elementText(sql: Sql): Sql | undefined {
  if (sql.kind === "template" && sql.sql === "($1)[$2]" && sql.type === "jsonb")
    return { kind: "operator", op: "->>", items: sql.items, type: "text" };
  if (sql.kind === "operator" && sql.op === "->") return { ...sql, op: "->>", type: "text" };
  return undefined;
}

const casts: Readonly<Record<string, readonly [written: string, type: string]>> = {
  as_string: ["VARCHAR", "character varying"],
  as_boolean: ["BOOLEAN", "boolean"],
  as_integer: ["INTEGER", "integer"],
  as_float: ["FLOAT", "double precision"],
};

/** `.as_string()`, `.as_integer()` …; undefined for other names. */
export function elementAs(sql: Sql, name: string): Sql | undefined {
  if (!Object.hasOwn(casts, name)) return undefined;
  const text = elementText(sql) ?? refuse(`.${name}() of something that is no element of JSON`);
  const [written, type] = casts[name]!;
  return { kind: "template", sql: `CAST($1 AS ${written})`, items: [text], type };
}
