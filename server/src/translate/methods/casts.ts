import { refuseValue, type Sql } from "../sql/ir.js";
import type { Value } from "../values.js";
import { typeOfValue } from "./typeValues.js";

/** CAST(x AS type), with the type as SQLAlchemy writes it. */
export function castTo(sql: Sql, type: Value): Sql {
  const { written, type: known } = typeOfValue(type) ?? refuseValue("a cast to a type that is not known");
  return { kind: "template", sql: `CAST($1 AS ${written})`, items: [sql], type: known };
}
