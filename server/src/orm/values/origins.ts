import type { Relationship } from "../entities/entity.js";
import type { EntityValue, Origin, QueryValue } from "./value.js";

/** The relationships that led from where the value came into the code to where it is, outermost first. */
export function pathOf(value: EntityValue): Relationship[] {
  const path: Relationship[] = [];
  for (let at = value.origin; at.kind === "relationship"; at = at.parent.origin) path.unshift(at.relationship);
  return path;
}

export function rootOf(value: EntityValue): EntityValue {
  let at = value;
  while (at.origin.kind === "relationship") at = at.origin.parent;
  return at;
}

export function queryOf(value: EntityValue): QueryValue | undefined {
  const { origin } = rootOf(value);
  return origin.kind === "query" ? origin.query : undefined;
}

/** Whether an AsyncSession loaded it. */
export function isAsync(value: EntityValue): boolean {
  const { origin } = rootOf(value);
  return origin.kind === "query" && origin.async;
}

/** Same text, same instances: where the value came from and the way to it. */
export function originKey(value: EntityValue): string {
  const way = pathOf(value)
    .map((relationship) => relationship.name)
    .join(".");
  return `${originText(rootOf(value).origin)}/${way}`;
}
function originText(origin: Origin): string {
  if (origin.kind === "query") return `${origin.query.site.file}:${origin.query.site.start}`;
  return origin.kind === "declared" ? `${origin.file}:${origin.start}` : origin.kind;
}
