import { collection, none, unknown, type Value } from "../values/value.js";

type Result = Value & { kind: "result" };

const lists = new Set(["all", "fetchall", "fetchmany"]);
const ones = new Set(["first", "one", "one_or_none", "fetchone"]);
const scalars = new Set(["scalar", "scalar_one", "scalar_one_or_none"]);
const selves = new Set(["unique", "yield_per", "tuples", "freeze", "execution_options"]);

/** A method call on what executing a query gave. */
export function resultMethod(result: Result, name: string): Value {
  if (lists.has(name)) return collection(result.element, result.few ? { few: true } : {});
  if (ones.has(name)) return result.element;
  if (scalars.has(name)) return result.first;
  if (selves.has(name)) return result;
  if (name === "scalars") return { ...result, element: result.first };
  if (name === "partitions") return collection(collection(result.element), { batches: true });
  if (name === "mappings") return { ...result, element: asMapping(result.element) };
  return name === "close" ? none : unknown;
}

/** `row["User"]` of `mappings()` is not followed by key: any column may be meant. */
const asMapping = (row: Value): Value =>
  row.kind === "tuple" && row.items.length === 1 ? { kind: "mapping", key: unknown, value: row.items[0]! } : unknown;
