import type { ColumnAttribute, Relationship } from "./entity.js";
import type { Mapping } from "./mapping.js";
import type { ColumnName, RelationshipDraft } from "./relationships.js";
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
  if (owner.some((one) => lineage.some((other) => one.id === other.id))) return selfReference(draft, own, lineage);
  const keys = (from: Mapping, to: readonly Mapping[]) => named(draft, keysTo(from, to)).length > 0;
  const outgoing = keys(own, lineage);
  const incoming = keys(target, owner);
  if (outgoing !== incoming) return incoming;
  return draft.foreign.length ? markedForeign(draft.foreign, own, target) : undefined;
}

const hasName = (names: readonly ColumnName[], column: ColumnAttribute) =>
  names.some(({ name }) => name === column.name || name === column.column);
const named = (draft: RelationshipDraft, keys: readonly ColumnAttribute[]) =>
  draft.foreign.length ? keys.filter((key) => hasName(draft.foreign, key)) : keys;

/** To one, where the remote side is what the key points to; to many, where it is the key itself, or is not told. */
function selfReference({ remote, foreign }: RelationshipDraft, own: Mapping, lineage: readonly Mapping[]): boolean {
  if (!remote) return true;
  return keysTo(own, lineage).some((key) => hasName(remote, key)) || foreign.some((key) => remote.some(({ name }) => name === key.name));
}

/** Without foreign keys in the tables: on which side the columns stand that are said to be foreign. */
function markedForeign(names: readonly ColumnName[], own: Mapping, target: Mapping): boolean | undefined {
  const of = (mapping: Mapping) =>
    names.some(({ of: owner, name }) =>
      owner === undefined ? mapping.columns.has(name) : owner === mapping.ref.fact.name || owner === mapping.table,
    );
  const outgoing = of(own);
  return outgoing === of(target) ? undefined : !outgoing;
}

/** Attributes of the owner that hold the key of a many-to-one; empty where they cannot be told. */
export function localKeys(draft: RelationshipDraft, owner: Mapping, lineage: readonly Mapping[]): readonly string[] {
  const keys = keysTo(owner, lineage);
  const told = draft.foreign.length ? [...owner.columns.values()].filter((column) => hasName(draft.foreign, column)) : [];
  if (told.length) return told.map((key) => key.name);
  // Two keys to one table without `foreign_keys=`: one cannot tell which.
  return new Set(keys.map((key) => key.foreignKey?.column)).size === keys.length ? keys.map((key) => key.name) : [];
}

/** The relationship that `backref=` makes on the target. */
export function reverseOf(draft: RelationshipDraft, forward: Relationship, owner: Mapping, target: Mapping): Relationship | undefined {
  if (!draft.backref) return undefined;
  const { name, args, loading } = draft.backref;
  const single = isFalse(args.find((arg) => arg.name === "uselist")?.value);
  const collection = single ? false : draft.secondary ? true : forward.collection === undefined ? undefined : !forward.collection;
  return {
    name,
    owner: target.id,
    targetName: owner.ref.fact.name,
    target: owner.id,
    ...(collection === undefined ? {} : { collection }),
    ...loading,
    inverse: draft.name,
    viewonly: draft.viewonly,
    secondary: draft.secondary,
    localKeys: collection === false ? localKeys({ ...draft, secondary: false }, target, [owner]) : [],
    customJoin: draft.customJoin,
    file: draft.file,
    span: { start: draft.start, end: draft.end },
  };
}
