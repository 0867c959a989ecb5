import type { SqlFragment } from "#protocol/explained";
import type { Span } from "#protocol/place";
import type { Plan, PlanNode } from "#protocol/plan";
import { parseStatements, type ColumnsOf, type Node, type SqlStatement } from "../../sql/index.js";
import { splitKeys } from "../conditions/access.js";
import { parseCondition, parseExpression, type SyntaxNode } from "../conditions/parse.js";
import { conjunctsOf, shapeOf, type Shape } from "./shapes.js";
import { collectParts, type Part, type StatementParts } from "./statementParts.js";

/**
 * Which part of the statement a node comes from: its table, its conditions, its sort and group keys, its LIMIT, its WITH query. Only what is
 * certain: a name that the statement has once, a condition that is written once. Empty where the text does not parse.
 */
export function fragmentsOf(sql: string, plan: Plan, columnsOf?: ColumnsOf): SqlFragment[] {
  const statement = onlyStatement(sql);
  if (!statement) return [];
  const parts = collectParts(statement, columnsOf);
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  const limits = plan.nodes.filter(({ type }) => type === "Limit");
  return plan.nodes.flatMap((node) => {
    const found: SqlFragment[] = [];
    const add = (kind: SqlFragment["kind"], span: Span | undefined) => {
      if (span && !found.some((other) => other.start === span.start && other.end === span.end))
        found.push({ node: node.id, kind, ...span });
    };
    add("relation", relationSpan(node, parts));
    add("with", parts.ctes.get(cteOf(node) ?? ""));
    for (const condition of conditionsOf(node)) {
      const alias = aliasFor(node, nodes, parts);
      for (const conjunct of conjunctsOf(nodeOf(parseCondition(condition))))
        add("condition", only(parts.conditions, shapeOf(conjunct.node, qualified(alias))));
    }
    add("order", listSpan(parts.orders, shapesOfKey(node, "Sort Key", aliasFor(node, nodes, parts)), true));
    add("group", listSpan(parts.groups, shapesOfKey(node, "Group Key", aliasFor(node, nodes, parts)), false));
    if (node.type === "Limit" && limits.length === 1 && parts.limits.length === 1) add("limit", parts.limits[0]);
    return found;
  });
}

function onlyStatement(sql: string): SqlStatement | undefined {
  const { statements } = parseStatements({
    file: "",
    text: sql,
    origin: "text",
    placeholders: [],
    toSource: (offset) => offset,
    scope: "",
  });
  const [statement] = statements;
  if (!statement || statements.length !== 1) return undefined;
  // Where something had to be rewritten, offsets would be of another text.
  return sql.startsWith(statement.text, statement.span.start) && statement.span.start === 0 ? statement : undefined;
}

function relationSpan(node: PlanNode, { tables }: StatementParts): Span | undefined {
  if (node.relation === undefined) return undefined;
  const found = tables.filter(({ visibleName }) => visibleName === (node.alias ?? node.relation));
  const [table] = found;
  const same = table?.name === node.relation && (table.schema === undefined || node.schema === undefined || table.schema === node.schema);
  return found.length === 1 && same ? table.span : undefined;
}

function cteOf(node: PlanNode): string | undefined {
  if (node.subplanName?.startsWith("CTE ")) return node.subplanName.slice(4);
  return node.details.find(({ key }) => key === "CTE Name")?.value;
}

const conditionKeys = new Set([
  "Index Cond",
  "Recheck Cond",
  "Filter",
  "Hash Cond",
  "Merge Cond",
  "Join Filter",
  "TID Cond",
  "One-Time Filter",
]);

function conditionsOf(node: PlanNode): string[] {
  return node.details.filter(({ key }) => conditionKeys.has(key)).map(({ value }) => value);
}

/** What an unqualified column belongs to: the node's own relation, that of the bitmap scan above, or the only one there is. */
function aliasFor(node: PlanNode, nodes: ReadonlyMap<string, PlanNode>, { tables }: StatementParts): string | undefined {
  for (let at: PlanNode | undefined = node; at; at = at.parent === undefined ? undefined : nodes.get(at.parent)) {
    if (at.alias !== undefined) return at.alias;
    if (!at.type.startsWith("Bitmap")) break;
  }
  return tables.length === 1 ? tables[0]?.visibleName : undefined;
}

const qualified =
  (alias: string | undefined) =>
  (fields: readonly string[]): string | undefined =>
    fields.length > 1 ? fields.at(-2) : alias;

/** The one part of that shape; where several look alike, the one with the same values. */
function only(parts: readonly Part[], shape: Shape | undefined): Span | undefined {
  if (!shape) return undefined;
  const alike = parts.filter((part) => part.shape.general === shape.general);
  if (alike.length === 1) return alike[0]?.span;
  const same = alike.filter((part) => part.shape.exact === shape.exact);
  return same.length === 1 ? same[0]?.span : undefined;
}

function shapesOfKey(node: PlanNode, key: string, alias: string | undefined): readonly (string | undefined)[] | undefined {
  const text = node.details.find((detail) => detail.key === key)?.value;
  if (text === undefined) return undefined;
  return splitKeys(text).map((item) => {
    const parsed = nodeOf(parseExpression(withoutDirection(item)));
    return parsed && shapeOf(parsed, qualified(alias))?.general;
  });
}

/** "a DESC NULLS LAST" sorts by a; COLLATE belongs to the expression. */
function withoutDirection(item: string): string {
  for (const suffix of [" NULLS FIRST", " NULLS LAST", " DESC", " ASC"])
    if (item.endsWith(suffix)) return withoutDirection(item.slice(0, -suffix.length));
  return item;
}

function listSpan(
  lists: readonly { readonly shapes: readonly (string | undefined)[]; readonly span: Span }[],
  shapes: readonly (string | undefined)[] | undefined,
  ordered: boolean,
): Span | undefined {
  if (!shapes || shapes.includes(undefined)) return undefined;
  const key = (list: readonly (string | undefined)[]) => (ordered ? [...list] : [...list].sort()).join("\n");
  const found = lists.filter((list) => !list.shapes.includes(undefined) && key(list.shapes) === key(shapes));
  return found.length === 1 ? found[0]?.span : undefined;
}

/** The plan room's own readers know a tree as kind and fields. */
function nodeOf(parsed: SyntaxNode | undefined): Node | undefined {
  return parsed && ({ [parsed.kind]: parsed.fields } as unknown as Node);
}
