import type { EntityUse, Statement } from "./ir.js";

const known = new WeakMap<object, ReadonlySet<string>>();

/** Places of all query expressions that a statement is made of, its own first. */
export function sitesWithin(statement: Statement): ReadonlySet<string> {
  const before = known.get(statement);
  if (before) return before;
  const found = new Set<string>();
  const seen = new Set<object>();
  const inside = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) return value.forEach(inside);
    // Entities are known by themselves; an alias may be one of a subquery.
    if ("columnOf" in value) return inside((value as EntityUse).selectable);
    const { site } = value as { site?: { file: string; span: { start: number; end: number } } };
    if (site?.file) found.add(`${site.file}\n${site.span.start}\n${site.span.end}`);
    for (const [key, child] of Object.entries(value)) if (key !== "entity" && key !== "site") inside(child);
  };
  inside(statement);
  known.set(statement, found);
  return found;
}
