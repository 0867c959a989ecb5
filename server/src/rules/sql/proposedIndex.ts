import type { Node } from "libpg-query";
import { as, columnFields, names, quoteIdentifier, walk, type SqlStatement, type TableName } from "../../sql/index.js";
import type { Span } from "#protocol/place";
import { expressionSpan, nameSpan } from "./extent.js";

/** Functions that give the same for the same arguments whatever the session's settings are: those that an index may hold. */
const immutable = new Set(
  (
    "lower upper initcap trim btrim ltrim rtrim left right substr substring replace md5 reverse abs round floor ceil ceiling trunc " +
    "overlay position strpos length char_length"
  ).split(" "),
);
const operators = new Set(["+", "-", "*", "/", "||", "->", "->>", "#>", "#>>"]);
/** Types whose text does not depend on a setting. */
const steadyTypes = /^(text|character|character varying|varchar|citext|smallint|integer|bigint|numeric|boolean|uuid)\b/;
const dated = /^(date|time|interval|money|json|xml|bytea)/;

/**
 * An expression as a key of an index: its columns lose their qualifiers, which an index has no use for. Undefined where an index
 * cannot hold it: parameters, subqueries, what depends on a setting of the session.
 * @param typeOf the type of a column, where it is known
 */
export function indexKey(statement: SqlStatement, node: Node, typeOf: (column: string) => string | undefined): string | undefined {
  const column = columnFields(as(node, "ColumnRef")?.fields)?.at(-1);
  if (column !== undefined) return quoteIdentifier(column);
  const span = isSteady(node, typeOf) ? expressionSpan(statement, node) : undefined;
  const text = span && unqualified(statement, node, span);
  if (text === undefined) return undefined;
  return as(node, "FuncCall") || as(node, "CoalesceExpr") ? text : `(${text})`;
}

/** The statement that makes an index, in the marks that messages put around code. */
export function createIndex(table: TableName, keys: readonly string[], method?: string): string {
  const name = [table.schema, table.name].flatMap((part) => (part === undefined ? [] : [quoteIdentifier(part)])).join(".");
  return `\`CREATE INDEX ON ${name} ${method === undefined ? "" : `USING ${method} `}(${keys.join(", ")})\``;
}

function isSteady(node: Node, typeOf: (column: string) => string | undefined): boolean {
  let steady = true;
  const refuse = (): false => (steady = false);
  walk([node], (visit): boolean | void => {
    switch (visit.tag) {
      case "FuncCall":
        return immutable.has(names(visit.node.funcname).at(-1) ?? "") || refuse();
      case "A_Expr":
        return operators.has(names(visit.node.name).at(-1) ?? "") || refuse();
      case "TypeCast":
        return isSteadyCast(visit.node.arg, typeOf) || refuse();
      case "ColumnRef":
        // Calculations with moments depend on the time zone.
        if (visit.parent?.tag === "A_Expr" && dated.test(withoutJson(typeOf(columnFields(visit.node.fields)?.at(-1) ?? ""))))
          return refuse();
        return;
      case "ParamRef":
      case "SubLink":
      case "SQLValueFunction":
      case "CaseExpr":
        return refuse();
      default:
        return;
    }
  });
  return steady;
}
const withoutJson = (type: string | undefined): string => (type?.startsWith("json") ? "" : (type ?? ""));

function isSteadyCast(argument: Node | undefined, typeOf: (column: string) => string | undefined): boolean {
  if (argument && as(argument, "A_Const")) return true;
  const column = argument && columnFields(as(argument, "ColumnRef")?.fields)?.at(-1);
  return column !== undefined && steadyTypes.test(typeOf(column) ?? "");
}

/** The text of an expression with each column by its name alone. */
function unqualified(statement: SqlStatement, node: Node, span: Span): string | undefined {
  const columns: { span: Span; name: string }[] = [];
  let complete = true;
  walk([node], ({ tag, node: found }) => {
    if (tag !== "ColumnRef") return;
    const name = columnFields(found.fields)?.at(-1);
    const at = nameSpan(statement, statement.at(found.location));
    if (name === undefined || !at) complete = false;
    else columns.push({ span: at, name });
  });
  if (!complete) return undefined;
  let text = "";
  let from = span.start;
  for (const column of columns.sort((a, b) => a.span.start - b.span.start)) {
    text += statement.text.slice(from, column.span.start) + quoteIdentifier(column.name);
    from = column.span.end;
  }
  return (text + statement.text.slice(from, span.end)).replaceAll(/\s+/g, " ");
}
