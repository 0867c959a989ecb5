import { refuse, type From, type Sql } from "../sql/ir.js";
import { offered } from "../compile/compiler.js";
import type { Machine } from "./machine.js";

const memo = new WeakMap<From, Map<string, Sql>>();

/** `table.c.name`, `subquery.c.name`. */
export function columnOfFrom(m: Machine, from: From, name: string): Sql {
  return findColumn(m, from, name) ?? refuse(`there is no column ${name} in ${from.kind === "table" ? from.name : `the ${from.kind}`}`);
}
export function findColumn(m: Machine, from: From, name: string): Sql | undefined {
  let known = memo.get(from);
  if (!known) memo.set(from, (known = new Map()));
  const before = known.get(name);
  if (before) return before;
  const found = offered(m.mapping, from).find((one) => one.kind === "column" && (one.key ?? one.name) === name);
  const made = found ?? offered(m.mapping, from).find((one) => one.kind === "column" && one.name === name);
  if (made) known.set(name, made);
  return made;
}
