import { asSql, bound, unknown } from "../execute/coerce.js";
import type { Machine } from "../execute/machine.js";
import { refuse, type Sql } from "../sql/ir.js";
import { distinctOf, sqlNull } from "../sql/make.js";
import { sqlValue, type Args, type Value } from "../values.js";
import { typeOfValue } from "./typeValues.js";

/** What well-known functions give back; `first`: the type of their first argument. */
const results: Readonly<Record<string, string>> = {
  count: "integer",
  sum: "first",
  max: "first",
  min: "first",
  coalesce: "first",
  now: "timestamp with time zone",
  lower: "text",
  upper: "text",
  length: "integer",
  char_length: "integer",
  concat: "text",
  random: "double precision",
  row_number: "integer",
  rank: "integer",
  dense_rank: "integer",
  current_timestamp: "timestamp with time zone",
  current_date: "date",
  current_user: "text",
  localtimestamp: "timestamp without time zone",
};
/** Text search: a first argument of several is the configuration. */
const searchFunctions = new Set([
  "to_tsvector",
  "to_tsquery",
  "plainto_tsquery",
  "phraseto_tsquery",
  "websearch_to_tsquery",
  "ts_headline",
]);
/** Written without parentheses. */
const bare = new Set([
  "current_timestamp",
  "current_date",
  "current_time",
  "current_user",
  "session_user",
  "user",
  "localtime",
  "localtimestamp",
]);

/** `func.lower(User.name)`. */
export function callSqlFunction(m: Machine, name: readonly string[], args: Args): Value {
  const word = name.at(-1)!.replace(/_$/, "").replace(/^_/, "");
  const lowered = word.toLowerCase();
  const typed = args.keywords.get("type_");
  for (const key of args.keywords.keys()) if (key !== "type_") return refuse(`func.${word}(${key}=…)`);
  if (name.length === 1 && bare.has(lowered) && args.positional.length === 0)
    return sqlValue({ kind: "template", sql: lowered.toUpperCase(), items: [], type: results[lowered] ?? "", base: lowered });
  if (lowered === "count" && args.positional.length === 0)
    return sqlValue({ kind: "call", name: ["count"], args: [{ kind: "constant", value: "star", type: "" }], type: "integer" });
  let distinct = false;
  let order: readonly Sql[] = [];
  const values = args.positional.map((value, at): Sql => {
    const sql = argument(m, value, word);
    const only = distinctOf(sql);
    if (only) {
      distinct = true;
      return only;
    }
    if (sql.kind === "call" && sql.name[0] === aggregateOrder) {
      if (at < args.positional.length - 1) return refuse(`func.${word}(): aggregate_order_by() before another argument`);
      order = sql.more?.order ?? [];
      const inner = distinctOf(sql.args[0]!);
      if (inner) distinct = true;
      return inner ?? sql.args[0]!;
    }
    return sql;
  });
  if (distinct && values.length > 1) return refuse(`func.${word}() with DISTINCT and several arguments`);
  const result = name.length === 1 ? (results[lowered] ?? "") : "";
  if (m.version !== "1.4" && name.length === 1 && values.length > 1 && searchFunctions.has(lowered)) {
    const [config] = values;
    if (config?.kind === "bind") values[0] = { ...config, type: "regconfig" };
  }
  const known = typed && typeOfValue(typed)?.type;
  const type = known ?? (result === "first" ? (values.find((one) => one.kind !== "bind")?.type ?? values[0]?.type ?? "") : result);
  const more = { ...(distinct ? { distinct } : {}), ...(order.length > 0 ? { order } : {}) };
  return sqlValue({
    kind: "call",
    name: [...name.slice(0, -1), word],
    args: values,
    type,
    ...(distinct || order.length > 0 ? { more } : {}),
  });
}
/** The name that `aggregate_order_by(x, y)` has until it stands in a call. */
export const aggregateOrder = "aggregate_order_by";

function argument(_m: Machine, value: Value, word: string): Sql {
  if (value.kind === "constant" && value.value === null) return sqlNull;
  if (value.kind === "constant" && value.value === "*") return refuse(`func.${word}("*")`);
  if (value.kind === "entity") return refuse(`func.${word}() of an entity`);
  if (value.kind === "from") return refuse(`func.${word}() of a ${value.from.kind}`);
  return asSql(value) ?? bound(value, { type: "", base: word }) ?? unknown(value, `func.${word}()`);
}
