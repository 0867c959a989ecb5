import type { ParameterValue } from "#protocol/statement";
import { arrayText } from "#protocol/arrayValue";
import { parseSql } from "../parse.js";

/**
 * The constants that `executed` has where `statement` has placeholders: a driver wrote them into the text. Undefined where the two are not
 * the same statement, or something else than a constant stands in a placeholder's place. Never throws.
 */
export function valuesIn(statement: string, executed: string): Map<number, ParameterValue> | undefined {
  const [one, other] = [parseSql(statement), parseSql(executed)];
  if (!one.ok || !other.ok) return undefined;
  const found = new Map<number, ParameterValue>();
  return matches(one.tree.stmts ?? [], other.tree.stmts ?? [], found) ? found : undefined;
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

function matches(one: unknown, other: unknown, found: Map<number, ParameterValue>): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    if (isOnlyPlaceholder(one)) return matchesList(one[0], other, found);
    return one.length === other.length && one.every((item, at) => matches(item, other[at], found));
  }
  if (!isTree(one) || !isTree(other)) return one === other;
  if (isTree(one.ParamRef)) return take(numberOf(one.ParamRef), constantOf(other), found);
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => !places.has(key));
  return keys.every((key) => matches(one[key], other[key], found));
}

/** Where in the text a node stands, and how long the statement is. */
const places = new Set(["location", "stmt_location", "stmt_len", "list_start", "list_end", "rexpr_list_start", "rexpr_list_end"]);

function isOnlyPlaceholder(items: readonly unknown[]): boolean {
  return items.length === 1 && isTree(items[0]) && isTree(items[0].ParamRef);
}

/** `IN ($1)` of the code is `IN (1, 2, 3)` when it runs. */
function matchesList(placeholder: unknown, items: readonly unknown[], found: Map<number, ParameterValue>): boolean {
  if (items.length === 1) return matches(placeholder, items[0], found);
  const values = items.map(constantOf);
  if (!values.every((value) => value !== undefined)) return false;
  return take(numberOf((placeholder as { ParamRef: Tree }).ParamRef), arrayText(values), found);
}

function take(position: number, value: ParameterValue | undefined, found: Map<number, ParameterValue>): boolean {
  if (value === undefined || (found.has(position) && found.get(position) !== value)) return false;
  found.set(position, value);
  return true;
}

function numberOf(reference: Tree): number {
  return Number(reference.number ?? 0);
}

/** A constant's value as text; casts around it do not matter, and an array of constants is one. */
function constantOf(node: unknown): ParameterValue | undefined {
  if (!isTree(node)) return undefined;
  if (isTree(node.TypeCast)) return constantOf(node.TypeCast.arg);
  if (isTree(node.A_ArrayExpr) && Array.isArray(node.A_ArrayExpr.elements)) {
    const values = node.A_ArrayExpr.elements.map(constantOf);
    return values.every((value) => value !== undefined) ? arrayText(values) : undefined;
  }
  if (!isTree(node.A_Const)) return undefined;
  const { isnull, ival, fval, sval, boolval } = node.A_Const as Record<string, Tree | boolean | undefined>;
  if (isnull === true) return null;
  if (isTree(ival)) return String(ival.ival ?? 0);
  if (isTree(fval)) return String(fval.fval ?? "");
  if (isTree(sval)) return String(sval.sval ?? "");
  if (isTree(boolval)) return boolval.boolval === true ? "true" : "false";
  return undefined;
}
