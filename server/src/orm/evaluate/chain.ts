import type { CallExpr } from "../../python/index.js";
import { dottedOf } from "../entities/classes.js";
import { numberOf } from "../entities/calls.js";
import { collection, none, unknown, type QueryFlags, type QueryValue, type Value } from "../values/value.js";
import { all, byKeyword, isUnread } from "./conditions.js";
import type { Evaluator } from "./evaluator.js";
import { execute } from "./executions.js";
import { collectOptions } from "./options.js";
import { elementOf, isFew, notePlace, rowOf } from "./queries.js";

type Step = (query: QueryValue, call: CallExpr, args: readonly Value[]) => QueryValue;
const flag =
  (flags: QueryFlags): Step =>
  (query) => ({ ...query, flags: { ...query.flags, ...flags } });
const same: Step = (query) => query;
const fixedBy: Step = (query, call, args) => {
  const condition = all(args);
  const flags = call.args.some((arg, at) => isUnread(arg, args[at] ?? unknown))
    ? { ...query.flags, unreadFilter: true as const }
    : query.flags;
  return condition.kind === "condition" ? { ...query, flags, fixed: [...query.fixed, ...condition.fixed] } : query;
};
const limit: Step = (query, call) => {
  const count = numberOf(call.args[0]?.value);
  return count === undefined ? query : { ...query, flags: { ...query.flags, limit: count } };
};
const options: Step = (query, call, args) => {
  const { paths, uncertain } = collectOptions(call.args.map((arg, at) => ({ value: args[at] ?? unknown, expr: arg.value })));
  return { ...query, options: [...query.options, ...paths], uncertain: query.uncertain || uncertain };
};

/** Methods that give a query again. What they do not change here has no bearing on what rows are loaded with. */
const steps: Readonly<Record<string, Step>> = {
  ...Object.fromEntries(
    [
      "order_by",
      "offset",
      "select_from",
      "correlate",
      "correlate_except",
      "execution_options",
      "autoflush",
      "params",
      "prefix_with",
      "suffix_with",
    ]
      .concat([
        "with_hint",
        "with_statement_hint",
        "yield_per",
        "populate_existing",
        "set_label_style",
        "with_labels",
        "reset_joinpoint",
        "add_cte",
      ])
      .map((name) => [name, same]),
  ),
  where: fixedBy,
  filter: fixedBy,
  filter_by: (query, call) => {
    const flags = call.args.some((arg) => arg.splat) ? { ...query.flags, unreadFilter: true as const } : query.flags;
    return { ...query, flags, fixed: [...query.fixed, ...byKeyword(call)] };
  },
  having: flag({ grouped: true }),
  group_by: flag({ grouped: true }),
  distinct: flag({ distinct: true }),
  with_for_update: flag({ forUpdate: true }),
  limit,
  slice: same,
  join: flag({ joined: true }),
  outerjoin: flag({ joined: true }),
  join_from: flag({ joined: true }),
  outerjoin_from: flag({ joined: true }),
  options,
  union: flag({ compound: true }),
  union_all: flag({ compound: true }),
  except_: flag({ compound: true }),
  intersect: flag({ compound: true }),
  from_statement: flag({ compound: true }),
  from_self: flag({ compound: true }),
  enable_eagerloads: (query) => ({ ...query, uncertain: true }),
  with_parent: (query) => ({ ...query, uncertain: true }),
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
    const next = step(query, call, args);
    return notePlace(ev, name === "options" ? withOptionsCall(ev, next, call) : next, call);
  }
  if (name === "with_entities" || name === "with_only_columns" || name === "add_columns" || name === "add_entity" || name === "add_column")
    return notePlace(ev, withTargets(ev, query, call, args, name.startsWith("add")), call);
  if (!query.bound) return unknown;
  return terminal(ev, query, name, call, awaited);
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
  const made = call.args.map((arg, at) => ({
    value: args[at] ?? unknown,
    start: arg.value.start,
    end: arg.value.end,
    text: dottedOf(arg.value),
  }));
  return { ...query, targets: add ? [...query.targets, ...made] : made };
}

/** What sends the statement: `all()`, `first()`, `count()` … */
function terminal(ev: Evaluator, query: QueryValue, name: string, call: CallExpr, awaited: boolean): Value {
  const run = (operation: "select" | "get" | "write") => execute(ev, call, { operation, query, async: awaited });
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
    if (name === "count") run("select");
    return unknown;
  }
  if (name === "paginate") {
    run("select");
    return { kind: "page", of: elementOf(ev, query, awaited) };
  }
  if (name === "delete" || name === "update") {
    run("write");
    return none;
  }
  // A relationship that is `dynamic` or `write_only` has `select()`, `add()`, `remove()`.
  return name === "select" ? { ...query, bound: false } : unknown;
}
