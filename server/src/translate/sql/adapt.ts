import type { Sql } from "./ir.js";

/** The same expression with other expressions in the place of some, its columns mostly; subqueries in it are looked into as well. */
export function replacedColumns<T extends Sql>(sql: T, replace: (sql: Sql) => Sql | undefined): T {
  const inside = (item: unknown): unknown => {
    if (typeof item !== "object" || item === null || "columnOf" in item) return item;
    const { kind, type } = item as { kind?: unknown; type?: unknown };
    const isSql = typeof kind === "string" && typeof type === "string";
    const other = isSql ? replace(item as Sql) : undefined;
    if (other) return other;
    if (isSql && kind === "column") return item;
    if (Array.isArray(item)) {
      const made = item.map(inside);
      return made.every((one, at) => one === item[at]) ? item : made;
    }
    const entries = Object.entries(item).map(([key, child]) => [key, key === "site" || key === "from" ? child : inside(child)] as const);
    return entries.every(([key, child]) => child === (item as Record<string, unknown>)[key]) ? item : Object.fromEntries(entries);
  };
  return inside(sql) as T;
}

/**
 * The same expression about other tables: wherever one of the keys stands (FROM items, entities), its value stands in the result. What does
 * not change stays the same object.
 */
export function adapted<T>(value: T, replace: ReadonlyMap<object, object>): T {
  const done = new Map<object, unknown>();
  const inside = (item: unknown): unknown => {
    if (typeof item !== "object" || item === null) return item;
    const other = replace.get(item);
    if (other) return other;
    // Entities are known by themselves.
    if ("columnOf" in item) return item;
    if (done.has(item)) return done.get(item);
    done.set(item, item);
    const made = Array.isArray(item)
      ? item.map(inside)
      : Object.fromEntries(Object.entries(item).map(([key, child]) => [key, key === "site" ? child : inside(child)]));
    const same = Array.isArray(item)
      ? item.every((one, at) => one === (made as unknown[])[at])
      : Object.entries(item).every(([key, child]) => child === (made as Record<string, unknown>)[key]);
    const result = same ? item : made;
    done.set(item, result);
    return result;
  };
  return inside(value) as T;
}
