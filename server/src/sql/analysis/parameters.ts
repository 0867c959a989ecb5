import type { Parameter } from "#protocol/statement";
import type { SqlStatement } from "../statement.js";
import type { Node } from "libpg-query";
import { as, names, walk, type Visit } from "../tree.js";
import { columnFields, resolveColumn, Scopes, type ColumnsOf } from "./scopes.js";

/** Operators that compare a column with a value of its own kind; arithmetic says nothing about the value. */
const comparing = new Set(["=", "<>", "<", ">", "<=", ">=", "~~", "!~~", "~~*", "!~~*", "BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC"]);

type Hint = Pick<Parameter, "column" | "comparison" | "sqlType" | "many">;

/** What each `$n` is: its name, the column it is compared with or written to, and the type that the text gives it. */
export function parametersOf(statement: SqlStatement, columnsOf?: ColumnsOf): Parameter[] {
  const scopes = new Scopes();
  const hints = new Map<number, Hint>();
  const lists = new Set(statement.parameters.flatMap(({ position, list }) => (list ? [position] : [])));
  walk(statement.tree, (visit) => {
    if (visit.tag !== "ParamRef" || visit.node.number === undefined) return;
    hints.set(visit.node.number, { ...hintOf(visit, scopes, columnsOf, lists.has(visit.node.number)), ...hints.get(visit.node.number) });
  });
  return statement.parameters.map(({ position, name }) => ({ position, ...(name === undefined ? {} : { name }), ...hints.get(position) }));
}

function hintOf(visit: Visit, scopes: Scopes, columnsOf: ColumnsOf | undefined, isList: boolean): Hint {
  const hint: Hint = {};
  let here = visit;
  for (let above = visit.parent; above; above = here.parent) {
    if (above.tag === "TypeCast") {
      hint.sqlType ??= typeName(above.node.typeName?.names);
      if (above.node.typeName?.arrayBounds) {
        hint.many = "array";
        hint.sqlType = `${typeName(above.node.typeName.names)}[]`;
      }
    } else if (above.tag !== "List" && above.tag !== "A_ArrayExpr" && above.tag !== "CollateClause") {
      return { ...hint, ...columnBeside(here, above, scopes, columnsOf), ...manyOf(here, above, isList), ...limitType(here, above, hint) };
    }
    // A list of an IN stays below its comparison; a list of VALUES has a column of its own for each place.
    if (above.tag === "List" && above.field === "valuesLists") return { ...hint, ...insertedColumn(here, above) };
    here = above;
  }
  return hint;
}

/** `IN %s` is a list; the right side of ANY and ALL is an array, unless the text writes its elements. */
function manyOf(here: Visit, above: Visit, isList: boolean): Pick<Hint, "many"> {
  if (above.tag !== "A_Expr" || here.field !== "rexpr") return {};
  const { kind } = above.node;
  if (kind === "AEXPR_IN") return isList ? { many: "list" } : {};
  return (kind === "AEXPR_OP_ANY" || kind === "AEXPR_OP_ALL") && here.tag !== "A_ArrayExpr" ? { many: "array" } : {};
}

function limitType(here: Visit, above: Visit, hint: Hint): Hint {
  const limits = above.tag === "SelectStmt" && (here.field === "limitCount" || here.field === "limitOffset");
  return limits && !hint.sqlType ? { sqlType: "bigint" } : {};
}

function columnBeside(here: Visit, above: Visit, scopes: Scopes, columnsOf: ColumnsOf | undefined): Pick<Hint, "column" | "comparison"> {
  if (above.tag === "A_Expr") {
    const operator = names(above.node.name).at(-1) ?? "";
    if (!comparing.has(operator)) return {};
    const onRight = here.field !== "lexpr";
    const other = onRight ? above.node.lexpr : above.node.rexpr;
    const column = other && tableColumn(other, above, scopes, columnsOf);
    return column ? { column, comparison: onRight ? operator : (flipped.get(operator) ?? operator) } : {};
  }
  if (above.tag === "ResTarget" && above.node.name && above.parent?.tag === "UpdateStmt") {
    const { relname, schemaname } = above.parent.node.relation ?? {};
    return relname ? { column: { ...(schemaname ? { schema: schemaname } : {}), table: relname, column: above.node.name } } : {};
  }
  return {};
}

const flipped = new Map([
  ["<", ">"],
  [">", "<"],
  ["<=", ">="],
  [">=", "<="],
]);

function tableColumn(node: Node, at: Visit, scopes: Scopes, columnsOf: ColumnsOf | undefined): Hint["column"] {
  const inner = as(node, "TypeCast")?.arg;
  if (inner) return tableColumn(inner, at, scopes, columnsOf);
  const fields = columnFields(as(node, "ColumnRef")?.fields);
  if (!fields) return undefined;
  const relation = resolveColumn(fields, scopes.at(at), columnsOf);
  if (relation?.kind !== "table" || !relation.table) return undefined;
  const { schema, name } = relation.table;
  return { ...(schema ? { schema } : {}), table: name, column: fields.at(-1) ?? "" };
}

/** `INSERT INTO t (a, b) VALUES ($1, $2)`: by position, where the columns are named. */
function insertedColumn(value: Visit, row: Visit): Hint {
  const insert = row.parent?.parent;
  if (row.tag !== "List" || insert?.tag !== "InsertStmt" || !insert.node.cols) return {};
  const index = (row.node.items ?? []).findIndex((item) => Object.values(item)[0] === value.node);
  const target = insert.node.cols[index];
  const column = target && as(target, "ResTarget")?.name;
  const { relname, schemaname } = insert.node.relation ?? {};
  return column && relname ? { column: { ...(schemaname ? { schema: schemaname } : {}), table: relname, column } } : {};
}

/** `pg_catalog.int4` → `int4`. */
export function typeName(parts: readonly Node[] | undefined): string {
  const words = names(parts);
  return (words[0] === "pg_catalog" ? words.slice(1) : words).join(".");
}
