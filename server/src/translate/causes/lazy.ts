import type { Mapping } from "../mapping/mapping.js";
import { targetOf } from "../mapping/relationships.js";
import type { EntityUse, LoadOption, Select, Sql } from "../sql/ir.js";
import { loadingOf, type Loading } from "./loading.js";
import { asPrimaryKey, byKey, isToOne, meetingOf, pairsOf, withValues, type Meeting } from "./meeting.js";
import { labelsOf, loadingSelect } from "./statement.js";

/** The statement that reading a relationship of one row sends. */
export function lazyLoad(mapping: Mapping, owner: EntityUse, loading: Loading): Select {
  const { relationship, criteria } = loading;
  const target = mapping.use(targetOf(mapping, relationship));
  const meeting = meetingOf(mapping, owner, relationship, target);
  const columns = [{ kind: "entity", use: target }] as const;
  if (criteria.length === 0 && usesKey(meeting, relationship.collection))
    return loadingSelect(mapping, { columns, where: [byKey(mapping, target)], options: loading.next });
  return loadingSelect(
    mapping,
    {
      columns,
      where: [...conditions(meeting), ...criteria],
      ...(meeting.secondary ? { from: [target, meeting.secondary] } : {}),
      order: mapping.orderOf(owner, relationship.name, target),
      options: isQuery(loading) ? [] : [...loading.next, ...backOptions(mapping, target, loading)],
    },
    loading.by === "dynamic" ? "table" : loading.by === "write_only" ? "second" : labelsOf(mapping, "none"),
  );
}

/** `lazy="dynamic"` and `"write_only"`: a query of its own, sent when it is iterated. */
export const isQuery = ({ by }: Loading): boolean => by === "dynamic" || by === "write_only";

const conditions = (meeting: Meeting): readonly Sql[] => [withValues(meeting, meeting.near), ...(meeting.far ? [meeting.far] : [])];

/** The related row is asked for by its primary key, as `session.get` does. */
export function usesKey(meeting: Meeting, collection: boolean | undefined): boolean {
  if (collection !== false || meeting.secondary) return false;
  const pairs = pairsOf(meeting, meeting.near);
  return pairs !== undefined && asPrimaryKey(meeting.target, pairs, ({ remote }) => remote) !== undefined;
}

/** The way back is known: a default that would join it is left out. */
function backOptions(mapping: Mapping, target: EntityUse, { relationship }: Loading): readonly LoadOption[] {
  const back = relationship.inverse === undefined ? undefined : target.entity.relationships.get(relationship.inverse);
  const loading = back && loadingOf(mapping, back, []);
  if (!back || !loading || loading.by === "select" || loading.by.startsWith("raise")) return [];
  const meeting = meetingOf(mapping, target, back, mapping.use(targetOf(mapping, back)));
  const pairs = pairsOf(meeting, meeting.near);
  if (!pairs || !usesKey(meeting, back.collection) || !isToOne(mapping, pairs, back.name)) return [];
  return [{ strategy: "lazyload", names: [back.name], owner: target, next: [] }];
}
