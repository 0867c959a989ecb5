import { planFor, type Entity, type JoinedTarget, type OrmIndex, type QueryValue, type Relationship } from "../../../orm/index.js";
import type { Edit } from "./edit.js";
import { sameEdit } from "./edit.js";
import { referToEntity } from "./entities.js";
import { referTo, type Reference } from "./imports.js";
import { isShadowed } from "./shadowed.js";

/** One relationship on the way from the query's entity. */
export interface Step {
  readonly relationship: Relationship;
  readonly owner: Entity;
  /** It leads to rows of its own kind, and the code goes on from there as long as there are any. */
  readonly recursive?: true;
}

/** Names that a piece of code needs, collected with their imports. */
export class References {
  readonly edits: Edit[] = [];
  failed = false;

  /** @param at where the code will stand: what its function imports is there */
  constructor(
    private readonly index: OrmIndex,
    private readonly file: string,
    private readonly at: number,
  ) {}

  private use(reference: Reference | undefined): string {
    const facts = this.index.files.get(this.file);
    if (!reference || (facts && isShadowed(facts, this.at, reference.text.split(".")[0]!))) this.failed = true;
    for (const edit of reference?.edits ?? []) if (!this.edits.some((one) => sameEdit(one, edit))) this.edits.push(edit);
    return reference?.text ?? "";
  }

  orm(name: string): string {
    const facts = this.index.files.get(this.file);
    return this.use(facts && referTo(this.file, facts, "sqlalchemy.orm", name, this.at));
  }

  entity(entity: Entity): string {
    return this.use(referToEntity(this.index, this.file, entity, this.at));
  }
}

/** Joined in turn, the target's own collections would multiply the rows. */
function bringsCollections(index: OrmIndex, { target }: Relationship): boolean {
  const others = target === undefined ? [] : [...(index.entities.get(target)?.relationships.values() ?? [])];
  return others.some((one) => one.collection === true && (one.lazy === "joined" || one.lazy === "False"));
}

/** Joined loading suits one related row; where an outer join could disturb the query, a second SELECT is used. */
export function loaderFor(index: OrmIndex, query: QueryValue, relationship: Relationship): string {
  const { forUpdate, distinct, grouped } = query.flags;
  const disturbs = forUpdate || distinct || grouped || bringsCollections(index, relationship);
  return relationship.collection || disturbs ? "selectinload" : "joinedload";
}

/** The join of the query's own chain that goes this way, so that its columns can be taken along: it is there on every path. */
function joinFor(query: QueryValue, { relationship, owner }: Step): JoinedTarget | undefined {
  const { site, flags } = query;
  if (relationship.collection !== false || flags.grouped || flags.distinct || flags.forUpdate) return undefined;
  return query.joins?.find(
    (join) =>
      join.relationship === relationship.name &&
      (join.owner === owner.id || join.owner === relationship.owner) &&
      join.alias === undefined &&
      join.place.file === site.file &&
      join.place.start === site.start,
  );
}

/** `Category.children` of `Category.children`: one step that goes on. SQLAlchemy 2.0 can load it; undefined where an older one may be in use. */
export function withoutRepetition(index: OrmIndex, steps: readonly Step[]): readonly Step[] | undefined {
  const once: Step[] = [];
  for (const step of steps) {
    const last = once.at(-1);
    if (last?.relationship !== step.relationship) once.push(step);
    else if (!last.recursive) once[once.length - 1] = { ...last, recursive: true };
  }
  if (once.length === steps.length) return steps;
  const isNew = (file: string) =>
    index.files.get(file)?.words.some((word) => word === "mapped_column" || word === "DeclarativeBase") === true;
  return once.at(-1)?.recursive && isNew(once.at(-1)!.owner.file) ? once : undefined;
}

/**
 * `joinedload(Order.customer).joinedload(Customer.country)`; what is loaded already is only gone through (`defaultload`), what the query
 * joins is taken from there (`contains_eager`).
 */
export function chainText(index: OrmIndex, query: QueryValue, steps: readonly Step[], root: string, references: References): string {
  let plan = planFor(index, query, steps[0]!.owner.id);
  let joined = true;
  const calls = steps.map((step, at) => {
    const { relationship, owner } = step;
    const entry = plan.relationships.get(relationship.name);
    const loaded = at < steps.length - 1 && (entry?.loading === "eager" || (!entry && relationship.loading === "eager"));
    plan = entry?.plan ?? { relationships: new Map(), uncertain: false };
    joined &&= !loaded && joinFor(query, step) !== undefined;
    const loader = loaded
      ? "defaultload"
      : step.recursive
        ? "selectinload"
        : joined
          ? "contains_eager"
          : loaderFor(index, query, relationship);
    const call = at === 0 ? references.orm(loader) : loader;
    const depth = step.recursive ? ", recursion_depth=-1" : "";
    return `${call}(${at === 0 ? root : references.entity(owner)}.${relationship.name}${depth})`;
  });
  return calls.join(".");
}
