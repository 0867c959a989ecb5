import {
  pathOf,
  queryOf,
  type EntityValue,
  type OrmIndex,
  type LazyLoad,
  type LoadPath,
  type OrmSubject,
  type QueryValue,
  type Relationship,
} from "../../../orm/index.js";
import { ruleOf } from "../causes.js";
import { certaintyOf } from "../certainty.js";
import { chainText, loaderFor, References, withoutRepetition, type Step } from "./chains.js";
import { distinctEdits, insertion, type Edit } from "./edit.js";
import { callsOf, wordOfCall } from "./optionCalls.js";
import { isGeneric, placed, placedInList } from "./placement.js";
import { isContinued } from "./syntax.js";

/** The option that loads a relationship with the query, as text, and the edits that put it there. */
export interface OptionFix {
  /** `selectinload(User.orders)` */
  readonly option: string;
  /** It hangs on an option that is there already. */
  readonly goesOn?: true;
  readonly edits: readonly Edit[];
  /** Why somebody should look before it is applied; none where the edit can only make the query load more. */
  readonly reasons: readonly string[];
}

/**
 * The fix for a place that reads rows of one or several queries. Where the code goes on from there to relationships of the related rows, one
 * option loads the whole way: every finding on it gets the same edit.
 */
export function fixFor(subject: OrmSubject, load: LazyLoad): OptionFix | undefined {
  const owners = [load.owner, ...(load.also ?? [])];
  const fixes = withoutPrefixes(owners, load).map((owner) => {
    const { owner: from, relationship } = furthest(subject, { ...load, owner });
    return loadWithQuery(subject.index, from, relationship);
  });
  const known = fixes.filter((fix) => fix !== undefined);
  const [first] = known;
  // One of several origins left as it is would leave the finding.
  if (!first || known.length < fixes.length) return undefined;
  const shared = owners.map((owner) => sharedBy(load, owner));
  const reshaped = owners.some((owner) => isReshaped(subject, owner)) ? ["the query is asked for other columns too"] : [];
  const reasons = [...known.flatMap((fix) => fix.reasons), ...shared.flat(), ...reshaped];
  return {
    option: first.option,
    ...(first.goesOn ? { goesOn: true } : {}),
    edits: distinctEdits(known.flatMap((fix) => fix.edits)),
    reasons: [...new Set(reasons)],
  };
}

/** Of one way through the rows of one query the whole: a tree's first level and those below it are read at the same place. */
function withoutPrefixes(owners: readonly EntityValue[], load: LazyLoad): EntityValue[] {
  const ways = owners.map((owner) => wayOf({ ...load, owner }));
  const isPart = (at: number) =>
    ways.some(
      (way, other) =>
        way.length > ways[at]!.length &&
        queryOf(owners[other]!)?.site === queryOf(owners[at]!)?.site &&
        ways[at]!.every((name, i) => way[i] === name),
    );
  return owners.filter((_, at) => !isPart(at));
}

/** Where the same query is asked for columns only, an option for its entity is an error. */
function isReshaped(subject: OrmSubject, owner: EntityValue): boolean {
  const site = queryOf(owner)?.site;
  return site !== undefined && subject.reshaped.has(`${site.file}:${site.start}`);
}

/** Another function's query has other callers, which would load it in vain. */
function sharedBy({ file, scope, iteration, path }: LazyLoad, owner: EntityValue): string[] {
  const site = queryOf(owner)?.site;
  if (!site) return [];
  if (path.length > 0 && isCallback(path, site, { file, scope })) return [`all callers of \`${site.scope}\` then load it`];
  const here = [{ file, scope }, ...(iteration ? [iteration] : []), ...path];
  if (here.some((one) => one.file === site.file && one.scope === site.scope)) return [];
  return [site.scope ? `all callers of \`${site.scope}\` then load it` : "everything that uses the statement then loads it"];
}

interface Scoped {
  readonly file: string;
  readonly scope: string;
}

/** What reads was handed to the function with the query by one of its callers, and stands in that. */
function isCallback(path: readonly Scoped[], site: Scoped, reader: Scoped): boolean {
  const isSame = (a: Scoped, b: Scoped) => a.file === b.file && a.scope === b.scope;
  const asks = path.findIndex((frame) => isSame(frame, site));
  return asks > 0 && path.slice(0, asks).some((frame) => isSame(frame, reader));
}

const wayOf = (load: LazyLoad) => [...pathOf(load.owner), load.relationship].map((one) => one.name);
const loadable = new Set(["lazy-load-per-row", "lazy-load-in-template", "lazy-load-in-serializer", "join-is-not-eager-load"]);

/** The longest way that begins with this one, if the code follows only one. */
function furthest(subject: OrmSubject, load: LazyLoad): LazyLoad {
  const site = queryOf(load.owner)?.site;
  const own = wayOf(load);
  const beyond = subject.loads.filter((other) => {
    const rule = ruleOf(other);
    if (!rule || !loadable.has(rule) || queryOf(other.owner)?.site !== site || certaintyOf(subject.index, other) !== "certain")
      return false;
    return wayOf(other).length > own.length && own.every((name, at) => wayOf(other)[at] === name);
  });
  const longest = beyond.reduce((a, b) => (wayOf(b).length > wayOf(a).length ? b : a), load);
  const onWay = (other: LazyLoad) => wayOf(other).every((name, at) => wayOf(longest)[at] === name);
  return site && beyond.every(onWay) ? longest : load;
}

