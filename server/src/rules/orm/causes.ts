import { isAsync, queryOf, type JoinedTarget, type LazyLoad, type OrmSubject } from "../../orm/index.js";

/** The rules among which lazy loads are divided: one cause, one finding. */
export type LoadRule =
  | "missing-eager-load-raise"
  | "async-lazy-load"
  | "count-by-loading"
  | "foreign-key-through-relationship"
  | "join-is-not-eager-load"
  | "lazy-load-in-template"
  | "lazy-load-in-serializer"
  | "lazy-load-per-row";

/** The rule that says most of a lazy load; undefined where it is no problem. */
export function ruleOf(load: LazyLoad): LoadRule | undefined {
  if (load.raises) return "missing-eager-load-raise";
  if (isAsync(load.owner) && !load.awaited) return "async-lazy-load";
  if (!load.iteration) return undefined;
  if (load.use === "length") return "count-by-loading";
  if (load.keyReads) return "foreign-key-through-relationship";
  if (joinOf(load)) return "join-is-not-eager-load";
  if (load.medium === "template") return "lazy-load-in-template";
  return load.medium === "serializer" ? "lazy-load-in-serializer" : "lazy-load-per-row";
}

export const loadsOf = (subject: OrmSubject, rule: LoadRule): LazyLoad[] => subject.loads.filter((load) => ruleOf(load) === rule);

/** The join by which the query goes through the relationship without loading it. */
export function joinOf({ owner, relationship }: LazyLoad): JoinedTarget | undefined {
  const direct = owner.origin.kind === "query";
  return queryOf(owner)?.joins?.find((join) =>
    join.relationship === undefined
      ? direct &&
        relationship.collection === false &&
        join.alias === undefined &&
        join.entity !== undefined &&
        join.entity === relationship.target
      : join.relationship === relationship.name && (join.owner === relationship.owner || join.owner === owner.entity),
  );
}
