import { unknown } from "../execute/coerce.js";
import { refuse, type LoadOption, type Sql } from "../sql/ir.js";
import type { Args, Value } from "../values.js";

const strategies = new Set([
  "joinedload",
  "selectinload",
  "subqueryload",
  "lazyload",
  "noload",
  "raiseload",
  "immediateload",
  "contains_eager",
  "load_only",
  "defer",
  "undefer",
  "undefer_group",
  "defaultload",
  "Load",
  "with_loader_criteria",
  "with_expression",
  "selectin_polymorphic",
]);
export const isOption = (word: string) => strategies.has(word);

/** `selectinload(User.orders)`; `before`: what it hangs on. */
export function makeOption(strategy: string, args: Args, before?: LoadOption): Value {
  if (strategy === "with_loader_criteria" || strategy === "with_expression" || strategy === "selectin_polymorphic")
    return refuse(`${strategy}() is not translated`);
  const names: string[] = [];
  let owner: LoadOption["owner"];
  let ofType: LoadOption["ofType"];
  let criteria: readonly Sql[] = [];
  for (const value of args.positional.flatMap((one) => (one.kind === "list" ? one.items : [one]))) {
    if (value.kind === "relationship") {
      names.push(value.use.name);
      owner = value.use.owner;
      ofType = value.use.ofType;
      criteria = value.use.criteria;
    } else if (value.kind === "sql" && value.sql.kind === "column" && value.sql.key !== undefined) {
      names.push(value.sql.key);
    } else if (value.kind === "constant" && typeof value.value === "string") names.push(value.value);
    else if (value.kind === "entity") owner = value.use;
    else if (value.kind === "sql" || value.kind === "unknown" || value.kind === "parameter") {
      if (["load_only", "defer", "undefer", "joinedload", "contains_eager"].includes(strategy)) return unknown(value, `${strategy}()`);
    }
  }
  const inner = args.keywords.get("innerjoin");
  const option: LoadOption = {
    strategy,
    names,
    next: [],
    ...(owner ? { owner } : {}),
    ...(ofType ? { ofType } : {}),
    ...(criteria.length > 0 ? { criteria } : {}),
    ...([...args.keywords.keys()].some((word) => word !== "innerjoin") ? { special: true } : {}),
    ...(inner?.kind === "constant" && inner.value === true ? { innerJoin: true } : {}),
  };
  return { kind: "option", option: before ? appended(before, option) : option };
}

/** Strategies for columns: what is written behind them is about the same entity. */
const ofColumns = new Set(["load_only", "defer", "undefer", "undefer_group"]);
/** A chain goes on from what its last step loads. */
function appended(before: LoadOption, option: LoadOption): LoadOption {
  const last = before.next.at(-1);
  return last && !ofColumns.has(last.strategy)
    ? { ...before, next: [...before.next.slice(0, -1), appended(last, option)] }
    : { ...before, next: [...before.next, option] };
}

/** `joinedload(User.orders).options(a, b)`: each hangs on the last step of the chain. */
export function withOptions(before: LoadOption, args: Args): Value {
  const more = args.positional.flatMap(optionsOf);
  const on = (option: LoadOption): LoadOption => {
    const next = option.next.findLast(({ strategy }) => !ofColumns.has(strategy));
    return next
      ? { ...option, next: option.next.map((one) => (one === next ? on(one) : one)) }
      : { ...option, next: [...option.next, ...more] };
  };
  return { kind: "option", option: on(before) };
}

export function optionsOf(value: Value): readonly LoadOption[] {
  if (value.kind === "option") return [value.option];
  if (value.kind === "list" && value.open === undefined) return value.items.flatMap((item) => optionsOf(item));
  return unknown(value, "options()");
}
