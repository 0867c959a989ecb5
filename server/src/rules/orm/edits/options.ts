import {
  pathOf,
  planFor,
  queryOf,
  type Entity,
  type EntityValue,
  type OrmIndex,
  type LazyLoad,
  type OrmSubject,
  type QueryValue,
  type Relationship,
} from "../../../orm/index.js";
import { certaintyOf } from "../certainty.js";
import { insertion, type Edit } from "./edit.js";
import { referToEntity } from "./entities.js";
import { referTo, type Reference } from "./imports.js";

/** The option that loads a relationship with the query, as text, and the edits that put it there. */
export interface OptionFix {
  /** `selectinload(User.orders)` */
  readonly option: string;
  readonly edits: readonly Edit[];
  /** Whether the edit can only make the query load more: rows, order and count stay. */
  readonly safe: boolean;
}

/**
 * The fix for a place that reads rows of one or several queries. Where the code goes on from there to relationships of the related rows, one
 * option loads the whole way: every finding on it gets the same edit.
 */
export function fixFor(subject: OrmSubject, load: LazyLoad): OptionFix | undefined {
  const fixes = [load.owner, ...(load.also ?? [])].map((owner) => {
    const { owner: from, relationship } = furthest(subject, { ...load, owner });
    return loadWithQuery(subject.index, from, relationship);
  });
  const first = fixes[0];
  if (!first || fixes.some((fix) => !fix)) return undefined;
  const edits = fixes.flatMap((fix) => fix!.edits);
  const safe = [load.owner, ...(load.also ?? [])].every((owner) => !isReshaped(subject, owner));
  return {
    ...first,
    safe: first.safe && safe,
    edits: edits.filter((edit, at) => edits.findIndex((other) => sameEdit(edit, other)) === at),
  };
}

/** Where the same query is asked for columns only, an option for its entity is an error. */
function isReshaped(subject: OrmSubject, owner: EntityValue): boolean {
  const site = queryOf(owner)?.site;
  return site !== undefined && subject.reshaped.has(`${site.file}:${site.start}`);
}

const sameEdit = (a: Edit, b: Edit) => a.file === b.file && a.span.start === b.span.start && a.newText === b.newText;
const wayOf = (load: LazyLoad) => [...pathOf(load.owner), load.relationship].map((one) => one.name);

/** The longest way that begins with this one, if the code follows only one. */
function furthest(subject: OrmSubject, load: LazyLoad): LazyLoad {
  const site = queryOf(load.owner)?.site;
  const own = wayOf(load);
  const beyond = subject.loads.filter((other) => {
    if (!other.iteration || other.use !== "read" || queryOf(other.owner)?.site !== site || certaintyOf(subject.index, other) !== "certain")
      return false;
    return wayOf(other).length > own.length && own.every((name, at) => wayOf(other)[at] === name);
  });
  const longest = beyond.reduce((a, b) => (wayOf(b).length > wayOf(a).length ? b : a), load);
  const onWay = (other: LazyLoad) => wayOf(other).every((name, at) => wayOf(longest)[at] === name);
  return site && beyond.every(onWay) ? longest : load;
}

interface Step {
  readonly relationship: Relationship;
  readonly owner: Entity;
}

/** Adds the loading of `owner.relationship` to the query that `owner` came from; undefined where no edit is sure to work. */
function loadWithQuery(index: OrmIndex, owner: EntityValue, relationship: Relationship): OptionFix | undefined {
  const query = queryOf(owner);
  const target = query?.targets.find((one) => one.value.kind === "entityClass" && one.value.entity === rootEntity(owner));
  if (!query || !target || query.flags.compound) return undefined;
  const path = [...pathOf(owner), relationship];
  const steps = path.flatMap((one): Step[] => {
    const entity = index.entities.get(one.owner);
    return entity ? [{ relationship: one, owner: entity }] : [];
  });
  if (steps.length !== path.length) return undefined;
  return extended(index, query, steps) ?? added(index, query, steps, target.text);
}

function rootEntity(value: EntityValue): string {
  let at = value;
  while (at.origin.kind === "relationship") at = at.origin.parent;
  return at.entity;
}

