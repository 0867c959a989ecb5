import { as, names, type Node, type NodeOf } from "../../sql/index.js";

/** Names the relation that a column belongs to; undefined where that is not certain. */
export type AliasOf = (fields: readonly string[]) => string | undefined;

export interface Shape {
  /** With every value as "?": parameters, and literals that the server prints in another way. */
  readonly general: string;
  /** With the values. */
  readonly exact: string;
}

const mirrored: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>" };

/**
 * An expression in a form in which what a person wrote and what EXPLAIN prints of it are the same: columns under their relation's alias, casts
 * left out, comparisons in one direction, IN and = ANY as one. Undefined where a column's relation is not certain or nothing of a table is in it.
 */
export function shapeOf(node: Node, aliasOf: AliasOf): Shape | undefined {
  try {
    const general = JSON.stringify(new Shaper(aliasOf, false).shape(node));
    if (!general.includes('"column"')) return undefined;
    return { general, exact: JSON.stringify(new Shaper(aliasOf, true).shape(node)) };
  } catch (error) {
    if (error instanceof Uncertain) return undefined;
    throw error;
  }
}

class Uncertain extends Error {}

class Shaper {
  constructor(
    private readonly aliasOf: AliasOf,
    private readonly exact: boolean,
  ) {}

  shape(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.shape(item));
    if (typeof value !== "object" || value === null) return value;
    const node = value as Node;
    const column = as(node, "ColumnRef");
    if (column) return this.#column(names(column.fields));
    const cast = as(node, "TypeCast");
    if (cast?.arg) return this.shape(cast.arg);
    if (as(node, "ParamRef")) return { value: "?" };
    const constant = as(node, "A_Const");
    if (constant) return { value: this.exact ? textOf(constant) : "?" };
    const comparison = as(node, "A_Expr");
    if (comparison) return this.#comparison(comparison);
    const call = as(node, "FuncCall");
    if (call) return { call: names(call.funcname).at(-1), of: this.shape(call.args ?? []), filter: this.shape(call.agg_filter) };
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !ignored.has(key))
        .map(([key, child]) => [key, this.shape(child)]),
    );
  }

  #column(fields: readonly string[]): object {
    const alias = this.aliasOf(fields);
    const column = fields.at(-1);
    if (alias === undefined || !column) throw new Uncertain();
    return { column: `${alias}.${column}` };
  }

  #comparison(node: NodeOf<"A_Expr">): object {
    const operator = names(node.name).at(-1) ?? "";
    const left = this.shape(node.lexpr);
    if (node.kind === "AEXPR_IN" || node.kind === "AEXPR_OP_ANY") return { any: operator, left, values: this.#list(node.rexpr) };
    const right = this.shape(node.rexpr);
    const mirror = mirrored[operator];
    const turned = mirror !== undefined && JSON.stringify(left) > JSON.stringify(right);
    return turned ? { operator: mirror, left: right, right: left } : { operator, left, right };
  }

  /** `IN (1, 2)`, `ANY ('{1,2}')`, `ANY (ARRAY[1, 2])`, `ANY ($1)`: lists of values in general, apart from expressions. */
  #list(node: Node | undefined): unknown {
    const items = node && (as(node, "List")?.items ?? as(node, "A_ArrayExpr")?.elements);
    const shapes = (items ?? (node ? [node] : [])).map((item) => this.shape(item));
    const plain = shapes.every((shape) => typeof shape === "object" && shape !== null && "value" in shape);
    if (!plain) return shapes;
    return { value: this.exact ? shapes.map((shape) => (shape as { value: string }).value).join(",") : "?" };
  }
}

const ignored = new Set(["location", "funcformat", "rexpr_list_start", "rexpr_list_end", "inputcollid"]);

function textOf(constant: object): string {
  const [, value] = Object.entries(constant).find(([key]) => key.endsWith("val") || key === "isnull") ?? [];
  const text = typeof value === "object" && value !== null ? Object.values(value as object)[0] : value;
  // An array's literal has braces around what IN lists one by one.
  return String(text ?? "0").replace(/^\{(.*)\}$/u, "$1");
}

/** One operand of an AND, as it is compared and as it is written: BETWEEN is two comparisons. */
export interface Conjunct {
  readonly node: Node;
  readonly written: Node;
}

/** The operands of an AND, parentheses aside. */
export function conjunctsOf(node: Node | undefined): Conjunct[] {
  if (!node) return [];
  const both = as(node, "BoolExpr");
  if (both?.boolop === "AND_EXPR") return (both.args ?? []).flatMap(conjunctsOf);
  const between = as(node, "A_Expr");
  if (between?.kind !== "AEXPR_BETWEEN") return [{ node, written: node }];
  const [low, high] = as(between.rexpr, "List")?.items ?? [];
  const compare = (name: string, rexpr: Node | undefined): Conjunct => ({
    node: { A_Expr: { ...between, kind: "AEXPR_OP", name: [{ String: { sval: name } }], rexpr } } as Node,
    written: node,
  });
  return [compare(">=", low), compare("<=", high)];
}

/** First and last byte that the tree mentions below a node. */
export function placesIn(node: unknown): { first: number; last: number } | undefined {
  let first = Infinity;
  let last = -1;
  const open: unknown[] = [node];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (key === "location" && typeof child === "number" && child >= 0) {
        first = Math.min(first, child);
        last = Math.max(last, child);
      } else open.push(child);
    }
  }
  return last < 0 ? undefined : { first, last };
}
