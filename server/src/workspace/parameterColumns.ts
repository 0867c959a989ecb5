import type { Parameter } from "#protocol/statement";
import { ancestors, as, names, walk, type Node, type NodeOf, type SqlStatement, type Visit } from "../sql/index.js";

type Column = NonNullable<Parameter["column"]>;
interface Known {
  column?: Column;
  sqlType?: string;
}

/** What a statement says about its placeholders: the column that each is compared with or written to, and its type. */
export function parametersOf(statement: SqlStatement): Parameter[] {
  const known = new Map<number, Known>();
  const tables = tablesOf(statement.tree);
  walk(statement.tree, (visit) => {
    if (visit.tag !== "ParamRef") return;
    const position = visit.node.number ?? 0;
    known.set(position, { ...meaningOf(visit, tables), ...known.get(position) });
  });
  return statement.parameters.map(({ position, name }) => ({ position, ...(name === undefined ? {} : { name }), ...known.get(position) }));
}

/** Name in the statement (alias or table) → table. A name that means two tables means none: subqueries may reuse it. */
function tablesOf(tree: Node): ReadonlyMap<string, NodeOf<"RangeVar">> {
  const tables = new Map<string, NodeOf<"RangeVar">>();
  const twice = new Set<string>();
  walk(tree, ({ tag, node }) => {
    if (tag !== "RangeVar") return;
    const name = node.alias?.aliasname ?? node.relname ?? "";
    const other = tables.get(name);
    if (other && (other.relname !== node.relname || other.schemaname !== node.schemaname)) twice.add(name);
    tables.set(name, node);
  });
  for (const name of twice) tables.delete(name);
  return tables;
}

function meaningOf(visit: Visit, tables: ReadonlyMap<string, NodeOf<"RangeVar">>): Known {
  let sqlType: string | undefined;
  for (const above of ancestors(visit)) {
    if (above.tag === "TypeCast") sqlType ??= typeName(above.node);
    else if (above.tag === "A_Expr") return withType(comparedColumn(above.node, tables), sqlType);
    else if (above.tag === "ResTarget") return withType(assignedColumn(above, tables), sqlType);
    else if (above.tag === "SelectStmt") return withType(undefined, sqlType ?? limitType(above, visit));
    // A list of values stands between the placeholder and its comparison; anything else computes, and the column is not what is meant.
    else if (above.tag !== "List" && above.tag !== "A_ArrayExpr") break;
  }
  return withType(undefined, sqlType);
}

function withType(column: Column | undefined, sqlType: string | undefined): Known {
  return { ...(column ? { column } : {}), ...(sqlType === undefined ? {} : { sqlType }) };
}

/** Operators that compare a column with a value of its own type. */
const comparing = new Set(["=", "<>", "!=", "<", ">", "<=", ">=", "~~", "~~*", "BETWEEN", "NOT BETWEEN"]);

function comparedColumn(expression: NodeOf<"A_Expr">, tables: ReadonlyMap<string, NodeOf<"RangeVar">>): Column | undefined {
  if (!comparing.has(names(expression.name).at(-1) ?? "")) return undefined;
  const reference = as(expression.lexpr, "ColumnRef") ?? as(expression.rexpr, "ColumnRef");
  const path = names(reference?.fields);
  const column = path.at(-1);
  if (!column) return undefined;
  const qualifier = path.at(-2);
  const only = tables.size === 1 ? [...tables.values()][0] : undefined;
  return columnOf(qualifier === undefined ? only : tables.get(qualifier), column);
}

/** `UPDATE t SET column = $1`. */
function assignedColumn(target: Visit, tables: ReadonlyMap<string, NodeOf<"RangeVar">>): Column | undefined {
  const statement = target.parent;
  if (target.tag !== "ResTarget" || statement?.tag !== "UpdateStmt" || target.field !== "targetList" || !target.node.name) return undefined;
  const name = statement.node.relation?.alias?.aliasname ?? statement.node.relation?.relname ?? "";
  return columnOf(tables.get(name), target.node.name);
}

function columnOf(table: NodeOf<"RangeVar"> | undefined, column: string): Column | undefined {
  if (!table?.relname) return undefined;
  return { ...(table.schemaname ? { schema: table.schemaname } : {}), table: table.relname, column };
}

function limitType(select: Visit, parameter: Visit): string | undefined {
  return parameter.parent === select && /^limit(Count|Offset)$/.test(parameter.field) ? "bigint" : undefined;
}

function typeName({ typeName }: NodeOf<"TypeCast">): string | undefined {
  const path = names(typeName?.names);
  const name = path.at(-1);
  return name === undefined ? undefined : `${name}${typeName?.arrayBounds?.length ? "[]" : ""}`;
}
