import { membersOf, type EntityValue, type QueryValue, type Value } from "../values/value.js";
import { queryOf } from "../values/origins.js";
import { Multiset } from "../incremental/multiset.js";
import type { Evaluator, Findings } from "./evaluator.js";

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

/** The rows of these queries get out of sight: whatever was loaded with them may be used there. */
function noteLost(ev: Evaluator, value: Value): void {
  for (const member of membersOf(value)) {
    const query = member.kind === "entity" ? queryOf(member) : member.kind === "query" ? member : undefined;
    if (query) ev.found.lost.add(keyOf(query));
    else if (member.kind === "collection" || member.kind === "page") noteLost(ev, member.of);
    else if (member.kind === "tuple") for (const item of member.items) noteLost(ev, item);
    else if (member.kind === "mapping") noteLost(ev, member.value);
    else if (member.kind === "result") noteLost(ev, member.element);
    else if (member.kind === "instance") for (const field of member.fields?.values() ?? []) noteLost(ev, field);
  }
}

/** A function that is evaluated for its own sake gives rows away: out of sight, unless it is called only where calls are followed. */
export function noteReturned(ev: Evaluator, value: Value): void {
  noteEscape(ev, value, true);
  const before = ev.found.lost;
  const given = new Set<string>();
  ev.found.lost = given;
  noteLost(ev, value);
  ev.found.lost = before;
  const fn = `${ev.file}\n${ev.facts.functions.indexOf(ev.fn)}`;
  for (const key of given)
    if (ev.fn.decorators.length > 0 || ev.fn.name === "") before.add(key);
    else ev.found.returned.set(key, [...(ev.found.returned.get(key) ?? []), fn]);
}

/**
 * The value leaves what is followed: returned, stored, passed on, printed as a whole.
 * @param followed it only leaves what is known of its columns
 */
export function noteEscape(ev: Evaluator, value: Value, followed = false): void {
  if (!followed) noteLost(ev, value);
  for (const member of membersOf(value)) {
    if (member.kind === "entity") {
      if (member.origin.kind === "query") useOf(ev, member.origin.query).escapes = true;
    } else if (member.kind === "query") useOf(ev, member).escapes = true;
    else if (member.kind === "collection" || member.kind === "page") noteEscape(ev, member.of, true);
    else if (member.kind === "tuple") for (const item of member.items) noteEscape(ev, item, true);
    else if (member.kind === "mapping") noteEscape(ev, member.value, true);
    else if (member.kind === "result") noteEscape(ev, member.element, true);
  }
}

/**
 * Queries whose rows get out of sight somewhere: also those that a function gives away which nobody calls where it would be followed, and
 * those of calls that were too deep, or circles: what happens there is not known.
 */
export class LostQueries implements Iterable<string> {
  private readonly lost = new Multiset<string>();
  /** Functions that give rows away, by the query. */
  private readonly given = new Map<string, Multiset<string>>();
  private readonly called = new Multiset<string>();

  add(found: Findings): void {
    for (const key of lostIn(found)) this.lost.add(key);
    for (const fn of found.visited) this.called.add(fn);
    for (const [key, functions] of found.returned) {
      const givers = this.given.get(key) ?? new Multiset<string>();
      this.given.set(key, givers);
      for (const fn of functions) givers.add(fn);
    }
  }

  /** Of what was added before. */
  delete(found: Findings): void {
    for (const key of lostIn(found)) this.lost.delete(key);
    for (const fn of found.visited) this.called.delete(fn);
    for (const [key, functions] of found.returned) {
      const givers = this.given.get(key)!;
      for (const fn of functions) givers.delete(fn);
      if (givers.size === 0) this.given.delete(key);
    }
  }

  has(key: string): boolean {
    return this.lost.has(key) || [...(this.given.get(key) ?? [])].some((fn) => !this.called.has(fn));
  }

  *[Symbol.iterator](): Iterator<string> {
    for (const key of new Set([...this.lost, ...this.given.keys()])) if (this.has(key)) yield key;
  }
}

function lostIn(found: Findings): readonly string[] {
  if (!found.tooDeep && !found.exhausted) return [...found.lost];
  const sent = found.effects.flatMap((effect) => (effect.kind === "execution" && effect.query ? [keyOf(effect.query)] : []));
  return [...found.lost, ...sent];
}
