import type { Mapping } from "../mapping/mapping.js";
import { offered } from "../compile/compiler.js";
import { classCondition } from "../mapping/inheritance.js";
import { leavesOf } from "../mapping/keys.js";
import { targetOf } from "../mapping/relationships.js";
import { adapted } from "../sql/adapt.js";
import { refuse, type EntityUse, type From, type Select, type Sql } from "../sql/ir.js";
import { anonymous, junction } from "../sql/make.js";
import type { Loading } from "./loading.js";
import { asPrimaryKey, meetingOf, pairsOf, type Meeting, type Pair } from "./meeting.js";
import { loadingSelect } from "./statement.js";

/** A relationship that is followed on the way from the query to what is loaded. */
export interface Step {
  readonly owner: EntityUse;
  readonly loading: Loading;
}

/** The statement of a subquery load: the query itself, cut down to keys, joined with what is loaded by way of all that lies between. */
export function subqueryLoad(mapping: Mapping, original: Select, steps: readonly Step[]): Select {
  const last = steps.at(-1)!;
  if (steps.slice(0, -1).some(({ loading }) => loading.criteria.length > 0)) return refuse("a subquery load behind a condition");
  const loaded = mapping.use(targetOf(mapping, last.loading.relationship));
  if (classCondition(mapping, loaded)) return refuse("a subquery load of a class that shares its table");
  let from: From | undefined;
  let owner = steps[0]!.owner;
  let keys: readonly Sql[] = [];
  for (const { loading } of steps) {
    const isLast = loading === last.loading;
    const target = isLast ? loaded : mapping.alias(targetOf(mapping, loading.relationship));
    const meeting = meetingOf(mapping, owner, loading.relationship, target);
    const pairs = pairsOf(meeting, meeting.near) ?? refuse(`${loading.relationship.name} has a condition of its own`);
    const inner: From | undefined = from ? undefined : queried(original, owner, pairs);
    keys = inner ? offered(mapping, inner).slice(0, pairs.length) : pairs.map(({ local }) => local);
    const replace = inner ? new Map<object, object>(pairs.map(({ local }, at) => [local, keys[at]!])) : new Map<object, object>();
    from = joined(meeting, from ?? inner!, adapted(meeting.near, replace), loading.criteria);
    owner = target;
  }
  return loadingSelect(
    mapping,
    {
      columns: [{ kind: "entity", use: loaded }, ...keys.map((sql) => ({ kind: "sql", sql }) as const)],
      where: [],
      from: [from!],
      order: mapping.orderOf(last.owner, last.loading.relationship.name, loaded),
      options: last.loading.next,
    },
    "table",
  );
}

/** The query for its keys only. Its order counts together with a limit; what is no primary key can come several times. */
function queried(original: Select, owner: EntityUse, pairs: readonly Pair[]): From {
  const limited = original.limit !== undefined || original.offset !== undefined;
  const distinct = original.distinct === true || asPrimaryKey(owner, pairs, ({ local }) => local) === undefined;
  if (owner.aliased || leavesOf(owner.selectable).length > 1) return refuse("a subquery load of an alias or a class of several tables");
  if (original.group.length > 0 || original.having.length > 0 || original.lock || Array.isArray(original.distinct))
    return refuse("a subquery load of such a query");
  if (original.columns.length > 1 && original.from.length === 0) return refuse("a subquery load of one of several entities");
  const keys = pairs.map(({ local }): Sql => ({ ...local, from: owner.selectable, use: owner }));
  const order = limited ? original.order : [];
  const statement: Select = {
    ...original,
    columns: [...keys, ...(distinct ? ordersBeside(keys, order) : [])].map((sql) => ({ kind: "sql", sql })),
    from: original.from.length > 0 ? original.from : [owner],
    order,
    distinct,
    options: [{ strategy: "no eager", names: [], next: [] }],
    tableLabels: true,
  };
  return { kind: "subquery", statement, name: anonymous("anon") };
}

/** DISTINCT rows can be ordered only by what is selected. */
function ordersBeside(keys: readonly Sql[], order: readonly Sql[]): readonly Sql[] {
  const columns = order.map((item) => (item.kind === "sort" ? item.item : item));
  return columns.flatMap((one) => {
    if (one.kind !== "column") return refuse("a subquery load of distinct rows that are ordered by an expression");
    return keys.some((key) => key.kind === "column" && key.from === one.from && key.name === one.name) ? [] : [one];
  });
}

function joined({ secondary, far, target }: Meeting, left: From, near: Sql, criteria: readonly Sql[]): From {
  const kind = { kind: "join", outer: false, full: false } as const;
  const right = target.selectable;
  if (!secondary || !far) return { ...kind, left, right, on: junction("AND", [near, ...criteria]) };
  // Between two others the secondary table has an alias.
  const alias: From = secondary.kind === "table" ? { kind: "alias", of: secondary, name: anonymous(secondary.name) } : secondary;
  const renamed = (sql: Sql) => adapted(sql, new Map<object, object>([[secondary, alias]]));
  return { ...kind, left: { ...kind, left, right: alias, on: renamed(near) }, right, on: junction("AND", [renamed(far), ...criteria]) };
}
