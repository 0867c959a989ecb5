import type { Sql } from "./ir.js";

const straight = new Set(["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "IS", "IS NOT"]);

/** Whether SQLAlchemy can tell in Python which of its objects meet a condition: else it asks for the keys of what was changed. */
export function isEvaluable(sql: Sql): boolean {
  switch (sql.kind) {
    case "column":
    case "bind":
    case "constant":
      return true;
    case "operator":
      return sql.form === undefined && straight.has(sql.op) && sql.items.every(isEvaluable);
    case "boolean":
      return sql.items.every(isEvaluable);
    case "not":
      return isEvaluable(sql.item);
    case "inList":
      return isEvaluable(sql.item) && Array.isArray(sql.list) && (sql.list as readonly Sql[]).every(isEvaluable);
    default:
      return false;
  }
}
