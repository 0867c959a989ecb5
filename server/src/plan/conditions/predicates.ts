import { isObject, type Json, type JsonObject } from "../json.js";
import { parseCondition, syntaxNode, syntaxNodes, type SyntaxNode } from "./parse.js";

export interface ColumnName {
  /** Absent where the plan has only one table. */
  readonly alias?: string;
  readonly column: string;
  /** Type to which the column is cast before it is compared; the column's own index then serves only binary-compatible casts. */
  readonly castTo?: string;
}

export type Comparand =
  { readonly kind: "constant"; readonly text: string } | { readonly kind: "parameter" } | { readonly kind: "expression" };

/** One conjunct, as far as an index can serve it. */
export type Predicate =
  | { readonly kind: "equality"; readonly column: ColumnName; readonly value: Comparand }
  | { readonly kind: "any"; readonly column: ColumnName }
  | { readonly kind: "range"; readonly column: ColumnName }
  | { readonly kind: "prefix"; readonly column: ColumnName }
  | { readonly kind: "null"; readonly column: ColumnName; readonly negated: boolean }
  | { readonly kind: "boolean"; readonly column: ColumnName; readonly value: boolean }
  | { readonly kind: "join"; readonly left: ColumnName; readonly right: ColumnName; readonly operator: string }
  | { readonly kind: "or"; readonly branches: readonly (readonly Predicate[])[] }
  | { readonly kind: "other"; readonly columns: readonly ColumnName[] };

/** The conjuncts of a condition of EXPLAIN; empty where it cannot be read. */
export function predicatesOf(condition: string): readonly Predicate[] {
  const node = parseCondition(condition);
  return node ? conjuncts(node) : [];
}

function conjuncts(node: SyntaxNode): readonly Predicate[] {
  if (node.kind === "BoolExpr" && node.fields["boolop"] === "AND_EXPR") return syntaxNodes(node.fields["args"]).flatMap(conjuncts);
  return [predicate(node)];
}

function predicate(node: SyntaxNode): Predicate {
  return comparison(node) ?? test(node) ?? { kind: "other", columns: columnsIn(node.fields) };
}

function test(node: SyntaxNode): Predicate | undefined {
  const { kind, fields } = node;
  if (kind === "BoolExpr" && fields["boolop"] === "OR_EXPR") return { kind: "or", branches: syntaxNodes(fields["args"]).map(conjuncts) };
  if (kind === "BoolExpr" && fields["boolop"] === "NOT_EXPR") {
    const column = columnOf(syntaxNodes(fields["args"])[0]);
    return column && { kind: "boolean", column, value: false };
  }
  if (kind === "NullTest") {
    const column = columnOf(syntaxNode(fields["arg"]));
    return column && { kind: "null", column, negated: fields["nulltesttype"] === "IS_NOT_NULL" };
  }
  const column = columnOf(node);
  return column && { kind: "boolean", column, value: true };
}

const ranges = new Set(["<", "<=", ">", ">="]);
const mirrored: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" };

function comparison({ kind, fields }: SyntaxNode): Predicate | undefined {
  if (kind !== "A_Expr") return undefined;
  const operator = operatorOf(fields);
  const left = syntaxNode(fields["lexpr"]);
  const right = syntaxNode(fields["rexpr"]);
  if (!left || !right || operator === undefined) return undefined;
  if (fields["kind"] === "AEXPR_OP_ANY") {
    const column = columnOf(left);
    return column && operator === "=" && columnsIn(right.fields).length === 0 ? { kind: "any", column } : undefined;
  }
  return fields["kind"] === "AEXPR_OP" ? (ordered(left, operator, right) ?? ordered(right, mirrored[operator], left)) : undefined;
}

function ordered(left: SyntaxNode, operator: string | undefined, right: SyntaxNode): Predicate | undefined {
  const column = columnOf(left);
  if (!column || operator === undefined) return undefined;
  const other = columnOf(right);
  if (other) return { kind: "join", left: column, right: other, operator };
  if (columnsIn({ right: { [right.kind]: right.fields } }).length > 0) return undefined;
  if (operator === "=") return { kind: "equality", column, value: comparand(right) };
  if (ranges.has(operator)) return { kind: "range", column };
  return operator === "~~" && startsWithText(comparand(right)) ? { kind: "prefix", column } : undefined;
}

function startsWithText(value: Comparand): boolean {
  return value.kind === "constant" && value.text !== "" && !value.text.startsWith("%") && !value.text.startsWith("_");
}

function operatorOf(fields: JsonObject): string | undefined {
  const names = syntaxNodes(fields["name"]);
  const name = names[names.length - 1]?.fields["sval"];
  return typeof name === "string" ? name : undefined;
}

/** A bare column, or one under a cast. */
export function columnOf(node: SyntaxNode | undefined): ColumnName | undefined {
  if (node?.kind === "TypeCast") {
    const column = columnOf(syntaxNode(node.fields["arg"]));
    return column && { ...column, castTo: typeNameOf(node.fields["typeName"]) };
  }
  if (node?.kind !== "ColumnRef") return undefined;
  const names = syntaxNodes(node.fields["fields"]).map(({ fields }) => fields["sval"]);
  const column = names[names.length - 1];
  const alias = names[names.length - 2];
  if (typeof column !== "string") return undefined;
  return typeof alias === "string" ? { alias, column } : { column };
}

export function typeNameOf(typeName: Json | undefined): string {
  const names = isObject(typeName) ? syntaxNodes(typeName["names"]).map(({ fields }) => fields["sval"]) : [];
  const last = names[names.length - 1];
  return typeof last === "string" ? last : "";
}

function comparand(node: SyntaxNode): Comparand {
  if (node.kind === "TypeCast") {
    const inner = syntaxNode(node.fields["arg"]);
    return inner ? comparand(inner) : { kind: "expression" };
  }
  if (node.kind === "ParamRef") return { kind: "parameter" };
  if (node.kind !== "A_Const") return { kind: "expression" };
  return constant(node.fields);
}

/** libpg_query leaves out what is zero, false or empty: `{ ival: {} }` is 0. */
function constant(fields: JsonObject): Comparand {
  const read = (key: string, inner: string, empty: string): Comparand | undefined => {
    const value = fields[key];
    if (!isObject(value)) return undefined;
    const content = value[inner];
    return { kind: "constant", text: content === undefined ? empty : String(content) };
  };
  return (
    read("sval", "sval", "") ??
    read("ival", "ival", "0") ??
    read("fval", "fval", "0") ??
    read("boolval", "boolval", "false") ?? { kind: "expression" }
  );
}

/** Every column mentioned anywhere below. */
export function columnsIn(value: Json): readonly ColumnName[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(columnsIn);
  if (!isObject(value)) return [];
  const node = syntaxNode(value);
  const own = node?.kind === "ColumnRef" ? columnOf(node) : undefined;
  return own ? [own] : Object.values(value).flatMap(columnsIn);
}
