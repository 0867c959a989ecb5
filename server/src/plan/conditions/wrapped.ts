import { isObject, type Json } from "../json.js";
import { parseCondition, syntaxNode, syntaxNodes, type SyntaxNode } from "./parse.js";
import { columnOf, columnsIn, typeNameOf, type ColumnName } from "./predicates.js";

/** One conjunct that compares something made of a column, which the column's own index cannot serve. */
export interface WrappedColumn {
  readonly kind: "function" | "cast" | "arithmetic";
  readonly column: ColumnName;
  /** The function's, the type's or the operator's name. */
  readonly by: string;
  /** `lower(email)`, where it can be written that shortly. */
  readonly expression?: string;
}

/** Comparisons with what does not come from a table: `lower(email) = 'x'`, `(id)::text = '5'`, `(a + 1) > 3`. Empty where the text cannot be read. */
export function wrappedColumns(condition: string): readonly WrappedColumn[] {
  const node = parseCondition(condition);
  return node ? conjunctsOf(node).flatMap((conjunct) => wrapped(conjunct) ?? []) : [];
}

function conjunctsOf(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.kind !== "BoolExpr" || node.fields["boolop"] !== "AND_EXPR") return [node];
  return syntaxNodes(node.fields["args"]).flatMap(conjunctsOf);
}

const served = new Set(["=", "<", "<=", ">", ">="]);

function wrapped({ kind, fields }: SyntaxNode): WrappedColumn | undefined {
  if (kind !== "A_Expr" || !served.has(nameOf(fields["name"]))) return undefined;
  if (fields["kind"] !== "AEXPR_OP" && fields["kind"] !== "AEXPR_OP_ANY") return undefined;
  const left = syntaxNode(fields["lexpr"]);
  const right = syntaxNode(fields["rexpr"]);
  if (!left || !right) return undefined;
  if (isConstant(right)) return wrapping(left);
  return isConstant(left) ? wrapping(right) : undefined;
}

const isConstant = (node: SyntaxNode): boolean => columnsIn({ [node.kind]: node.fields }).length === 0;

function wrapping(node: SyntaxNode): WrappedColumn | undefined {
  const [column, more] = columnsIn({ [node.kind]: node.fields });
  if (!column || more) return undefined;
  if (node.kind === "FuncCall") return call(node, column);
  if (node.kind === "TypeCast") return cast(node, column);
  if (node.kind === "A_Expr" && node.fields["kind"] === "AEXPR_OP") return { kind: "arithmetic", column, by: nameOf(node.fields["name"]) };
  return undefined;
}

function call(node: SyntaxNode, column: ColumnName): WrappedColumn {
  const by = nameOf(node.fields["funcname"]);
  const parts = syntaxNodes(node.fields["args"]);
  const short = parts.length === 1 && parts[0] && columnOf(parts[0]) !== undefined;
  return { kind: "function", column, by, ...(short ? { expression: `${by}(${column.column})` } : {}) };
}

function cast(node: SyntaxNode, column: ColumnName): WrappedColumn | undefined {
  const inner = syntaxNode(node.fields["arg"]);
  const by = typeNameOf(node.fields["typeName"]);
  // A cast around a function or a sum is written by the planner to compare its result: what hides the column is inside.
  return inner?.kind === "ColumnRef" ? { kind: "cast", column, by } : inner && wrapping(inner);
}

function nameOf(names: Json | undefined): string {
  const parts = Array.isArray(names) ? (names as readonly Json[]).filter(isObject) : [];
  const last = syntaxNode(parts[parts.length - 1])?.fields["sval"];
  return typeof last === "string" ? last : "";
}
