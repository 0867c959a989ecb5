import { asSql, condition, expression, fromItem, loose, selected, unknown } from "../execute/coerce.js";
import type { Machine } from "../execute/machine.js";
import { compare } from "../execute/operators.js";
import { switched, truth } from "../execute/decide.js";
import {
  refuse,
  refuseValue,
  type EntityUse,
  type From,
  type JoinStep,
  type Lock,
  type Select,
  type Selected,
  type Sql,
} from "../sql/ir.js";
import { targetOf, relationshipOf } from "../mapping/relationships.js";
import { isUse, selectableOf } from "../compile/plan.js";
import type { Args, Value } from "../values.js";
import { optionsOf } from "./options.js";
import { findColumn } from "../execute/columns.js";
import { onlyForOthers, type DialectMethod } from "./dialects.js";
import { slice } from "./slices.js";
import { entityAttribute } from "../execute/attributes.js";
import { compareRelationship } from "../execute/relationshipComparison.js";
import { Frame } from "../execute/frame.js";

type Method = (m: Machine, select: Select, args: Args) => Select;

const flattened = (values: readonly Value[]): readonly Value[] =>
  values.flatMap((value) => (value.kind === "list" ? (value.open === undefined ? flattened(value.items) : [value]) : [value]));

/** Keywords that are not known make the whole not known. */
export function noOthers(args: Args, known: readonly string[], what: string): void {
  for (const [name, value] of args.keywords) {
    if (name === "**") unknown(value, what);
    if (!known.includes(name)) refuseValue(`${what}: the argument ${name} is not known`);
  }
}

const where: Method = (_m, select, args) => ({
  ...select,
  where: [...select.where, ...args.positional.map((value) => condition(value, "a condition"))],
});

/** The entity that `filter_by` looks in: the last one joined, else the first of FROM, else the first selected. */
function zeroOf(select: Select): EntityUse | From {
  const joined = select.joins.at(-1)?.right;
  if (joined) return joined;
  const [from] = select.from;
  if (from) return from;
  for (const column of select.columns) {
    if (column.kind === "entity") return column.use;
    if (column.kind === "from") return column.from;
    return columnOwner(column.sql) ?? refuse("filter_by() of a query without an entity");
  }
  return refuse("filter_by() of a query without an entity");
}
function columnOwner(sql: Sql): From | undefined {
  if (sql.kind === "column") return sql.from;
  if (sql.kind === "label") return columnOwner(sql.item);
  return undefined;
}

export function attributeNamed(m: Machine, zero: EntityUse | From, name: string): Value {
  if (isUse(zero)) {
    const expr = { kind: "name", id: name, start: 0, end: 0 } as const;
    const value = entityAttribute(m, zero, name, expr, new Frame(zero.entity.file, 0, 0));
    return value.kind === "unknown" ? refuse(`${zero.entity.name} has no attribute ${name}`) : value;
  }
  const entity = [...m.index.entities.values()].filter((one) => one.table !== undefined && m.mapping.use(one).selectable === zero);
  if (entity.length === 1) return attributeNamed(m, m.mapping.use(entity[0]!), name);
  const column = findColumn(m, zero, name);
  return column ? { kind: "sql", sql: column } : refuse(`there is no column ${name} to filter by`);
}

const filterBy: Method = (m, select, args) => {
  const zero = zeroOf(select);
  const conditions = [...args.keywords].map(([name, value]): Sql => {
    if (name === "**") return unknown(value, "filter_by()");
    const attribute = attributeNamed(m, zero, name);
    if (attribute.kind === "relationship") return compareRelationship(m, "==", attribute.use, value);
    const left = asSql(attribute) ?? unknown(attribute, `filter_by(${name}=…)`);
    return compare(m, "=", left, value);
  });
  return { ...select, where: [...select.where, ...conditions] };
};

function join(outer: boolean, full = false): Method {
  return (m, select, args) => {
    noOthers(args, ["isouter", "full", "onclause", "target"], "join()");
    const flag = (name: string, otherwise: boolean) =>
      args.keywords.has(name) ? switched(m, args.keywords.get(name), `join(${name}=…)`) : otherwise;
    const isOuter = flag("isouter", outer);
    const isFull = flag("full", full);
    const [target = args.keywords.get("target"), on = args.keywords.get("onclause"), ...more] = args.positional;
    if (!target) return refuse("join() without a target");
    const step = stepOf(m, target, on, isOuter, isFull);
    let result: Select = { ...select, joins: [...select.joins, step] };
    // 1.x: `join(A, B)` and `join(A.bs, B.cs)` join one after the other.
    for (const each of more) result = { ...result, joins: [...result.joins, stepOf(m, each, undefined, isOuter, isFull)] };
    return result;
  };
}

