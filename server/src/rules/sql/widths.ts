import type { Column, Table } from "../../catalog/catalog.js";

/** Types whose values may be long, the longest first. */
const wide = ["bytea", "jsonb", "json", "xml", "tsvector", "hstore"];
const isWide = (type: string): boolean => wide.includes(type) || type === "text" || type.endsWith("[]");
/** Names of texts that are short as a rule. */
const short =
  /(^|_)(id|key|name|title|slug|code|type|kind|status|state|email|addr|url|uri|lang|locale|created|updated|date|time|at|role|hash)$/;

/** So few narrow columns that none is worth leaving out. */
export function isSlim(table: Table): boolean {
  return table.columns.length > 0 && table.columns.length <= 3 && !table.columns.some(({ type }) => isWide(type));
}

/** `, of them wide: payload jsonb, note text`, the widest first; "" where none is. */
export function wideWords(table: Table): string {
  const columns = table.columns
    .filter(({ type }) => isWide(type))
    .toSorted((a, b) => widthOf(a) - widthOf(b))
    .map(({ name, type }) => `${name} ${type}`);
  return columns.length > 0 ? `, of them wide: ${columns.join(", ")}` : "";
}

function widthOf({ name, type }: Column): number {
  const place = wide.indexOf(type);
  if (place >= 0) return place;
  return type === "text" && short.test(name) ? wide.length + 1 : wide.length;
}
