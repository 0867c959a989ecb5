/** Where the type of an argument can be found without having the server analyse the text. Anything else has no shape. */
export type Shape =
  | { readonly is: "type"; readonly oid: number }
  | { readonly is: "cast"; readonly name: readonly string[] }
  | { readonly is: "column"; readonly name: string }
  | { readonly is: "call"; readonly name: readonly string[]; readonly arguments: readonly Shape[] };

type Tree = { readonly [key: string]: unknown };

const integer = 23;
const bigint = 20;
const numeric = 1700;
const boolean = 16;

/** Calls within calls are followed so deep: each level is looked at from all levels above it. */
const deepest = 4;

function shapeOf(node: unknown, depth: number): Shape | undefined {
  if (typeof node !== "object" || node === null || depth > deepest) return undefined;
  const [kind, tree] = (Object.entries(node)[0] ?? ["", {}]) as [string, Tree];
  switch (kind) {
    case "A_Const":
      return constant(tree);
    case "TypeCast":
      return cast(tree.typeName as Tree | undefined);
    case "CollateClause":
      return shapeOf(tree.arg, depth + 1);
    case "ColumnRef":
      return column(tree.fields);
    case "FuncCall":
      return call(tree, depth);
    default:
      return undefined;
  }
}

/** Of all arguments of a call; undefined where one of them has none, is named, or stands elsewhere than between the brackets. */
export function shapesOf(tree: Tree, depth = 0): Shape[] | undefined {
  if (tree.func_variadic || tree.agg_within_group || tree.agg_star) return undefined;
  const list = Array.isArray(tree.args) ? tree.args : [];
  const shapes = list.map((node) => shapeOf(node, depth + 1));
  return shapes.every((shape) => shape !== undefined) ? shapes : undefined;
}

function call(tree: Tree, depth: number): Shape | undefined {
  const name = words(tree.funcname);
  const shapes = shapesOf(tree, depth);
  return name && shapes && { is: "call", name, arguments: shapes };
}

function column(fields: unknown): Shape | undefined {
  const name = words(fields)?.at(-1);
  return name === undefined ? undefined : { is: "column", name };
}

function cast(type: Tree | undefined): Shape | undefined {
  const name = words(type?.names);
  return !name || type?.arrayBounds || type?.setof || type?.pct_type ? undefined : { is: "cast", name };
}

function constant(tree: Tree): Shape | undefined {
  if ("ival" in tree) return { is: "type", oid: integer };
  if ("boolval" in tree) return { is: "type", oid: boolean };
  const digits = (tree.fval as { fval?: string } | undefined)?.fval;
  if (digits === undefined || !/^-?[0-9.]+$/.test(digits)) return undefined;
  if (digits.includes(".")) return { is: "type", oid: numeric };
  const value = BigInt(digits);
  return { is: "type", oid: BigInt.asIntN(64, value) === value ? bigint : numeric };
}

/** All of them, or none: a star or a subscript among them is no name. */
function words(list: unknown): string[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const found = list.flatMap((item: { String?: { sval?: string } }) => (item.String?.sval === undefined ? [] : [item.String.sval]));
  return found.length === list.length && found.length > 0 ? found : undefined;
}

/** Columns that have no name in the text and get one from the grammar. */
const givenNames = new Set(
  `case coalesce greatest least exists array row nullif grouping xmlconcat xmlelement xmlforest xmlparse xmlpi xmlroot xmlserialize merge_action
   current_date current_time current_timestamp localtime localtimestamp current_role current_user user session_user current_catalog current_schema
   json_scalar json_serialize json_object json_array json_objectagg json_arrayagg json_exists json_query json_value json timezone bool`.split(
    /\s+/,
  ),
);

/**
 * Whether a column of this name can only be one of a table that the statement names. Undefined where no name is that clear: set operations give
 * columns another type, functions in FROM and `(row).*` give columns that stand nowhere.
 */
export function clearNames(statement: object): ((name: string) => boolean) | undefined {
  const taken = new Set(givenNames);
  const stack: unknown[] = [statement];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (typeof item === "string") taken.add(item);
    else if (Array.isArray(item)) stack.push(...(item as unknown[]));
    else if (typeof item === "object" && item !== null)
      for (const [key, value] of Object.entries(item)) {
        if (unclear.has(key) || (key === "op" && value !== "SETOP_NONE" && String(value).startsWith("SETOP")) || isStarOfRow(key, value))
          return undefined;
        if (key !== "ColumnRef" && value !== undefined && value !== null) stack.push(value);
      }
  }
  return (name) => !taken.has(name) && !/^(column\d+|\?column\?)$/.test(name);
}

const unclear = new Set(["RangeFunction", "RangeTableFunc", "JsonTable", "MergeStmt"]);

function isStarOfRow(key: string, value: unknown): boolean {
  return key === "indirection" && Array.isArray(value) && value.some((each: object) => "A_Star" in each);
}
