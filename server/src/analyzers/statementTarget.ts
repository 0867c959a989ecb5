import { parseTree } from "../sql/engine/engine.js";

interface Relation {
  readonly schemaname?: string;
  readonly relname?: string;
}

export interface Target {
  readonly kind: "insert" | "update" | "delete" | "merge";
  readonly schema?: string;
  readonly table: string;
}

const kinds = { InsertStmt: "insert", UpdateStmt: "update", DeleteStmt: "delete", MergeStmt: "merge" } as const;

/** The table that a statement changes; undefined for one that only reads or does not parse. */
export function statementTarget(sql: string): Target | undefined {
  try {
    const tree = parseTree(sql) as unknown as { stmts?: readonly { stmt?: Readonly<Record<string, { relation?: Relation }>> }[] };
    const statement = tree.stmts?.[0]?.stmt ?? {};
    for (const [name, kind] of Object.entries(kinds)) {
      const relation = statement[name]?.relation;
      if (relation?.relname !== undefined) return { kind, table: relation.relname, schema: relation.schemaname };
    }
  } catch {
    // pg_stat_statements cuts long texts and keeps utility commands as they came: neither has a target that matters here.
  }
  return undefined;
}
