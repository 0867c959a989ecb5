import type { Node } from "libpg-query";
import { parseSql } from "../parse.js";
import { as, names } from "../tree.js";
import { sideKind } from "./columns.js";
import { typeName } from "./parameters.js";

const textTypes = new Set(["text", "varchar", "bpchar"]);

/**
 * An expression without what may differ between two spellings of it: places, qualifiers, casts between the text types that the server
 * prints and nobody writes, `date(x)` for `x::date`. Equal shapes over one table mean equal expressions.
 */
export function expressionShape(node: Node): string {
  return JSON.stringify(simplify(node));
}

/** The shape of an expression's text, as an index definition has it; undefined where it does not parse. */
export function expressionShapeOf(text: string): string | undefined {
  const value = expressionOf(text);
  return value && expressionShape(value);
}

/** Whether an expression's text, a column's default say, is a literal. */
export function isConstant(text: string): boolean {
  const value = expressionOf(text);
  return value !== undefined && sideKind(value) === "constant";
}

function expressionOf(text: string): Node | undefined {
  const parsed = parseSql(`SELECT ${text}`);
  const select = parsed.ok ? parsed.tree.stmts?.[0]?.stmt : undefined;
  const [target] = (select && as(select, "SelectStmt")?.targetList) ?? [];
  return target && as(target, "ResTarget")?.val;
}

function simplify(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplify);
  if (typeof value !== "object" || value === null) return value;
  const node = value as Node;
  const column = as(node, "ColumnRef");
  if (column) return { column: names(column.fields).at(-1) };
  const cast = as(node, "TypeCast");
  if (cast?.arg) {
    const type = typeName(cast.typeName?.names);
    return textTypes.has(type) ? simplify(cast.arg) : { cast: simplify(cast.arg), type };
  }
  const call = as(node, "FuncCall");
  const [only] = call?.args ?? [];
  if (call && only && call.args?.length === 1 && names(call.funcname).at(-1) === "date") return { cast: simplify(only), type: "date" };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "location" && key !== "funcformat" && key !== "rexpr_list_start" && key !== "rexpr_list_end")
      .map(([key, child]) => [key, simplify(child)]),
  );
}