export function stepOf(m: Machine, target: Value, on: Value | undefined, outer: boolean, full: boolean): JoinStep {
  if (target.kind === "relationship") {
    const { use } = target;
    const right = use.ofType ?? m.mapping.use(targetOf(m.mapping, relationshipOf(use.owner, use.name)));
    return { right, on: use, outer, full };
  }
  const right = target.kind === "statement" ? refuse("a join with a SELECT that is no subquery") : fromItem(target, "join()");
  if (!on) return { right, outer, full };
  if (on.kind === "relationship") return { right, on: on.use, outer, full };
  if (on.kind === "constant" && typeof on.value === "string") return refuse("a join by the name of a relationship");
  return { right, on: condition(on, "the ON clause of a join"), outer, full };
}

const joinFrom: Method = (m, select, args) => {
  noOthers(args, ["isouter", "full", "onclause"], "join_from()");
  const [left, target, on = args.keywords.get("onclause")] = args.positional;
  if (!left || !target) return refuse("join_from() without a target");
  const flag = (name: string) => switched(m, args.keywords.get(name), `join_from(${name}=…)`);
  const step = stepOf(m, target, on, flag("isouter"), flag("full"));
  const base = fromItem(left, "join_from()");
  return { ...select, joins: [...select.joins, { ...step, left: base }] };
};

/** Numbers of LIMIT and OFFSET; None takes the clause away. */
export function countBind(m: Machine, value: Value): Sql | undefined {
  if (value.kind === "constant" && value.value === null) return undefined;
  return expression(m, value, { type: "integer", base: "param" }, "a number of rows");
}

const columns = (_m: Machine, values: readonly Value[], what: string): Selected[] =>
  flattened(values).flatMap((value) => selected(value, what));

/** `order_by`: strings name labels of the statement. */
function sortKeys(select: Select, values: readonly Value[]): Sql[] {
  return flattened(values).flatMap((value): Sql[] => {
    if (value.kind === "constant" && value.value === null) return [];
    if (value.kind === "constant" && typeof value.value === "string") return [named(select, value.value)];
    if (value.kind === "constant" && typeof value.value === "boolean") return [];
    return [referred(select, asSql(value) ?? unknown(value, "order_by()"))];
  });
}
const referred = (select: Select, sql: Sql): Sql => {
  if (sql.kind === "reference") return named(select, sql.name);
  return sql.kind === "sort" ? { ...sql, item: referred(select, sql.item) } : sql;
};

/** `order_by("total")`, `group_by("name")`: a label, or a column of what is selected. */
function named(select: Select, text: string): Sql {
  for (const column of select.columns)
    if (column.kind === "sql" && column.sql.kind === "label" && column.sql.name === text) return column.sql;
  for (const column of select.columns)
    if (column.kind === "sql" && column.sql.kind === "column" && (column.sql.name === text || column.sql.key === text)) return column.sql;
  for (const column of select.columns)
    if (column.kind === "entity") {
      const found = column.use.columnOf(text);
      if (found) return found;
    }
  return refuse(`"${text}" names no column of the query`);
}

const limitBy =
  (field: "limit" | "offset"): Method =>
  (m, select, args) => {
    const [value] = args.positional;
    const sql = value ? countBind(m, value) : undefined;
    const { [field]: _before, ...rest } = select;
    return sql ? { ...rest, [field]: sql } : rest;
  };

const distinct: Method = (m, select, args) => {
  if (args.positional.length === 0) return { ...select, distinct: true };
  return { ...select, distinct: flattened(args.positional).map((value) => expression(m, value, loose, "distinct()")) };
};

const withForUpdate: Method = (m, select, args) => ({ ...select, lock: lockOf(m, args) });

export function lockOf(m: Machine, args: Args): Lock {
  noOthers(args, ["nowait", "read", "of", "skip_locked", "key_share"], "with_for_update()");
  const flag = (name: string) => switched(m, args.keywords.get(name), `with_for_update(${name}=…)`);
  const [read, share] = [flag("read"), flag("key_share")];
  const strength = read ? (share ? "LCS_FORKEYSHARE" : "LCS_FORSHARE") : share ? "LCS_FORNOKEYUPDATE" : "LCS_FORUPDATE";
  const of = args.keywords.get("of");
  const items = of === undefined || (of.kind === "constant" && of.value === null) ? [] : of.kind === "list" ? of.items : [of];
  const lock: Lock = {
    strength,
    of: items.flatMap((item): From[] =>
      item.kind === "sql" && item.sql.kind === "column" ? [item.sql.from] : [selectableOf(fromItem(item, "with_for_update(of=…)"))],
    ),
    ...(flag("nowait") ? { wait: "LockWaitError" as const } : flag("skip_locked") ? { wait: "LockWaitSkip" as const } : {}),
  };
  return lock;
}

