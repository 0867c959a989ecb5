import type { CallExpr } from "../../python/index.js";
import { isFalse, isTrue, keyword, numberOf } from "../entities/calls.js";
import { collection, none, unknown, type QueryFlags, type QueryValue, type Value } from "../values/value.js";
import { all, byKeyword, isUnread, parentByName, parentCondition } from "./conditions.js";
import type { Evaluator } from "./evaluator.js";
import { execute } from "./executions.js";
import { heldRow, sessionOfChain } from "./keysInHand.js";
import { joinCall, joinsOf } from "./joins.js";
import { argumentsOf, collectOptions } from "./options.js";
import { elementOf, isFew, notePlace, rowOf, targetsOf } from "./queries.js";

type Step = (query: QueryValue, at: { ev: Evaluator; call: CallExpr; args: readonly Value[] }) => QueryValue;
const flag =
  (flags: QueryFlags): Step =>
  (query) => ({ ...query, flags: { ...query.flags, ...flags } });
const same: Step = (query) => query;
const fixedBy: Step = (query, { call, args }) =>
  withCondition(
    query,
    all(args),
    call.args.some((arg, at) => isUnread(arg, args[at] ?? unknown)),
  );

function withCondition(query: QueryValue, condition: Value, unread: boolean): QueryValue {
  const flags = { ...query.flags, filtered: true as const, ...(unread ? { unreadFilter: true as const } : {}) };
  return condition.kind === "condition" ? { ...query, flags, fixed: [...query.fixed, ...condition.fixed] } : { ...query, flags };
}

/** `query.with_parent(org)`: what could not be read may be any many-to-one. */
const withParent: Step = (query, { ev, call, args }) => {
  const target = query.targets[0]?.value;
  const entity = target?.kind === "entityClass" ? target.entity : undefined;
  const known = parentCondition(ev.index, args, entity);
  const condition =
    known.kind === "unknown" && entity !== undefined && args[0]?.kind === "unknown" ? parentByName(ev.index, call, entity) : known;
  return withCondition(query, condition, condition.kind !== "condition");
};
const limit: Step = (before, { call }) => {
  const count = numberOf(call.args[0]?.value);
  const query = { ...before, flags: { ...before.flags, filtered: true as const } };
  return count === undefined ? query : { ...query, flags: { ...query.flags, limit: count } };
};
const options: Step = (query, { call, args }) => {
  const { paths, uncertain } = collectOptions(argumentsOf(call, args));
  return { ...query, options: [...query.options, ...paths], uncertain: query.uncertain || uncertain };
};
const executionOptions: Step = (query, { call }) =>
  isTrue(keyword(call, "populate_existing")) ? { ...query, flags: { ...query.flags, populateExisting: true } } : query;

const joined =
  (outer: boolean, from: 0 | 1 = 0): Step =>
  (query, { ev, call, args }) => ({
    ...query,
    flags: { ...query.flags, joined: true },
    joins: [...(query.joins ?? []), ...joinsOf(ev, query, call, args, outer, from)],
  });
/** `select_from(join(User, Order))`: joins something. */
const selectFrom: Step = (query, { ev, call }) => {
  const joins = call.args.flatMap(({ value }) => (value.kind === "call" ? joinCall(ev, value) : []));
  return joins.length ? { ...query, flags: { ...query.flags, joined: true }, joins: [...(query.joins ?? []), ...joins] } : query;
};

/** A union of `select()`s yields their columns; one of queries yields their entities. */
const compound: Step = (query) => ({
  ...query,
  flags: { ...query.flags, compound: true },
  targets: query.bound ? query.targets : query.targets.map((target) => ({ ...target, value: unknown })),
});

/** Methods that give a query again. What they do not change here has no bearing on what rows are loaded with. */
const steps: Readonly<Record<string, Step>> = {
  ...Object.fromEntries(
    ["order_by", "offset", "correlate", "correlate_except", "autoflush", "params", "prefix_with", "suffix_with", "with_hint"]
      .concat(["with_statement_hint", "yield_per", "set_label_style", "with_labels", "reset_joinpoint", "add_cte", "tuples", "slice"])
      .map((name) => [name, same]),
  ),
  execution_options: executionOptions,
  populate_existing: flag({ populateExisting: true }),
  select_from: selectFrom,
  where: fixedBy,
  filter: fixedBy,
  filter_by: (query, { call }) => {
    const flags = {
      ...query.flags,
      filtered: true as const,
      ...(call.args.some((arg) => arg.splat) ? { unreadFilter: true as const } : {}),
    };
    return { ...query, flags, fixed: [...query.fixed, ...byKeyword(call)] };
  },
  having: flag({ grouped: true }),
  group_by: flag({ grouped: true }),
  distinct: flag({ distinct: true }),
  with_for_update: (query, { call }) => ({
    ...query,
    flags: {
      ...query.flags,
      forUpdate: true,
      ...(keyword(call, "nowait") || keyword(call, "skip_locked") ? { lockedApart: true as const } : {}),
    },
  }),
  limit,
  join: joined(false),
  outerjoin: joined(true),
  join_from: joined(false, 1),
  outerjoin_from: joined(true, 1),
  options,
  union: compound,
  union_all: compound,
  except_: compound,
  except_all: compound,
  intersect: compound,
  intersect_all: compound,
  from_statement: flag({ compound: true, fromStatement: true }),
  from_self: flag({ compound: true }),
  enable_eagerloads: (query, { call }) =>
    isFalse(call.args[0]?.value) ? { ...query, uncertain: true, flags: { ...query.flags, withoutEagerLoads: true } } : query,
  with_parent: withParent,
};

