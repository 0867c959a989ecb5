import type { CausedStatement } from "#protocol/translation";
import type { Mapping } from "../mapping/mapping.js";
import type { LoadOption, Statement } from "../sql/ir.js";
import { causesOf } from "./index.js";

/** What all forms of a query cause together: most of it does not depend on branches. */
export function causesOfVariants(
  mapping: Mapping,
  variants: readonly { readonly compiled: { readonly sql: string }; readonly statement: Statement }[],
): CausedStatement[] {
  const found = new Map<string, CausedStatement>();
  const statements = new Map(variants.map(({ compiled: { sql }, statement }) => [`${sql}\n${optionsKey(statement)}`, statement]));
  for (const statement of statements.values())
    for (const cause of causesOf(mapping, statement)) found.set(`${cause.kind} ${cause.relationship ?? ""} ${cause.sql}`, cause);
  return [...found.values()];
}

/** The same statement can be loaded otherwise, and causes others then. */
function optionsKey(statement: Statement): string {
  const words = ({ strategy, names, next }: LoadOption): string => `${strategy}(${names.join()})[${next.map(words).join(";")}]`;
  return statement.kind === "select" ? statement.options.map(words).join(";") : "";
}