/** Joined loading suits one related row; where an outer join could disturb the query, a second SELECT is used. */
function loaderFor(query: QueryValue, relationship: Relationship): string {
  const { forUpdate, distinct, grouped } = query.flags;
  return relationship.collection || forUpdate || distinct || grouped ? "selectinload" : "joinedload";
}

/** References to the loaders and classes that an option needs, collected with their imports. */
class References {
  readonly edits: Edit[] = [];
  failed = false;
  constructor(
    private readonly index: OrmIndex,
    private readonly file: string,
  ) {}
  private use(reference: Reference | undefined): string {
    if (!reference) this.failed = true;
    for (const edit of reference?.edits ?? []) {
      if (!this.edits.some((one) => sameEdit(one, edit))) this.edits.push(edit);
    }
    return reference?.text ?? "";
  }
  loader(name: string): string {
    return this.use(referTo(this.file, this.index.files.get(this.file)!, "sqlalchemy.orm", name));
  }
  entity(entity: Entity): string {
    return this.use(referToEntity(this.index, this.file, entity));
  }
}

/** `selectinload(User.orders)` is there already: hang the next step on it. */
function extended(index: OrmIndex, query: QueryValue, steps: readonly Step[]): OptionFix | undefined {
  const last = steps.at(-1)!;
  const prefix = steps.slice(0, -1).map((step) => step.relationship.name);
  if (prefix.length === 0) return undefined;
  const base = query.options.find(
    (path) =>
      path.place.file === query.site.file &&
      !path.only &&
      !path.wildcard &&
      !path.deferred &&
      path.steps.length === prefix.length &&
      path.steps.every((step, at) => step.name === prefix[at]),
  );
  if (!base) return undefined;
  const references = new References(index, query.site.file);
  const name = loaderFor(query, last.relationship);
  const step = `.${name}(${references.entity(last.owner)}.${last.relationship.name})`;
  if (references.failed) return undefined;
  const option = `${name}(${last.owner.name}.${last.relationship.name})`;
  return { option, edits: [...references.edits, insertion(query.site.file, base.place.end, step)], safe: true };
}

function added(index: OrmIndex, query: QueryValue, steps: readonly Step[], rootText: string): OptionFix | undefined {
  const { file } = query.site;
  const references = new References(index, file);
  const root = rootText || references.entity(steps[0]!.owner);
  let plan = planFor(index, query, steps[0]!.owner.id);
  const chain = steps.map(({ relationship, owner }, at) => {
    const entry = plan.relationships.get(relationship.name);
    const loaded = at < steps.length - 1 && (entry?.loading === "eager" || (!entry && relationship.loading === "eager"));
    plan = entry?.plan ?? { relationships: new Map(), uncertain: false };
    const loader = loaded ? "defaultload" : loaderFor(query, relationship);
    const call = at === 0 ? references.loader(loader) : loader;
    return `${call}(${at === 0 ? root : references.entity(owner)}.${relationship.name})`;
  });
  const option = chain.join(".");
  if (references.failed) return undefined;
  return { option, edits: [...references.edits, placed(query, option, index.files.get(file)?.crlf ? "\r\n" : "\n")], safe: true };
}

/** Into the chain's own `.options(...)`, else right behind the root: that is on every path. */
function placed(query: QueryValue, option: string, newline: string): Edit {
  const { site, indent, optionList } = query;
  if (site.style === "get") {
    if (!optionList) return insertion(site.file, site.end - 1, `, options=[${option}]`);
    return insertion(site.file, optionList.insertAt, optionList.empty ? option : `, ${option}`);
  }
  const own = query.optionsCalls.find((call) => call.file === site.file && call.chainStart === site.start);
  if (own) {
    const separator = own.indent === undefined ? ", " : `,${newline}${" ".repeat(own.indent)}`;
    return insertion(site.file, own.insertAt, own.empty ? option : `${separator}${option}`);
  }
  const link = indent === undefined ? "" : `${newline}${" ".repeat(indent)}`;
  return insertion(site.file, site.end, `${link}.options(${option})`);
}
