import type { ColumnAttribute, Relationship } from "./entity.js";
import type { Mapping } from "./mapping.js";
import type { RelationshipDraft } from "./relationships.js";
import { loadingOf } from "./relationships.js";
import { isFalse } from "./calls.js";

const lastPart = (table: string) => table.slice(table.lastIndexOf(".") + 1);

/** Columns of `from` that point to the table of one of `to`. */
function keysTo(from: Mapping, to: readonly Mapping[]): readonly ColumnAttribute[] {
  const points = (column: ColumnAttribute) => {
    const table = column.foreignKey?.table;
    if (table === undefined) return false;
    return to.some((target) => namesTable(target, table));
  };
  return [...from.columns.values()].filter(points);
}

function namesTable(target: Mapping, table: string): boolean {
  const { name } = target.ref.fact;
  if (table.startsWith("class:")) return table === `class:${name}`;
  if (target.table !== undefined) return target.table === lastPart(table);
  // The table's name is computed: nearly always from the class's.
  const plain = lastPart(table).replaceAll("_", "").toLowerCase();
  return plain === name.toLowerCase() || plain === `${name.toLowerCase()}s`;
}

/**
 * To many or to one, as SQLAlchemy finds it: by the foreign keys between the tables.
 * @param lineage the target with the entities it inherits from
 */
export function directionOf(draft: RelationshipDraft, owner: readonly Mapping[], lineage: readonly Mapping[]): boolean | undefined {
  if (draft.collection !== undefined) return draft.collection;
  if (draft.secondary) return true;
  const target = lineage[0];
  const own = owner[0];
  if (!target || !own) return undefined;
  if (owner.some((one) => lineage.some((other) => one.id === other.id))) return !draft.remoteSide;
  const named = (keys: readonly ColumnAttribute[]) =>
    draft.foreignKeys.length ? keys.filter((key) => draft.foreignKeys.includes(key.name) || draft.foreignKeys.includes(key.column)) : keys;
  const outgoing = named(keysTo(own, lineage)).length > 0;
  const incoming = named(keysTo(target, owner)).length > 0;
  return outgoing === incoming ? undefined : incoming;
}

/** Attributes of the owner that hold the key of a many-to-one; empty where they cannot be told. */
export function localKeys(draft: RelationshipDraft, owner: Mapping, lineage: readonly Mapping[]): readonly string[] {
  const keys = keysTo(owner, lineage);
  const named = keys.filter((key) => draft.foreignKeys.includes(key.name) || draft.foreignKeys.includes(key.column));
  if (named.length) return named.map((key) => key.name);
  // Two keys to one table without `foreign_keys=`: one cannot tell which.
  return new Set(keys.map((key) => key.foreignKey?.column)).size === keys.length ? keys.map((key) => key.name) : [];
}

/** The relationship that `backref=` makes on the target. */
export function reverseOf(draft: RelationshipDraft, forward: Relationship, owner: Mapping, target: Mapping): Relationship | undefined {
  if (!draft.backref) return undefined;
  const { name, args } = draft.backref;
  const single = isFalse(args.find((arg) => arg.name === "uselist")?.value);
  const collection = single ? false : draft.secondary ? true : forward.collection === undefined ? undefined : !forward.collection;
  return {
    name,
    owner: target.id,
    targetName: owner.ref.fact.name,
    target: owner.id,
    ...(collection === undefined ? {} : { collection }),
    ...loadingOf(args),
    inverse: draft.name,
    viewonly: draft.viewonly,
    secondary: draft.secondary,
    localKeys: collection === false ? localKeys({ ...draft, secondary: false }, target, [owner]) : [],
    customJoin: draft.customJoin,
    file: draft.file,
    span: { start: draft.start, end: draft.end },
  };
}
