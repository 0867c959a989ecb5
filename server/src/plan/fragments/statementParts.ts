import type { Span } from "#protocol/place";
import { as, fromItems, resolveColumn, Scopes, walk, type ColumnsOf, type Node, type SqlStatement, type Visit } from "../../sql/index.js";
import { conjunctsOf, placesIn, shapeOf, type AliasOf, type Shape } from "./shapes.js";
import { Spans } from "./spans.js";

/** A condition of the statement. */
export interface Part {
  readonly shape: Shape;
  readonly span: Span;
}

/** ORDER BY or GROUP BY; an item of no known shape is undefined. */
export interface PartList {
  readonly shapes: readonly (string | undefined)[];
  readonly span: Span;
}

export interface TablePart {
  readonly visibleName: string;
  readonly name: string;
  readonly schema?: string;
  readonly span: Span;
}

/** What of a statement a plan's nodes can be traced to. */
export interface StatementParts {
  readonly tables: TablePart[];
  /** WITH queries whose name the statement has once. */
  readonly ctes: Map<string, Span>;
  readonly conditions: Part[];
  readonly orders: PartList[];
  readonly groups: PartList[];
  readonly limits: Span[];
}

export function collectParts(statement: SqlStatement, columnsOf: ColumnsOf | undefined): StatementParts {
  const collector = new Collector(statement, columnsOf);
  walk(statement.tree, (visit) => collector.visit(visit));
  return collector.parts;
}

class Collector {
  readonly parts: StatementParts = { tables: [], ctes: new Map(), conditions: [], orders: [], groups: [], limits: [] };
  readonly #spans: Spans;
  readonly #scopes = new Scopes();
  readonly #ctesSeen = new Set<string>();

  constructor(
    private readonly statement: SqlStatement,
    private readonly columnsOf: ColumnsOf | undefined,
  ) {
    this.#spans = new Spans(statement);
  }

  visit(visit: Visit): void {
    switch (visit.tag) {
      case "RangeVar":
        return this.#table(visit);
      case "CommonTableExpr":
        return this.#cte(visit.node.ctename ?? "", visit.node.location);
      case "JoinExpr":
        return this.#conditions(visit.node.quals, this.#aliases(visit));
      case "UpdateStmt":
      case "DeleteStmt":
        return this.#conditions(visit.node.whereClause, this.#aliases(visit));
      case "SelectStmt":
        return this.#select(visit);
      default:
    }
  }

  #select(visit: Extract<Visit, { tag: "SelectStmt" }>): void {
    const { node } = visit;
    const aliases = this.#aliases(visit);
    this.#conditions(node.whereClause, aliases);
    this.#conditions(node.havingClause, aliases);
    const output = (item: Node): Node => outputOf(item, node.targetList) ?? item;
    const keys = (node.sortClause ?? []).flatMap((item) => as(item, "SortBy")?.node ?? []);
    this.#list(this.parts.orders, keys, output, aliases, "ORDER");
    this.#list(this.parts.groups, node.groupClause ?? [], output, aliases, "GROUP");
    const limit = node.limitCount && this.#span(node.limitCount);
    if (limit) this.parts.limits.push(this.#spans.fromKeyword(limit, this.#wordBefore(limit)));
  }

  /** LIMIT and FETCH FIRST are the same to the tree. */
  #wordBefore({ start }: Span): string {
    const words = this.statement.tokens.filter((token) => token.end <= start).map(({ text }) => text.toUpperCase());
    return words.lastIndexOf("FETCH") > words.lastIndexOf("LIMIT") ? "FETCH" : "LIMIT";
  }

  #table({ node }: Extract<Visit, { tag: "RangeVar" }>): void {
    const [relation] = fromItems([{ RangeVar: node }], new Set());
    if (!relation?.table) return;
    const span = this.#spans.table(this.statement.at(node.location), node.alias?.aliasname);
    const { name, schema } = relation.table;
    this.parts.tables.push({ visibleName: relation.visibleName, name, ...(schema === undefined ? {} : { schema }), span });
  }

  #cte(name: string, location: number | undefined): void {
    if (this.#ctesSeen.has(name)) this.parts.ctes.delete(name);
    else this.parts.ctes.set(name, this.#spans.parenthesised(this.statement.at(location)));
    this.#ctesSeen.add(name);
  }

  #conditions(condition: Node | undefined, aliases: AliasOf): void {
    for (const { node, written } of conjunctsOf(condition)) {
      const shape = shapeOf(node, aliases);
      const span = this.#span(written);
      if (shape && span) this.parts.conditions.push({ shape, span });
    }
  }

  #list(into: PartList[], items: readonly Node[], output: (item: Node) => Node, aliases: AliasOf, keyword: string): void {
    const spans = items.flatMap((item) => this.#span(item) ?? []);
    const [first, last] = [spans[0], spans.at(-1)];
    if (!first || !last) return;
    const shapes = items.map((item) => shapeOf(output(item), aliases)?.general);
    into.push({ shapes, span: this.#spans.fromKeyword({ start: first.start, end: last.end }, keyword) });
  }

  #span(node: Node): Span | undefined {
    const places = placesIn(node);
    return places && this.#spans.expression(this.statement.at(places.first), this.statement.at(places.last));
  }

  /** Only tables of this statement's own text: what a view or a subquery hides has other names in the plan. */
  #aliases(visit: Visit): AliasOf {
    const scope = this.#scopes.at(visit);
    return (fields) => {
      const relation = resolveColumn(fields, scope, this.columnsOf);
      return relation && relation.visibleName !== "" ? relation.visibleName : undefined;
    };
  }
}

/** `ORDER BY 2` and `ORDER BY total` mean a column of the output. */
function outputOf(item: Node, targets: readonly Node[] | undefined): Node | undefined {
  const number = as(item, "A_Const")?.ival?.ival;
  if (number !== undefined) return as(targets?.[number - 1], "ResTarget")?.val;
  const fields = as(item, "ColumnRef")?.fields ?? [];
  const name = fields.length === 1 ? as(fields[0], "String")?.sval : undefined;
  if (name === undefined) return undefined;
  const named = (targets ?? []).map((target) => as(target, "ResTarget")).filter((target) => target?.name === name);
  return named.length === 1 ? named[0]?.val : undefined;
}
