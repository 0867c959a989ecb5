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