const correlate =
  (kind: "only" | "except"): Method =>
  (_m, select, args) => ({
    ...select,
    correlate: {
      [kind]: args.positional.flatMap((value) => (value.kind === "constant" ? [] : [selectableOf(fromItem(value, "correlate()"))])),
    },
  });

const unchanged: Method = (_m, select) => select;
const forOthers =
  (name: DialectMethod): Method =>
  (_m, select, args) => {
    onlyForOthers(name, args);
    return select;
  };

/** Methods that give another SELECT. */
export const selectMethods: Readonly<Record<string, Method>> = {
  where,
  filter: where,
  filter_by: filterBy,
  join: join(false),
  outerjoin: join(true),
  join_from: joinFrom,
  outerjoin_from: (m, select, args) =>
    joinFrom(m, select, { ...args, keywords: new Map([...args.keywords, ["isouter", { kind: "constant", value: true }]]) }),
  select_from: (_m, select, args) => ({
    ...select,
    from: [...select.from, ...args.positional.map((value) => fromItem(value, "select_from()"))],
  }),
  order_by: (_m, select, args) => {
    const [first] = args.positional;
    const reset = first?.kind === "constant" && (first.value === null || first.value === false);
    return { ...select, order: [...(reset ? [] : select.order), ...sortKeys(select, args.positional)] };
  },
  group_by: (_m, select, args) => {
    const [first] = args.positional;
    if (first?.kind === "constant" && first.value === null) return { ...select, group: [] };
    const items = flattened(args.positional).flatMap((value): Sql[] => {
      if (value.kind === "entity")
        return value.use.columns.filter(({ column }) => !column.computed).map(({ attribute }) => value.use.columnOf(attribute)!);
      return sortKeys(select, [value]).map((sql): Sql =>
        value.kind === "constant" && sql.kind === "label" ? { kind: "sort", item: sql, type: sql.type } : sql,
      );
    });
    return { ...select, group: [...select.group, ...items] };
  },
  having: (_m, select, args) => ({
    ...select,
    having: [...select.having, ...args.positional.map((value) => condition(value, "having()"))],
  }),
  limit: limitBy("limit"),
  offset: limitBy("offset"),
  slice: (m, select, args) => slice(m, select, args.positional[0]!, args.positional[1]!),
  distinct,
  options: (_m, select, args) => ({
    ...select,
    options: [...select.options, ...flattened(args.positional).flatMap((value) => optionsOf(value))],
  }),
  with_for_update: withForUpdate,
  add_columns: (m, select, args) => ({ ...select, columns: [...select.columns, ...columns(m, args.positional, "add_columns()")] }),
  add_column: (m, select, args) => ({ ...select, columns: [...select.columns, ...columns(m, args.positional, "add_column()")] }),
  add_entity: (m, select, args) => ({ ...select, columns: [...select.columns, ...columns(m, args.positional, "add_entity()")] }),
  with_only_columns: (m, select, args) => {
    noOthers(args, ["maintain_column_froms"], "with_only_columns()");
    const kept =
      truth(args.keywords.get("maintain_column_froms") ?? { kind: "constant", value: false }) ??
      refuseValue("maintain_column_froms is not a constant");
    const from = kept && select.from.length === 0 ? fromsOfColumns(select) : select.from;
    return { ...select, from, columns: columns(m, args.positional, "with_only_columns()") };
  },
  with_entities: (m, select, args) => ({ ...select, columns: columns(m, args.positional, "with_entities()") }),
  correlate: correlate("only"),
  correlate_except: correlate("except"),
  execution_options: unchanged,
  enable_eagerloads: (_m, select, args) =>
    truth(args.positional[0] ?? { kind: "constant", value: true }) === false
      ? { ...select, options: [...select.options, { strategy: "no eager", names: [], next: [] }] }
      : select,
  populate_existing: unchanged,
  autoflush: unchanged,
  yield_per: unchanged,
  with_hint: forOthers("with_hint"),
  prefix_with: forOthers("prefix_with"),
  suffix_with: forOthers("suffix_with"),
  with_statement_hint: forOthers("with_statement_hint"),
  add_cte: (_m) => refuse("add_cte()"),
  params: (_m) => refuse("params()"),
  reset_joinpoint: unchanged,
  set_label_style: unchanged,
};

function fromsOfColumns(select: Select): readonly (EntityUse | From)[] {
  return select.columns.flatMap((column): (EntityUse | From)[] => {
    if (column.kind === "entity") return [column.use];
    if (column.kind === "from") return [column.from];
    const owner = columnOwner(column.sql);
    return owner ? [owner] : [];
  });
}
