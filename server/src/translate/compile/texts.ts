import type { Node } from "libpg-query";
import { parseSql } from "../../sql/index.js";
import { refuse, type TextStatement } from "../sql/ir.js";
import type { Around, Compiler } from "./compiler.js";
import { withoutPlaces } from "./nodes.js";

/** A statement that the code wrote out: as it stands, with its binds in place. */
export function textNode(compiler: Compiler, { sql }: TextStatement, around: Around): Node {
  if (sql.kind !== "template") return refuse("a textual statement has no text");
  const outcome = parseSql(sql.sql);
  const statement = outcome.ok && outcome.tree.stmts?.length === 1 ? outcome.tree.stmts[0]!.stmt : undefined;
  if (!statement) return refuse("PostgreSQL does not read the text as one statement");
  const items = sql.items.map((item) => compiler.expression(item, around));
  return placed(withoutPlaces(statement), items) as Node;
}

function placed(value: unknown, items: readonly Node[]): unknown {
  if (Array.isArray(value)) return value.map((item) => placed(item, items));
  if (typeof value !== "object" || value === null) return value;
  const { ParamRef: ref } = value as { ParamRef?: { number?: number } };
  if (ref) return items[(ref.number ?? 0) - 1] ?? refuse("a bind of the text is not known");
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, placed(child, items)]));
}