/** Adds the loading of `owner.relationship` to the query that `owner` came from; undefined where no edit is sure to work. */
function loadWithQuery(index: OrmIndex, owner: EntityValue, relationship: Relationship): OptionFix | undefined {
  const query = queryOf(owner);
  const root = rootEntity(owner);
  const target = query?.targets.find((one) => one.value.kind === "entityClass" && one.value.entity === root);
  if (!query || !target || query.flags.compound || query.flags.withoutEagerLoads) return undefined;
  // A `write_only` collection has no options of its own.
  if (query.site.style === "dynamic" && !query.bound) return undefined;
  const path = [...pathOf(owner), relationship];
  const steps = path.flatMap((one): Step[] => {
    const entity = index.entities.get(one.owner);
    return entity ? [{ relationship: one, owner: entity }] : [];
  });
  const once = steps.length === path.length ? withoutRepetition(index, steps) : undefined;
  if (!once) return undefined;
  if (once !== steps && query.options.some((one) => leadsAlong(one, once))) return goingOn(index, query, once);
  const generic = isGeneric(index, query, target);
  const instead = replaced(index, query, once, generic ? "" : target.text);
  if (instead) return instead === "impossible" ? undefined : instead;
  return extended(index, query, once) ?? (generic ? inList(index, query, once) : added(index, query, once, target.text));
}

function rootEntity(value: EntityValue): string {
  let at = value;
  while (at.origin.kind === "relationship") at = at.origin.parent;
  return at.entity;
}

const isPlain = (path: LoadPath) =>
  !path.only && !path.wildcard && !path.deferred && !path.undeferred && !path.groups && !path.subclasses && !path.sometimes;

/** Whether the option's steps are the first of these. */
const leadsAlong = (path: LoadPath, steps: readonly Step[]) =>
  path.steps.length > 0 && path.steps.length <= steps.length && path.steps.every((step, at) => step.name === steps[at]!.relationship.name);

/** `lazyload(User.orders)` or `raiseload(User.orders)` says the opposite: two strategies for one way are an error. */
function replaced(index: OrmIndex, query: QueryValue, steps: readonly Step[], rootText: string): OptionFix | "impossible" | undefined {
  const opposite = query.options.find(
    (path) => leadsAlong(path, steps) && ["lazyload", "raiseload", "noload"].includes(path.steps.at(-1)!.loader),
  );
  if (!opposite) return undefined;
  const { place } = opposite;
  const facts = index.files.get(place.file);
  const alone = query.options.filter((path) => path.place.file === place.file && path.place.start === place.start).length === 1;
  if (!isPlain(opposite) || !facts || !alone || isContinued(facts, place)) return "impossible";
  const references = new References(index, place.file, place.start);
  const root = place.file === query.site.file && rootText ? rootText : references.entity(steps[0]!.owner);
  const option = chainText(index, query, steps, root, references);
  if (references.failed) return "impossible";
  const { loader } = opposite.steps.at(-1)!;
  const edit = { file: place.file, span: { start: place.start, end: place.end }, newText: option };
  return { option, edits: [...references.edits, edit], reasons: [`it replaces \`${loader}\`, which may stand there on purpose`] };
}
/** `selectinload(User.orders)` is there already: hang the next step on it. */
function extended(index: OrmIndex, query: QueryValue, steps: readonly Step[]): OptionFix | undefined {
  const last = steps.at(-1)!;
  if (steps.length === 1) return undefined;
  const base = query.options.find(
    (path) => isPlain(path) && path.steps.length === steps.length - 1 && leadsAlong(path, steps) && path.steps.at(-1)!.loader !== "noload",
  );
  const facts = base && index.files.get(base.place.file);
  if (!base || !facts || isContinued(facts, base.place)) return undefined;
  const references = new References(index, base.place.file, base.place.end);
  const name = loaderFor(index, query, last.relationship);
  const option = `${name}(${references.entity(last.owner)}.${last.relationship.name})`;
  if (references.failed) return undefined;
  return { option, goesOn: true, edits: [...references.edits, insertion(base.place.file, base.place.end, `.${option}`)], reasons: [] };
}

/** `selectinload(Category.children)` loads one level: have it go on. */
function goingOn(index: OrmIndex, query: QueryValue, steps: readonly Step[]): OptionFix | undefined {
  const base = query.options.find((path) => isPlain(path) && path.steps.length === steps.length && leadsAlong(path, steps));
  const facts = base && index.files.get(base.place.file);
  const call = base && facts ? callsOf(facts, base.place).at(-1) : undefined;
  const last = call?.args.at(-1);
  if (!base || !call || !last || call.args.length > 1 || wordOfCall(call) !== "selectinload") return undefined;
  const edit = insertion(base.place.file, last.value.end, ", recursion_depth=-1");
  return {
    option: `selectinload(${steps.at(-1)!.owner.name}.${steps.at(-1)!.relationship.name}, recursion_depth=-1)`,
    edits: [edit],
    reasons: [],
  };
}

function added(index: OrmIndex, query: QueryValue, steps: readonly Step[], rootText: string): OptionFix | undefined {
  const { file, start } = query.site;
  const references = new References(index, file, start);
  const option = chainText(index, query, steps, rootText || references.entity(steps[0]!.owner), references);
  if (references.failed) return undefined;
  return { option, edits: [...references.edits, placed(query, option, index.files.get(file)?.crlf ? "\r\n" : "\n")], reasons: [] };
}

/** Code for any entity cannot name one: only the list of options that it was given for this one can. */
function inList(index: OrmIndex, query: QueryValue, steps: readonly Step[]): OptionFix | undefined {
  const neighbour = query.options.find((path) => !path.sometimes && placedInList(index, query, path, steps[0]!.owner.id));
  if (!neighbour) return undefined;
  const { file, end } = neighbour.place;
  const references = new References(index, file, end);
  const option = chainText(index, query, steps, references.entity(steps[0]!.owner), references);
  if (references.failed) return undefined;
  return { option, edits: [...references.edits, insertion(file, end, `, ${option}`)], reasons: [] };
}
