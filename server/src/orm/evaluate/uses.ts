import { membersOf, type EntityValue, type QueryValue, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";

const keyOf = (query: QueryValue) => `${query.site.file}:${query.site.start}`;

function useOf(ev: Evaluator, query: QueryValue) {
  const key = keyOf(query);
  let use = ev.found.uses.get(key);
  // Rows of another function's query are there for its other callers too.
  const elsewhere = query.site.file !== ev.file || query.site.scope !== ev.scope;
  if (!use) ev.found.uses.set(key, (use = { query, columns: new Set(), escapes: elsewhere }));
  return use;
}

export function noteColumn(ev: Evaluator, value: EntityValue, column: string): void {
  if (value.origin.kind === "query") useOf(ev, value.origin.query).columns.add(column);
}

/** The value leaves what is followed: returned, stored, passed on, printed as a whole. */
export function noteEscape(ev: Evaluator, value: Value): void {
  for (const member of membersOf(value)) {
    if (member.kind === "entity") {
      if (member.origin.kind === "query") useOf(ev, member.origin.query).escapes = true;
    } else if (member.kind === "query") useOf(ev, member).escapes = true;
    else if (member.kind === "collection" || member.kind === "page") noteEscape(ev, member.of);
    else if (member.kind === "tuple") for (const item of member.items) noteEscape(ev, item);
    else if (member.kind === "mapping") noteEscape(ev, member.value);
    else if (member.kind === "result") noteEscape(ev, member.element);
  }
}
