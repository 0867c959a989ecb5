import type { SentStatement } from "#protocol/finding";
import type { LazyLoad, OrmIndex, OrmSubject, Relationship } from "../../orm/index.js";
import type { LoadWording } from "./loadProblem.js";

/** `User.orders` */
export function nameOf(index: OrmIndex, relationship: Relationship): string {
  return `${index.entities.get(relationship.owner)?.name ?? "?"}.${relationship.name}`;
}

/** `user`, or `row` where a round binds several names, of which one is the row, or none. */
export function roundOf(load: LazyLoad): string {
  const target = load.iteration?.target;
  return target?.includes(",") ? "row" : roundName(target, "row");
}

/** The loop's variables, or `otherwise` where it binds none, or something else than names. */
export function roundName(target: string | undefined, otherwise: string): string {
  return !target || target.includes("…") ? otherwise : `\`${target}\``;
}

/** What one more query per row costs, and what to do about it. */
export function perRow(subject: OrmSubject, { relationship }: LazyLoad): LoadWording {
  return {
    cost: relationship.collection === false ? costOfOne(subject, relationship) : ": each row sends one more query.",
    fact: `\`${nameOf(subject.index, relationship)}\` is loaded lazily (lazy="${relationship.lazy ?? "select"}") and nothing on the way loads it before.`,
    otherwise: `Load it where the rows are loaded, with \`${loaderWord(relationship)}\`.`,
  };
}

/** Rows that share a related row ask for it once: the session has it from then on. */
function costOfOne({ index }: OrmSubject, { target }: Relationship): string {
  const name = target === undefined ? undefined : index.entities.get(target)?.name;
  return name === undefined ? ": each row sends one more query." : `: one more query for each \`${name}\` that the session does not hold.`;
}

export const loaderWord = ({ collection }: Relationship): string => (collection ? "selectinload" : "joinedload");

/** The statement that loading the relationship once sends. */
export function sentFor(index: OrmIndex, relationship: Relationship): readonly SentStatement[] {
  const target = relationship.target === undefined ? undefined : index.entities.get(relationship.target);
  const owner = index.entities.get(relationship.owner);
  if (target?.table === undefined || relationship.secondary || relationship.customJoin) return [];
  const columns = relationship.collection
    ? [...target.columns.values()].filter((column) => owner?.table !== undefined && column.foreignKey?.table === owner.table)
    : [...target.columns.values()].filter((column) => column.primaryKey);
  if (columns.length !== 1) return [];
  return [
    {
      ...(target.schema === undefined ? {} : { schema: target.schema }),
      table: target.table,
      columns: columns.map((column) => column.column),
    },
  ];
}
