import type { Entity, Relationship } from "../../orm/index.js";
import type { Mapping } from "../mapping/mapping.js";
import { baseTable } from "../mapping/keys.js";
import { targetOf } from "../mapping/relationships.js";
import type { EntityUse, Select, Sql } from "../sql/ir.js";
import { junction } from "../sql/make.js";
import { usesKey } from "./lazy.js";
import type { Loading } from "./loading.js";
import { amongKeys, asPrimaryKey, isToOne, keyColumns, meetingOf, pairsOf, type Meeting, type Pair } from "./meeting.js";
import { loadingSelect } from "./statement.js";

/** What the statement looks for, and where it finds it. */
interface Source {
  readonly keys: readonly Sql[];
  readonly from: Select["from"];
  readonly joins?: Select["joins"];
  /** What is loaded is joined: its conditions stand there. */
  readonly joined?: true;
}

/**
 * The second statement of a select-in load: related rows of all rows at once, 500 to a statement.
 * @param hasColumn whether the owner's row was loaded with that attribute
 */
export function selectinLoad(mapping: Mapping, owner: EntityUse, loading: Loading, hasColumn: (name: string) => boolean): Select {
  const { relationship, criteria, next } = loading;
  const declaring = declaringEntity(mapping, owner.entity, relationship);
  const parent = declaring === owner.entity ? owner : mapping.use(declaring);
  const target = mapping.use(targetOf(mapping, relationship));
  const meeting = meetingOf(mapping, parent, relationship, target);
  const source = sourceOf(mapping, parent, loading, meeting, hasColumn);
  return loadingSelect(mapping, {
    columns: [...source.keys.map((sql) => ({ kind: "sql", sql }) as const), { kind: "entity", use: target }],
    where: [amongKeys(source.keys), ...(source.joined ? [] : criteria)],
    from: source.from,
    ...(source.joins ? { joins: source.joins } : {}),
    order: mapping.orderOf(parent, relationship.name, target),
    options: next,
  });
}

/** The mapped class that a relationship is inherited from. */
export function declaringEntity(mapping: Mapping, entity: Entity, { name, file, span }: Relationship): Entity {
  const above = entity.parents.flatMap((id) => mapping.index.entities.get(id) ?? []);
  const same = (one: Relationship | undefined) => one?.file === file && one.span.start === span.start;
  return above.findLast((one) => same(one.relationships.get(name))) ?? entity;
}

function sourceOf(mapping: Mapping, parent: EntityUse, loading: Loading, meeting: Meeting, hasColumn: (name: string) => boolean): Source {
  const { relationship } = loading;
  const { target } = meeting;
  const pairs = pairsOf(meeting, meeting.near);
  if (meeting.secondary) return throughSecondary(mapping, parent, loading, meeting, pairs);
  if (pairs && isToOne(mapping, pairs, relationship.name)) {
    // Without the key in hand SQLAlchemy asks by way of the owner's table.
    const inHand = pairs.every(({ local }) => hasColumn(String(local.name)));
    if (!inHand || !usesKey(meeting, relationship.collection)) return joined(mapping, parent, loading, target);
    return { keys: keyColumns(mapping, target), from: [target] };
  }
  const keys = pairs && asPrimaryKey(parent, pairs, ({ local }) => local);
  if (!keys) return joined(mapping, parent, loading, target);
  return { keys: keys.map(({ remote }) => ({ ...remote, use: target })), from: [target] };
}

/** 2.1 leaves the owner's table out where the secondary table has its whole key. */
function throughSecondary(
  mapping: Mapping,
  parent: EntityUse,
  loading: Loading,
  meeting: Meeting,
  pairs: readonly Pair[] | undefined,
): Source {
  const { target, far, secondary } = meeting;
  const keys = pairs && asPrimaryKey(parent, pairs, ({ local }) => local);
  const self = baseTable(parent.selectable) === baseTable(target.selectable);
  if (mapping.version !== "2.1" || !keys || self) return joined(mapping, parent, loading, target);
  const on = junction("AND", [far!, ...loading.criteria]);
  const joins = [{ right: target, on, outer: false, full: false }];
  return { keys: keys.map(({ remote }) => remote), from: [secondary!], joins, joined: true };
}

function joined(mapping: Mapping, parent: EntityUse, { relationship, criteria }: Loading, target: EntityUse): Source {
  const alias = mapping.alias(parent.entity);
  const on = { kind: "relationship", owner: alias, name: relationship.name, criteria } as const;
  return { keys: keyColumns(mapping, alias), from: [alias], joins: [{ right: target, on, outer: false, full: false }], joined: true };
}
