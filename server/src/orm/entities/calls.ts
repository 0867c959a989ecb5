import type { Argument, CallExpr, Expr } from "../../python/index.js";

export const keyword = (call: CallExpr, name: string): Expr | undefined => call.args.find((arg) => arg.name === name)?.value;
export const positional = (call: CallExpr): readonly Expr[] =>
  call.args.filter((arg) => arg.name === undefined && !arg.splat).map((arg) => arg.value);
export const isTrue = (expr: Expr | undefined) => expr?.kind === "constant" && expr.value === true;
export const isFalse = (expr: Expr | undefined) => expr?.kind === "constant" && expr.value === false;
export const stringOf = (expr: Expr | undefined): string | undefined => (expr?.kind === "string" && !expr.bytes ? expr.value : undefined);
export const numberOf = (expr: Expr | undefined): number | undefined => (expr?.kind === "number" ? Number(expr.text) : undefined);

/** A constant dict's entries as keyword arguments: `sa_relationship_kwargs={"lazy": "selectin"}`. */
export function asArguments(expr: Expr | undefined): readonly Argument[] {
  if (expr?.kind === "call" && expr.callee.kind === "name" && expr.callee.id === "dict") return expr.args;
  if (expr?.kind !== "dict") return [];
  return expr.entries.flatMap(({ key, value }) => (key?.kind === "string" ? [{ name: key.value, value }] : []));
}