const toMany = new Set(["all", "__iter__"]);
const toOne = new Set(["first", "one", "one_or_none", "first_or_404", "one_or_404", "get", "get_or_404"]);

/** A method call on a query expression. */
export function queryMethod(
  ev: Evaluator,
  query: QueryValue,
  name: string,
  call: CallExpr,
  args: readonly Value[],
  awaited: boolean,
): Value {
  query = withIndent(query, call);
  const step = steps[name];
  if (step) {
    const next = step(query, { ev, call, args });
    return notePlace(ev, name === "options" ? withOptionsCall(ev, next, call) : next, call);
  }
  if (name === "with_entities" || name === "with_only_columns" || name === "add_columns" || name === "add_entity" || name === "add_column")
    return notePlace(ev, withTargets(ev, query, call, args, name.startsWith("add")), call);
  if (!query.bound) return unknown;
  return (name.startsWith("get") && heldByKey(ev, query, call, args, awaited)) || terminal(ev, query, name, call, awaited);
}

/** The first link behind the root shows how the chain is laid out. */
function withIndent(query: QueryValue, call: CallExpr): QueryValue {
  const { callee } = call;
  if (callee.kind !== "attribute" || callee.indent === undefined || callee.of.end !== query.site.end) return query;
  return { ...query, indent: callee.indent };
}

/** Where a fix can put another option: only when this call is written out at the query itself. */
function withOptionsCall(ev: Evaluator, query: QueryValue, call: CallExpr): QueryValue {
  const last = call.args.at(-1)?.value;
  const empty = last === undefined;
  const indent = call.indent === undefined ? {} : { indent: call.indent };
  const insertAt = last ? last.end : call.end - 1;
  return { ...query, optionsCalls: [...query.optionsCalls, { file: ev.file, chainStart: call.start, insertAt, empty, ...indent }] };
}

function withTargets(ev: Evaluator, query: QueryValue, call: CallExpr, args: readonly Value[], add: boolean): QueryValue {
  if (!add) ev.found.reshaped.add(`${query.site.file}:${query.site.start}`);
  const made = call.args.flatMap((arg, at) =>
    arg.name === undefined ? targetsOf(ev, arg.value, args[at] ?? unknown, arg.splat !== undefined) : [],
  );
  return { ...query, targets: add ? [...query.targets, ...made] : made };
}

/** `query(User).get(user.id)`, of a row that the session holds. */
function heldByKey(ev: Evaluator, query: QueryValue, call: CallExpr, args: readonly Value[], async: boolean): Value | undefined {
  const target = query.targets[0]?.value;
  if (target?.kind !== "entityClass" || query.flags.forUpdate || query.flags.populateExisting) return undefined;
  const written = sessionOfChain(call);
  // A query that was made before: by which session is not written here.
  if (query.site.style === "query" && !written) return undefined;
  const proved = written?.kind === "name" && ev.env.get(written.id)?.kind === "session";
  return heldRow(ev, { entity: target.entity, key: args[0], async, session: written, proved });
}

/** What sends the statement: `all()`, `first()`, `count()` … */
function terminal(ev: Evaluator, query: QueryValue, name: string, call: CallExpr, awaited: boolean): Value {
  const run = (operation: "select" | "get") => execute(ev, call, { operation, query, async: awaited });
  if (toMany.has(name)) {
    run("select");
    return collection(elementOf(ev, query, awaited), isFew(query) ? { few: true } : {});
  }
  if (toOne.has(name)) {
    run(name.startsWith("get") ? "get" : "select");
    return elementOf(ev, query, awaited);
  }
  if (name === "scalar") {
    run("select");
    return rowOf(ev, query, awaited).first;
  }
  if (name === "count" || name === "exists") {
    if (name === "count") execute(ev, call, { operation: "select", query, by: "count", async: awaited });
    return unknown;
  }
  if (name === "paginate") {
    run("select");
    return { kind: "page", of: elementOf(ev, query, awaited) };
  }
  if (name === "delete" || name === "update") {
    execute(ev, call, { operation: "write", verb: name, query, async: awaited });
    return none;
  }
  // A relationship that is `dynamic` or `write_only` has `select()`, `add()`, `remove()`.
  return name === "select" ? { ...query, bound: false } : unknown;
}
