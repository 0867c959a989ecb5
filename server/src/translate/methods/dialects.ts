import { refuse, refuseValue } from "../sql/ir.js";
import type { Args } from "../values.js";

/** Methods that add text for one dialect: which argument names it, and whether it can only be given by name. */
const dialectMethods = {
  with_hint: { keyword: "dialect_name", at: 2 },
  with_statement_hint: { keyword: "dialect_name", at: 1 },
  prefix_with: { keyword: "dialect", at: undefined },
  suffix_with: { keyword: "dialect", at: undefined },
} as const;
export type DialectMethod = keyof typeof dialectMethods;
export const isDialectMethod = (name: string): name is DialectMethod => Object.hasOwn(dialectMethods, name);

/** Whether the text is for another database than PostgreSQL. */
export function isForOthers(name: DialectMethod, args: Args): boolean {
  const { keyword, at } = dialectMethods[name];
  const dialect = args.keywords.get(keyword) ?? (at === undefined ? undefined : args.positional[at]);
  if (!dialect) return false;
  if (dialect.kind !== "constant" || typeof dialect.value !== "string") return refuseValue(`${name}() for a database that is not known`);
  return dialect.value !== "postgresql" && dialect.value !== "*";
}

/** Hints for another database leave the statement as it is; what PostgreSQL would get is refused. */
export function onlyForOthers(name: DialectMethod, args: Args): void {
  if (!isForOthers(name, args)) refuse(`${name}() for PostgreSQL`);
}
