import { collection, none, unknown, type Value } from "../values/value.js";

type Result = Value & { kind: "result" };

const lists = new Set(["all", "fetchall", "fetchmany"]);
const ones = new Set(["first", "one", "one_or_none", "fetchone"]);
const scalars = new Set(["scalar", "scalar_one", "scalar_one_or_none"]);
/** A row of `mappings()` is read like one with names. */
const selves = new Set(["unique", "yield_per", "tuples", "freeze", "execution_options", "mappings"]);

/** A method call on what executing a query gave. */
export function resultMethod(result: Result, name: string, args: readonly Value[] = []): Value {
  if (lists.has(name)) return collection(result.element, result.few ? { few: true } : {});
  if (ones.has(name)) return result.element;
  if (scalars.has(name)) return result.first;
  if (selves.has(name)) return result;
  if (name === "scalars") return { ...result, element: args.length ? column(result.element, args[0]!) : result.first };
  if (name === "columns") return { ...result, element: { kind: "tuple", items: args.map((arg) => column(result.element, arg)) } };
  if (name === "partitions") return collection(collection(result.element), { batches: true });
  return name === "close" ? none : unknown;
}

/** A row's column by number or name. */
function column(row: Value, key: Value): Value {
  if (row.kind !== "tuple") return unknown;
  if (key.kind === "number") return row.items.at(key.value) ?? unknown;
  const at = key.kind === "string" ? (row.names?.indexOf(key.literal.value) ?? -1) : -1;
  return row.items[at] ?? unknown;
}
