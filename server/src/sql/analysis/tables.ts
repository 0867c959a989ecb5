import type { SqlStatement } from "../statement.js";
import { walk, type Visit } from "../tree.js";
import type { TableName } from "./scopes.js";
import { fromItems } from "./scopes.js";

export interface TableUse extends TableName {
  readonly alias?: string;
  readonly access: "read" | "write";
  /** Offset of the name in the statement's text. */
  readonly offset: number;
}

/** Tables and views that the statement names, CTEs left out, in the order of the tree; one entry per mention. */
export function tablesOf(statement: SqlStatement): TableUse[] {
  const ctes = new Set<string>();
  walk(statement.tree, ({ tag, node }) => {
    if (tag === "CommonTableExpr" && node.ctename) ctes.add(node.ctename);
  });
  const found: TableUse[] = [];
  walk(statement.tree, (visit) => {
    if (visit.tag !== "RangeVar") return;
    const [relation] = fromItems([{ RangeVar: visit.node }], ctes);
    if (!relation?.table || relation.kind === "cte") return;
    const alias = visit.node.alias?.aliasname;
    found.push({ ...relation.table, ...(alias ? { alias } : {}), access: accessOf(visit), offset: statement.at(visit.node.location) });
  });
  return found;
}

function accessOf({ parent, field }: Visit): "read" | "write" {
  const writes = parent && ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"].includes(parent.tag) && field === "relation";
  return writes ? "write" : "read";
}
