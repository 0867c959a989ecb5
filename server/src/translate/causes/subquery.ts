import type { Mapping } from "../mapping/mapping.js";
import { offered } from "../compile/compiler.js";
import { leavesOf } from "../mapping/keys.js";
import { targetOf } from "../mapping/relationships.js";
import { adapted } from "../sql/adapt.js";
import { refuse, type EntityUse, type From, type Select, type Sql } from "../sql/ir.js";
import { anonymous } from "../sql/make.js";
import type { Loading } from "./loading.js";
import { asPrimaryKey, meetingOf, pairsOf, type Meeting, type Pair } from "./meeting.js";
import { loadingSelect } from "./statement.js";

/** The statement of a subquery load: the query itself, cut down to keys, joined with what is loaded. */
export function subqueryLoad(mapping: Mapping, owner: EntityUse, loading: Loading, original: Select | undefined): Select {
  const { relationship, criteria, next } = loading;
  if (!original || owner.aliased) return refuse("a subquery load within another load");
  const target = mapping.use(targetOf(mapping, relationship));
  const meeting = meetingOf(mapping, owner, relationship, target);
  if (meeting.owner !== owner) return refuse("a subquery load of a table from itself");
  const pairs = pairsOf(meeting, meeting.near) ?? refuse(`${relationship.name} has a condition of its own`);
  const inner: From = { kind: "subquery", statement: keysOnly(original, owner, pairs), name: anonymous("anon") };
  const columns = offered(mapping, inner);
  const replace = new Map<object, object>(pairs.map(({ local }, at) => [local, columns[at]!]));
  return loadingSelect(
    mapping,
    {
      columns: [{ kind: "entity", use: target }, ...pairs.map((_, at) => ({ kind: "sql", sql: columns[at]! }) as const)],
      where: criteria,
      from: [joined(meeting, inner, adapted(meeting.near, replace))],
      order: mapping.orderOf(owner, relationship.name, target),
      options: next,
    },
    "table",
  );
}

/** Its order counts only together with a limit; what is no primary key can come several times. */
function keysOnly(original: Select, owner: EntityUse, pairs: readonly Pair[]): Select {
  const limited = original.limit !== undefined || original.offset !== undefined;
  const distinct = asPrimaryKey(owner, pairs, ({ local }) => local) === undefined;
  if (leavesOf(owner.selectable).length > 1) return refuse("a subquery load of a class of several tables");
  if (original.group.length > 0 || original.having.length > 0 || original.lock || original.columns.length > 1)
    return refuse("a subquery load of such a query");
  if (original.distinct !== false || (distinct && limited && original.order.length > 0)) return refuse("a subquery load of distinct rows");
  return {
    ...original,
    columns: pairs.map(({ local }) => ({ kind: "sql", sql: { ...local, use: owner } as Sql })),
    from: original.from.length > 0 ? original.from : [owner],
    order: limited ? original.order : [],
    distinct,
    options: [{ strategy: "no eager", names: [], next: [] }],
    tableLabels: true,
  };
}

function joined({ secondary, far, target }: Meeting, inner: From, near: Sql): From {
  const kind = { kind: "join", outer: false, full: false } as const;
  if (!secondary || !far) return { ...kind, left: inner, right: target.selectable, on: near };
  // Between two others the secondary table has an alias.
  const alias: From = secondary.kind === "table" ? { kind: "alias", of: secondary, name: anonymous(secondary.name) } : secondary;
  const renamed = (sql: Sql) => adapted(sql, new Map<object, object>([[secondary, alias]]));
  return { ...kind, left: { ...kind, left: inner, right: alias, on: renamed(near) }, right: target.selectable, on: renamed(far) };
}
