import type { Node } from "libpg-query";
import { as, names } from "../../sql/index.js";

/** What is known of a LIKE pattern. */
export interface Beginning {
  readonly text: string;
  /** The pattern is this constant and nothing more. */
  readonly whole: boolean;
}

/** The constant that a pattern begins with: `'%x'`, `'%' || $1`, `concat('%', $1)`. */
export function beginning(node: Node): Beginning | undefined {
  const constant = as(node, "A_Const")?.sval;
  if (constant) return { text: constant.sval ?? "", whole: true };
  const cast = as(node, "TypeCast")?.arg;
  if (cast) return beginning(cast);
  const joined = as(node, "A_Expr");
  const first = joined && names(joined.name).at(-1) === "||" ? joined.lexpr : undefined;
  const call = as(node, "FuncCall");
  const argument = call && names(call.funcname).at(-1) === "concat" ? call.args?.[0] : undefined;
  const start = first ?? argument;
  const found = start && beginning(start);
  return found && { text: found.text, whole: false };
}

/** No B-tree finds what such a pattern matches. */
export function beginsWithWildcard(pattern: Node | undefined): boolean {
  const first = pattern && beginning(pattern)?.text;
  return first !== undefined && /^[%_]/.test(first);
}
