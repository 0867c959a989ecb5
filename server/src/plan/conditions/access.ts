import type { Plan, PlanNode } from "#protocol/plan";
import { syntaxNode } from "./parse.js";
import { parseExpression, parseSortKey } from "./parse.js";
import { columnsIn, predicatesOf, type ColumnName, type Predicate } from "./predicates.js";

export interface SortColumn {
  readonly column: string;
  readonly descending: boolean;
  /** Only where it differs from the direction's default (NULLS LAST ascending, FIRST descending). */
  readonly nulls?: "first" | "last";
}

/** One table as one scan of a plan reads it, with everything that an index on it could serve. */
export interface TableAccess {
  readonly node: PlanNode;
  readonly schema?: string;
  readonly table: string;
  readonly alias: string;
  readonly predicates: readonly Predicate[];
  /** Columns compared for equality with another table's. */
  readonly joined: readonly string[];
  /** The order that is wanted of this table's rows, where all of it comes from this table. */
  readonly sort: readonly SortColumn[];
  /** All columns that the statement needs of the table; undefined where the plan doesn't tell (no VERBOSE). */
  readonly columns?: readonly string[];
}

const conditionKeys = ["Index Cond", "Recheck Cond", "Filter", "Order By", "TID Cond"];
const joinKeys = ["Hash Cond", "Merge Cond", "Join Filter"];

/** Every scan of a table with its conditions, joins and sort, read with PostgreSQL's parser. */
export function tableAccesses(plan: Plan): readonly TableAccess[] {
  const byId = new Map(plan.nodes.map((node) => [node.id, node]));
  const scans = plan.nodes.filter((node) => node.relation !== undefined && node.type.endsWith("Scan"));
  const joins = plan.nodes.flatMap((node) => conditions(node, joinKeys)).flatMap(predicatesOf);
  return scans.map((node) => {
    const alias = node.alias ?? node.relation ?? "";
    const own = withBitmaps(node, byId)
      .flatMap((part) => conditions(part, conditionKeys))
      .flatMap(predicatesOf);
    const table = { node, schema: node.schema, table: node.relation ?? "", alias };
    return {
      ...table,
      predicates: dedupe(own.filter((predicate) => predicate.kind !== "join")),
      joined: joinedColumns([...joins, ...own], alias, scans.length === 1),
      sort: sortOf(node, alias, byId, scans.length === 1),
      columns: outputColumns(node, alias, own),
    };
  });
}

function withBitmaps(node: PlanNode, byId: ReadonlyMap<string, PlanNode>): readonly PlanNode[] {
  const found = [node];
  for (const part of found)
    found.push(...part.children.flatMap((id) => byId.get(id) ?? []).filter(({ type }) => type.startsWith("Bitmap")));
  return found;
}

function conditions(node: PlanNode, keys: readonly string[]): readonly string[] {
  return node.details.filter(({ key }) => keys.includes(key)).map(({ value }) => value);
}

function dedupe(predicates: readonly Predicate[]): readonly Predicate[] {
  return [...new Map(predicates.map((predicate) => [JSON.stringify(predicate), predicate])).values()];
}

const belongs = (name: ColumnName, alias: string, alone: boolean): boolean => (name.alias === undefined ? alone : name.alias === alias);

function joinedColumns(predicates: readonly Predicate[], alias: string, alone: boolean): readonly string[] {
  const columns = predicates.flatMap((predicate) => {
    if (predicate.kind !== "join" || predicate.operator !== "=") return [];
    const [left, right] = [belongs(predicate.left, alias, alone), belongs(predicate.right, alias, alone)];
    if (left === right) return [];
    return [left ? predicate.left.column : predicate.right.column];
  });
  return [...new Set(columns)];
}

/** The nearest Sort above, as long as nothing in between changes the order's meaning for this table. */
function sortOf(node: PlanNode, alias: string, byId: ReadonlyMap<string, PlanNode>, alone: boolean): readonly SortColumn[] {
  for (let at = byId.get(node.parent ?? ""); at; at = byId.get(at.parent ?? "")) {
    if (at.type === "Sort" || at.type === "Incremental Sort") return sortColumns(at, alias, alone);
    if (at.type === "Aggregate" || at.type === "SetOp" || at.type === "Recursive Union") return [];
  }
  return [];
}

function sortColumns(sort: PlanNode, alias: string, alone: boolean): readonly SortColumn[] {
  const keys = splitKeys(sort.details.find(({ key }) => key === "Sort Key")?.value ?? "");
  const columns: SortColumn[] = [];
  for (const key of keys) {
    const column = sortColumn(key, alias, alone);
    if (!column) return [];
    columns.push(column);
  }
  return columns;
}

function sortColumn(key: string, alias: string, alone: boolean): SortColumn | undefined {
  const parsed = parseSortKey(key);
  const node = syntaxNode(parsed?.["node"]);
  const [name, more] = node?.kind === "ColumnRef" ? columnsIn({ [node.kind]: node.fields }) : [];
  if (!parsed || !name || more || !belongs(name, alias, alone)) return undefined;
  const descending = parsed["sortby_dir"] === "SORTBY_DESC";
  const nulls = parsed["sortby_nulls"];
  const unusual = nulls === (descending ? "SORTBY_NULLS_LAST" : "SORTBY_NULLS_FIRST");
  return { column: name.column, descending, ...(unusual ? { nulls: descending ? ("last" as const) : ("first" as const) } : {}) };
}

/** Details join lists with ", ": split where no parenthesis or quote is open. */
export function splitKeys(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote: string | undefined;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? "";
    if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === "(" || character === "[") depth++;
    else if (character === ")" || character === "]") depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  return [...parts, text.slice(start).trim()].filter((part) => part !== "");
}

function outputColumns(node: PlanNode, alias: string, own: readonly Predicate[]): readonly string[] | undefined {
  const output = node.details.find(({ key }) => key === "Output")?.value;
  if (output === undefined) return undefined;
  const names = splitKeys(output).flatMap((item) => {
    const expression = parseExpression(item);
    return expression ? columnsIn({ [expression.kind]: expression.fields }) : [];
  });
  const compared = own.flatMap(namesIn);
  return [...new Set([...names, ...compared].filter((name) => belongs(name, alias, true)).map((name) => name.column))];
}

function namesIn(predicate: Predicate): readonly ColumnName[] {
  switch (predicate.kind) {
    case "join":
      return [predicate.left, predicate.right];
    case "or":
      return predicate.branches.flat().flatMap(namesIn);
    case "other":
      return predicate.columns;
    default:
      return [predicate.column];
  }
}
