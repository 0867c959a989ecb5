import type { SqlStatement } from "../statement.js";
import type { Node } from "libpg-query";
import { ancestors, as, names, walk, type Visit } from "../tree.js";
import { columnFields, resolveColumn, Scopes, type ColumnsOf, type Relation, type Scope, type TableName } from "./scopes.js";

export type ColumnRole = "predicate" | "join" | "sort" | "group" | "output" | "set" | "other";

/** One mention of a column. */
export interface ColumnUse {
  readonly column: string;
  /** Where it is clear which table is meant. */
  readonly table?: TableName;
  readonly relation?: Relation;
  readonly role: ColumnRole;
  /** The comparison that it stands in directly: `=`, `<`, `~~` (LIKE), `IN`, `IS NULL` ... */
  readonly operator?: string;
  /** What it is compared with. */
  readonly against?: "parameter" | "constant" | "column" | "expression";
  readonly descending?: boolean;
  /** Offset in the statement's text. */
  readonly offset: number;
}

/** Every column reference of the statement with what is done with it. */
export function columnUses(statement: SqlStatement, columnsOf?: ColumnsOf): ColumnUse[] {
  const scopes = new Scopes();
  const uses: ColumnUse[] = [];
  walk(statement.tree, (visit) => {
    if (visit.tag !== "ColumnRef") return;
    const fields = columnFields(visit.node.fields);
    const scope = scopes.at(visit);
    const role = roleOf(visit);
    if (!fields || isOutputName(fields, role, scope)) return;
    const relation = resolveColumn(fields, scope, columnsOf);
    uses.push({
      column: fields.at(-1) ?? "",
      ...(relation ? { relation } : {}),
      ...(relation?.kind === "table" && relation.table ? { table: relation.table } : {}),
      role,
      ...comparisonOf(visit),
      ...(visit.parent?.tag === "SortBy" ? { descending: visit.parent.node.sortby_dir === "SORTBY_DESC" } : {}),
      offset: statement.at(visit.node.location),
    });
  });
  return uses;
}

function isOutputName(fields: readonly string[], role: ColumnRole, scope: Scope | undefined): boolean {
  return fields.length === 1 && (role === "sort" || role === "group") && (scope?.outputNames.has(fields[0] ?? "") ?? false);
}

const roles: Readonly<Record<string, ColumnRole>> = {
  whereClause: "predicate",
  havingClause: "predicate",
  sortClause: "sort",
  groupClause: "group",
  returningClause: "output",
};

/** Decided by the clause of the innermost statement that holds the reference. */
function roleOf(visit: Visit): ColumnRole {
  let field = visit.field;
  for (const above of ancestors(visit)) {
    if (above.tag === "JoinExpr" && field === "quals") return "join";
    if (above.tag === "ResTarget" && (above.parent?.tag === "UpdateStmt" || above.parent?.tag === "OnConflictClause")) return "set";
    if (above.tag === "SelectStmt" && field === "targetList") return "output";
    if (["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"].includes(above.tag)) {
      if (above.tag === "MergeStmt" && field === "joinCondition") return "join";
      return roles[field] ?? "other";
    }
    field = above.field;
  }
  return "other";
}

function comparisonOf(visit: Visit): Pick<ColumnUse, "operator" | "against"> {
  const { parent, field } = visit;
  if (parent?.tag === "NullTest") return { operator: parent.node.nulltesttype === "IS_NULL" ? "IS NULL" : "IS NOT NULL" };
  if (parent?.tag !== "A_Expr") return {};
  const other = field === "lexpr" ? parent.node.rexpr : parent.node.lexpr;
  return { operator: operatorOf(parent.node), ...(other ? { against: sideKind(other) } : {}) };
}

/** The operator's name; IN and BETWEEN by their words. */
export function operatorOf(expression: { kind?: string; name?: Node[] }): string {
  const name = names(expression.name).at(-1) ?? "";
  if (expression.kind === "AEXPR_IN") return name === "<>" ? "NOT IN" : "IN";
  return name;
}

/** What one side of a comparison is, casts aside. */
export function sideKind(node: Node): NonNullable<ColumnUse["against"]> {
  const list = as(node, "List")?.items ?? as(node, "A_ArrayExpr")?.elements;
  if (list) {
    const kinds = new Set(list.map(sideKind));
    return kinds.size === 1 ? ([...kinds][0] ?? "expression") : kinds.has("column") || kinds.has("expression") ? "expression" : "parameter";
  }
  const cast = as(node, "TypeCast");
  if (cast?.arg) return sideKind(cast.arg);
  if (as(node, "ParamRef")) return "parameter";
  if (as(node, "A_Const")) return "constant";
  return as(node, "ColumnRef") ? "column" : "expression";
}
