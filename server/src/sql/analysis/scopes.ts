import type { Node, RangeVar, WithClause } from "libpg-query";
import { ancestors, as, names, type Visit } from "../tree.js";

export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

/** Something that a FROM clause (or UPDATE, DELETE ...) brings into view. */
export interface Relation {
  /** What the columns are qualified with. */
  readonly visibleName: string;
  readonly kind: "table" | "cte" | "subquery" | "function";
  /** For tables and CTEs. */
  readonly table?: TableName;
  readonly location?: number;
}

export interface Scope {
  readonly relations: readonly Relation[];
  readonly parent: Scope | undefined;
  /** Names that an ORDER BY or GROUP BY may mean instead of a column. */
  readonly outputNames: ReadonlySet<string>;
}

/** Column names of a table, where someone knows them. */
export type ColumnsOf = (table: TableName) => ReadonlySet<string> | undefined;

type StatementVisit = Extract<Visit, { tag: "SelectStmt" | "InsertStmt" | "UpdateStmt" | "DeleteStmt" | "MergeStmt" }>;

function isStatement(visit: Visit): visit is StatementVisit {
  return ["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"].includes(visit.tag);
}

/** Which relations are in view at a node. One object per walk: scopes are kept by statement. */
export class Scopes {
  readonly #known = new Map<object, Scope>();

  /** @returns the scope of the innermost statement around the node (or of the node itself, if it is one) */
  at(visit: Visit): Scope | undefined {
    const statement = isStatement(visit) ? visit : [...ancestors(visit)].find(isStatement);
    if (!statement) return undefined;
    const known = this.#known.get(statement.node);
    if (known) return known;
    const scope: Scope = {
      relations: relationsOf(statement, ctesInView(statement)),
      parent: statement.parent && this.at(statement.parent),
      outputNames: new Set(
        statement.tag === "SelectStmt" ? (statement.node.targetList ?? []).flatMap((target) => as(target, "ResTarget")?.name ?? []) : [],
      ),
    };
    this.#known.set(statement.node, scope);
    return scope;
  }
}

function ctesInView(statement: Visit): ReadonlySet<string> {
  const found = new Set<string>();
  for (const visit of [statement, ...ancestors(statement)]) {
    const clause = (visit.node as { withClause?: WithClause }).withClause;
    for (const cte of clause?.ctes ?? []) found.add(as(cte, "CommonTableExpr")?.ctename ?? "");
  }
  return found;
}

function relationsOf(statement: StatementVisit, ctes: ReadonlySet<string>): Relation[] {
  const target = (table: RangeVar | undefined): Relation[] => (table ? [tableRelation(table, new Set())] : []);
  switch (statement.tag) {
    case "SelectStmt":
      return fromItems(statement.node.fromClause, ctes);
    case "InsertStmt":
      return target(statement.node.relation);
    case "UpdateStmt":
      return [...target(statement.node.relation), ...fromItems(statement.node.fromClause, ctes)];
    case "DeleteStmt":
      return [...target(statement.node.relation), ...fromItems(statement.node.usingClause, ctes)];
    case "MergeStmt":
      return [...target(statement.node.relation), ...fromItems([statement.node.sourceRelation ?? ({} as Node)], ctes)];
  }
}

/** The relations of a FROM list, joins taken apart. */
export function fromItems(items: readonly Node[] | undefined, ctes: ReadonlySet<string>): Relation[] {
  return (items ?? []).flatMap((item): Relation[] => {
    const table = as(item, "RangeVar");
    if (table) return [tableRelation(table, ctes)];
    const join = as(item, "JoinExpr");
    if (join)
      return fromItems(
        [join.larg, join.rarg].filter((side) => side !== undefined),
        ctes,
      );
    const sample = as(item, "RangeTableSample");
    if (sample?.relation) return fromItems([sample.relation], ctes);
    const subquery = as(item, "RangeSubselect");
    if (subquery) return [{ visibleName: subquery.alias?.aliasname ?? "", kind: "subquery" }];
    const call = as(item, "RangeFunction") ?? as(item, "RangeTableFunc") ?? as(item, "JsonTable");
    return call ? [{ visibleName: call.alias?.aliasname ?? "", kind: "function" }] : [];
  });
}

function tableRelation(table: RangeVar, ctes: ReadonlySet<string>): Relation {
  const name = table.relname ?? "";
  return {
    visibleName: table.alias?.aliasname ?? name,
    kind: !table.schemaname && ctes.has(name) ? "cte" : "table",
    table: { name, ...(table.schemaname ? { schema: table.schemaname } : {}) },
    location: table.location ?? 0,
  };
}

/**
 * The relation that a column reference means, or undefined where more than one could be meant. `fields` are the reference's names, last
 * the column. Unqualified names need `columnsOf` where several relations are in view.
 */
export function resolveColumn(
  fields: readonly string[],
  scope: Scope | undefined,
  columnsOf: ColumnsOf = () => undefined,
): Relation | undefined {
  const column = fields.at(-1) ?? "";
  for (let level = scope; level; level = level.parent) {
    const found = fields.length > 1 ? qualified(fields, level) : unqualified(column, level, columnsOf);
    if (found === "ambiguous") return undefined;
    if (found) return found;
  }
  return undefined;
}

function qualified(fields: readonly string[], { relations }: Scope): Relation | undefined {
  const [qualifier, schema] = [fields.at(-2), fields.at(-3)];
  return relations.find((relation) =>
    schema === undefined ? relation.visibleName === qualifier : relation.table?.name === qualifier && relation.table?.schema === schema,
  );
}

function unqualified(column: string, { relations }: Scope, columnsOf: ColumnsOf): Relation | "ambiguous" | undefined {
  const columns = relations.map((relation) => (relation.kind === "table" && relation.table ? columnsOf(relation.table) : undefined));
  const holders = relations.filter((_, index) => columns[index]?.has(column));
  const unknown = relations.filter((_, index) => columns[index] === undefined);
  if (holders.length === 1 && unknown.length === 0) return holders[0];
  if (holders.length > 0) return "ambiguous";
  if (unknown.length === 1 && relations.length === 1) return unknown[0];
  return unknown.length > 0 ? "ambiguous" : undefined;
}

/** Names of a column reference; undefined where it ends in `*`. */
export function columnFields(fields: readonly Node[] | undefined): string[] | undefined {
  const parts = names(fields);
  return parts.length > 0 && !parts.includes("") ? parts : undefined;
}
