import type { Mapping } from "../mapping/mapping.js";
import { baseTable } from "../mapping/keys.js";
import { targetOf } from "../mapping/relationships.js";
import { refuse, type EntityUse, type From, type Select, type Sql } from "../sql/ir.js";
import { usesKey } from "./lazy.js";
import type { Loading } from "./loading.js";
import { amongKeys, asPrimaryKey, isToOne, keyColumns, meetingOf, pairsOf, type Meeting, type Pair } from "./meeting.js";
import { loadingSelect } from "./statement.js";

/** What the statement looks for, and where it finds it. */
interface Source {
  readonly keys: readonly Sql[];
  readonly from: Select["from"];
  readonly joins?: Select["joins"];
}

/**
 * The second statement of a select-in load: related rows of all rows at once, 500 to a statement.
 * @param hasColumn whether the owner's row was loaded with that attribute
 */
export function selectinLoad(mapping: Mapping, owner: EntityUse, loading: Loading, hasColumn: (name: string) => boolean): Select {
  const { relationship, criteria, next } = loading;
  const declaring = mapping.index.entities.get(relationship.owner);
  const parent = declaring?.table === undefined ? owner : mapping.use(declaring);
  const target = mapping.use(targetOf(mapping, relationship));
  const meeting = meetingOf(mapping, parent, relationship, target);
  const source = sourceOf(mapping, parent, loading, meeting, hasColumn);
  return loadingSelect(mapping, {
    columns: [...source.keys.map((sql) => ({ kind: "sql", sql }) as const), { kind: "entity", use: target }],
    where: [amongKeys(source.keys), ...criteria],
    from: source.from,
    ...(source.joins ? { joins: source.joins } : {}),
    order: mapping.orderOf(parent, relationship.name, target),
    options: next,
  });
}

function sourceOf(
  mapping: Mapping,
  parent: EntityUse,
  { relationship }: Loading,
  meeting: Meeting,
  hasColumn: (name: string) => boolean,
): Source {
  const { target } = meeting;
  const pairs = pairsOf(meeting, meeting.near);
  if (meeting.secondary) return throughSecondary(mapping, parent, relationship.name, meeting, pairs);
  if (pairs && isToOne(mapping, pairs, relationship.name)) {
    if (!usesKey(meeting, relationship.collection)) return joined(mapping, parent, relationship.name, target);
    // Without the key in hand SQLAlchemy asks by way of the owner's table.
    if (!pairs.every(({ local }) => hasColumn(String(local.name)))) return refuse("the foreign key was not loaded");
    return { keys: keyColumns(mapping, target), from: [target] };
  }
  const keys = pairs && asPrimaryKey(parent, pairs, ({ local }) => local);
  if (!keys) return joined(mapping, parent, relationship.name, target);
  return { keys: keys.map(({ remote }) => ({ ...remote, use: target })), from: [target] };
}

/** 2.1 leaves the owner's table out where the secondary table has its whole key. */
function throughSecondary(
  mapping: Mapping,
  parent: EntityUse,
  name: string,
  meeting: Meeting,
  pairs: readonly Pair[] | undefined,
): Source {
  const { target, far, secondary } = meeting;
  const keys = pairs && asPrimaryKey(parent, pairs, ({ local }) => local);
  const self = baseTable(parent.selectable) === baseTable(target.selectable);
  if (mapping.version !== "2.1" || !keys || self) return joined(mapping, parent, name, target);
  const from: From = { kind: "join", left: secondary!, right: target.selectable, on: far!, outer: false, full: false };
  return { keys: keys.map(({ remote }) => remote), from: [from] };
}

function joined(mapping: Mapping, parent: EntityUse, name: string, target: EntityUse): Source {
  const alias = mapping.alias(parent.entity);
  const on = { kind: "relationship", owner: alias, name, criteria: [] } as const;
  return { keys: keyColumns(mapping, alias), from: [alias], joins: [{ right: target, on, outer: false, full: false }] };
}
