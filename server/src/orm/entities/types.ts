import type { Expr } from "../../python/index.js";
import { dottedOf } from "./classes.js";
import { isTrue, keyword, numberOf, positional } from "./calls.js";

/** SQLAlchemy's types without arguments → what format_type prints. */
const plain: Readonly<Record<string, string>> = {
  Integer: "integer",
  INTEGER: "integer",
  INT: "integer",
  BigInteger: "bigint",
  BIGINT: "bigint",
  SmallInteger: "smallint",
  SMALLINT: "smallint",
  String: "character varying",
  VARCHAR: "character varying",
  Unicode: "character varying",
  CHAR: "character",
  Text: "text",
  TEXT: "text",
  UnicodeText: "text",
  Boolean: "boolean",
  BOOLEAN: "boolean",
  Float: "double precision",
  FLOAT: "double precision",
  Double: "double precision",
  DOUBLE_PRECISION: "double precision",
  REAL: "real",
  Numeric: "numeric",
  NUMERIC: "numeric",
  DECIMAL: "numeric",
  DateTime: "timestamp without time zone",
  TIMESTAMP: "timestamp without time zone",
  Date: "date",
  DATE: "date",
  Time: "time without time zone",
  TIME: "time without time zone",
  Interval: "interval",
  INTERVAL: "interval",
  LargeBinary: "bytea",
  BYTEA: "bytea",
  PickleType: "bytea",
  JSON: "json",
  JSONB: "jsonb",
  UUID: "uuid",
  Uuid: "uuid",
  INET: "inet",
  CIDR: "cidr",
  MACADDR: "macaddr",
  TSVECTOR: "tsvector",
  HSTORE: "hstore",
  CITEXT: "citext",
  MONEY: "money",
  INT4RANGE: "int4range",
  INT8RANGE: "int8range",
  NUMRANGE: "numrange",
  TSRANGE: "tsrange",
  TSTZRANGE: "tstzrange",
  DATERANGE: "daterange",
};
const python: Readonly<Record<string, string>> = {
  int: "integer",
  str: "character varying",
  bool: "boolean",
  float: "double precision",
  bytes: "bytea",
  datetime: "timestamp without time zone",
  date: "date",
  time: "time without time zone",
  timedelta: "interval",
  Decimal: "numeric",
  UUID: "uuid",
  uuid4: "uuid",
};
const withLength = new Set(["String", "VARCHAR", "Unicode", "CHAR"]);
const withPrecision = new Set(["Numeric", "NUMERIC", "DECIMAL"]);
const word = (expr: Expr) => dottedOf(expr).split(".").at(-1) ?? "";

/** `String(40)`, `sa.DateTime(timezone=True)`, `ARRAY(Integer)`, `Text`; "" where it is not one of SQLAlchemy's own. */
export function typeOfColumnType(expr: Expr | undefined): string {
  if (!expr) return "";
  if (expr.kind !== "call") return plain[word(expr)] ?? "";
  const name = word(expr.callee);
  const args = positional(expr);
  if (name === "ARRAY") {
    const item = typeOfColumnType(args[0]);
    return item && `${item}[]`;
  }
  // `MutableDict.as_mutable(JSONB)`, `JSONB().with_variant(JSON(), "sqlite")` are what they wrap.
  if (name === "as_mutable") return typeOfColumnType(args[0]);
  if (name === "with_variant" && expr.callee.kind === "attribute") return typeOfColumnType(expr.callee.of);
  const base = plain[name] ?? "";
  if (withLength.has(name)) {
    const length = numberOf(keyword(expr, "length") ?? args[0]);
    return length === undefined ? base : `${base}(${length})`;
  }
  if (withPrecision.has(name)) {
    const precision = numberOf(keyword(expr, "precision") ?? args[0]);
    const scale = numberOf(keyword(expr, "scale") ?? args[1]) ?? 0;
    return precision === undefined ? base : `numeric(${precision},${scale})`;
  }
  const zoned = isTrue(keyword(expr, "timezone")) || ((name === "DateTime" || name === "TIMESTAMP") && isTrue(args[0]));
  return zoned ? base.replace("without", "with") : base;
}

/** Whether the expression is a column type at all, so that `Column("name", Integer)` and `Column(Integer)` can be told apart. */
export const isColumnType = (expr: Expr) => typeOfColumnType(expr) !== "";

/** Types by the last word of the annotation. */
export type AnnotationTypes = ReadonlyMap<string, string>;

/** `type_annotation_map = {datetime: DateTime(timezone=True)}` of a declarative base; "" where a type is not one of SQLAlchemy's own. */
export function annotationTypesOf(map: Expr | undefined): AnnotationTypes {
  const entries = map?.kind === "dict" ? map.entries : [];
  return new Map(entries.flatMap(({ key, value }) => (key ? [[word(key), typeOfColumnType(value)] as const] : [])));
}

/** Of an annotation as it is written, then as its alias says; "" where it is not known. */
export function typeOfAnnotation(written: readonly (Expr | undefined)[], own: AnnotationTypes): string {
  const words = written.flatMap((expr) => (expr ? word(expr) : []));
  const mapped = words.map((each) => own.get(each)).find((type) => type !== undefined);
  return mapped ?? words.map((each) => python[each]).find((type) => type !== undefined) ?? "";
}
