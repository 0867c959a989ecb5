import type { Expr } from "../ir.js";

/** `Literal[...]`: the strings inside are values, no code. */
export function isLiteral(expr: Expr): boolean {
  return (expr.kind === "name" ? expr.id : expr.kind === "attribute" ? expr.name : "") === "Literal";
}
