/** What operators ask of a type; types are written as format_type prints them. */
const base = (type: string) => type.replace(/\(.*\)/, "").trim();

const texts = new Set(["character varying", "text", "character", "citext"]);
const numbers = new Set(["integer", "bigint", "smallint", "numeric", "double precision", "real"]);
const times = ["timestamp", "date", "time", "interval"];

export const isText = (type: string) => texts.has(base(type));
export const isInteger = (type: string) => ["integer", "bigint", "smallint"].includes(type);
export const isNumber = (type: string) => numbers.has(base(type));
export const isJson = (type: string) => type === "json" || type === "jsonb";
export const isArray = (type: string) => type.endsWith("[]");
export const isTime = (type: string) => times.some((word) => type.startsWith(word)) && !isArray(type);
export const isRange = (type: string) => type.endsWith("range");
export const elementOf = (type: string) => (isArray(type) ? type.slice(0, -2) : "");

const python: Readonly<Record<string, string>> = {
  int: "integer",
  str: "character varying",
  bool: "boolean",
  float: "double precision",
  bytes: "bytea",
  Decimal: "numeric",
  datetime: "timestamp without time zone",
  date: "date",
  time: "time without time zone",
  timedelta: "interval",
  UUID: "uuid",
};
/** The SQL type that SQLAlchemy gives a Python value of this type. */
export const sqlTypeOf = (pythonType: string | undefined) => (pythonType === undefined ? "" : (python[pythonType] ?? ""));

const words: readonly (readonly [string, string])[] = [
  ["character", "str"],
  ["text", "str"],
  ["citext", "str"],
  ["bigint", "int"],
  ["integer", "int"],
  ["smallint", "int"],
  ["boolean", "bool"],
  ["double", "float"],
  ["real", "float"],
  ["numeric", "Decimal"],
  ["timestamp", "datetime"],
  ["date", "date"],
  ["interval", "timedelta"],
  ["time", "time"],
  ["uuid", "UUID"],
  ["bytea", "bytes"],
  ["json", "dict"],
];
export function pythonTypeOf(type: string): string | undefined {
  if (isArray(type)) return "list";
  return words.find(([start]) => type.startsWith(start) && !type.endsWith("range"))?.[1];
}
