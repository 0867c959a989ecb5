import type { Span } from "#protocol/place";
import type { Node } from "libpg-query";
import { as, names, typeName, type SqlStatement } from "../../sql/index.js";
import { columnsBelow } from "./conditions.js";
import { callSpan, closingIndex, expressionSpan, nameSpan, tokenIndexAt } from "./extent.js";

/** A column inside something that must be computed for each row. */
export interface WrappedColumn {
  readonly kind: "function" | "cast" | "calculation";
  readonly fields: readonly string[];
  /** Of the statement's text. */
  readonly span: Span;
  /** The function's or type's name. */
  readonly what: string;
  /** The column itself, as written. */
  readonly column: Span;
  /** Nothing but the column is inside, or nothing but the column at a time zone that is named: what else is there would be lost in a rewrite. */
  readonly argument: "column" | { readonly zone: string } | "more";
  /** The column's type is already what the wrapping makes of it. */
  readonly changesNothing: (type: string) => boolean;
}

/** Functions of one column that are compared with plain values. Unknown ones may have operators of their own that indexes know. */
const functions = new Set(
  (
    "lower upper initcap trim btrim ltrim rtrim left right substr substring replace md5 reverse abs round floor ceil ceiling trunc coalesce " +
    "date date_trunc date_part extract to_char to_date to_timestamp concat"
  ).split(" "),
);

export function wrappedColumn(statement: SqlStatement, node: Node): WrappedColumn | undefined {
  return call(statement, node) ?? cast(statement, node) ?? calculation(statement, node);
}

function onlyColumn(statement: SqlStatement, node: Node): { fields: string[]; column: Span } | undefined {
  const columns = columnsBelow(node);
  const [fields] = columns;
  if (!fields || columns.length !== 1) return undefined;
  const location = locationOf(node);
  const column = location === undefined ? undefined : nameSpan(statement, statement.at(location));
  return column && { fields, column };
}

/** Of the first column reference below. */
function locationOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const column = as(value as Node, "ColumnRef");
  if (column) return column.location ?? 0;
  for (const child of Object.values(value)) {
    const found = locationOf(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function call(statement: SqlStatement, node: Node): WrappedColumn | undefined {
  const coalesce = as(node, "CoalesceExpr");
  const found = coalesce ?? as(node, "FuncCall");
  const name = coalesce ? "coalesce" : names(as(node, "FuncCall")?.funcname).at(-1);
  const inner = found && name !== undefined && functions.has(name) ? onlyColumn(statement, node) : undefined;
  const span = found && callSpan(statement, statement.at(found.location));
  if (!inner || !span || name === undefined) return undefined;
  return {
    kind: "function",
    ...inner,
    span,
    what: name,
    argument: argumentOf(as(node, "FuncCall")?.args),
    changesNothing: (type) => name === "date" && type === "date" && argumentOf(as(node, "FuncCall")?.args) === "column",
  };
}

/** `column AT TIME ZONE 'zone'` is a call of timezone('zone', column). */
function argumentOf(args: readonly Node[] | undefined): WrappedColumn["argument"] {
  const [only, ...more] = args ?? [];
  if (!only || more.length > 0) return "more";
  if (as(only, "ColumnRef")) return "column";
  const inner = as(only, "FuncCall");
  if (names(inner?.funcname).at(-1) !== "timezone") return "more";
  const [zone, column] = inner?.args ?? [];
  const named = as(zone, "A_Const")?.sval?.sval;
  return named !== undefined && column && as(column, "ColumnRef") ? { zone: named } : "more";
}

const aliases: Readonly<Record<string, string>> = {
  int4: "integer",
  int8: "bigint",
  int2: "smallint",
  bool: "boolean",
  float8: "double precision",
  float4: "real",
  varchar: "character varying",
  bpchar: "character",
  timestamptz: "timestamp with time zone",
  timestamp: "timestamp without time zone",
};

/** Between these PostgreSQL only relabels; the index still fits. */
const textLike = new Set(["text", "character varying", "varchar"]);

function cast(statement: SqlStatement, node: Node): WrappedColumn | undefined {
  const found = as(node, "TypeCast");
  const inner = found?.arg && as(found.arg, "ColumnRef") ? onlyColumn(statement, found.arg) : undefined;
  const span = found && inner && castSpan(statement, found.location, inner.column);
  if (!inner || !span) return undefined;
  const target = typeName(found.typeName?.names);
  const full = aliases[target] ?? target;
  return {
    kind: "cast",
    ...inner,
    span,
    what: target,
    argument: "column",
    changesNothing: (type) => {
      const bare = type.replace(/\(.*\)/, "");
      return bare === full || bare === target || (textLike.has(bare) && textLike.has(full));
    },
  };
}

/** `column::type` or `CAST(column AS type)`. */
function castSpan(statement: SqlStatement, location: number | undefined, column: Span): Span | undefined {
  const at = tokenIndexAt(statement, statement.at(location));
  if (statement.tokens[at]?.text.toLowerCase() === "cast") {
    const close = closingIndex(statement, at + 1);
    const end = close === undefined ? undefined : statement.tokens[close]?.end;
    return end === undefined ? undefined : { start: statement.tokens[at]?.start ?? 0, end };
  }
  const word = (index: number) => statement.tokens[index]?.text.toLowerCase() ?? "";
  let last = at + 1;
  if (["double", "character"].includes(word(last)) && ["precision", "varying"].includes(word(last + 1))) last++;
  if (word(last + 1) === "(") last = closingIndex(statement, last + 1) ?? last;
  if (["with", "without"].includes(word(last + 1)) && word(last + 2) === "time" && word(last + 3) === "zone") last += 3;
  while (word(last + 1) === "[") last = closingIndex(statement, last + 1) ?? last + 1;
  const end = statement.tokens[last]?.end;
  return end === undefined ? undefined : { start: column.start, end };
}

/** `price * 2`, `created_at + interval '1 day'`: a column and constants, so that the constant could move to the other side. */
function calculation(statement: SqlStatement, node: Node): WrappedColumn | undefined {
  const found = as(node, "A_Expr");
  const operator = names(found?.name).at(-1) ?? "";
  if (!found?.lexpr || !found.rexpr || !["+", "-", "*", "/"].includes(operator)) return undefined;
  const bare = [found.lexpr, found.rexpr].some((side) => as(side, "ColumnRef"));
  const inner = bare ? onlyColumn(statement, node) : undefined;
  const span = inner && expressionSpan(statement, node);
  if (!inner || !span) return undefined;
  return {
    kind: "calculation",
    ...inner,
    span,
    what: operator,
    argument: "more",
    changesNothing: () => false,
  };
}
