import type { Value } from "../values.js";

/** SQLAlchemy's types: as the PostgreSQL dialect writes them in a CAST, and as format_type prints them. */
const types: Readonly<Record<string, readonly [written: string, type: string]>> = {
  Integer: ["INTEGER", "integer"],
  INTEGER: ["INTEGER", "integer"],
  INT: ["INTEGER", "integer"],
  BigInteger: ["BIGINT", "bigint"],
  BIGINT: ["BIGINT", "bigint"],
  SmallInteger: ["SMALLINT", "smallint"],
  SMALLINT: ["SMALLINT", "smallint"],
  String: ["VARCHAR", "character varying"],
  VARCHAR: ["VARCHAR", "character varying"],
  Unicode: ["VARCHAR", "character varying"],
  Text: ["TEXT", "text"],
  TEXT: ["TEXT", "text"],
  UnicodeText: ["TEXT", "text"],
  Boolean: ["BOOLEAN", "boolean"],
  BOOLEAN: ["BOOLEAN", "boolean"],
  Float: ["FLOAT", "double precision"],
  FLOAT: ["FLOAT", "double precision"],
  REAL: ["REAL", "real"],
  Double: ["DOUBLE PRECISION", "double precision"],
  DOUBLE_PRECISION: ["DOUBLE PRECISION", "double precision"],
  Numeric: ["NUMERIC", "numeric"],
  NUMERIC: ["NUMERIC", "numeric"],
  DECIMAL: ["DECIMAL", "numeric"],
  DateTime: ["TIMESTAMP WITHOUT TIME ZONE", "timestamp without time zone"],
  TIMESTAMP: ["TIMESTAMP WITHOUT TIME ZONE", "timestamp without time zone"],
  Date: ["DATE", "date"],
  DATE: ["DATE", "date"],
  Time: ["TIME WITHOUT TIME ZONE", "time without time zone"],
  Interval: ["INTERVAL", "interval"],
  INTERVAL: ["INTERVAL", "interval"],
  LargeBinary: ["BYTEA", "bytea"],
  BYTEA: ["BYTEA", "bytea"],
  JSON: ["JSON", "json"],
  JSONB: ["JSONB", "jsonb"],
  UUID: ["UUID", "uuid"],
  Uuid: ["UUID", "uuid"],
  INET: ["INET", "inet"],
  CIDR: ["CIDR", "cidr"],
  TSVECTOR: ["TSVECTOR", "tsvector"],
  HSTORE: ["HSTORE", "hstore"],
  REGCLASS: ["REGCLASS", "regclass"],
  OID: ["OID", "oid"],
  TSQUERY: ["TSQUERY", "tsquery"],
  REGCONFIG: ["REGCONFIG", "regconfig"],
};
const written = new Map<string, string>();

export const isTypeName = (word: string) => Object.hasOwn(types, word) || word === "ARRAY";
export const plainType = (word: string) => types[word];

/** A type with its arguments; undefined where they are not constants. */
export function typeWith(word: string, numbers: readonly number[], timezone: boolean, item: Value | undefined): Value | undefined {
  if (word === "ARRAY") {
    const inner = item && typeOfValue(item);
    return inner && remembered(`${inner.written}[]`, `${inner.type}[]`);
  }
  const plain = types[word];
  if (!plain) return undefined;
  if (timezone) return remembered(plain[0].replace("WITHOUT", "WITH"), plain[1].replace("without", "with"));
  if (numbers.length === 0) return remembered(...plain);
  return remembered(`${plain[0]}(${numbers.join(", ")})`, plain[1] === "double precision" ? plain[1] : `${plain[1]}(${numbers.join(",")})`);
}

function remembered(text: string, type: string): Value {
  written.set(type, text);
  return { kind: "type", type: `${text}\n${type}` };
}

export function typeOfValue(value: Value): { written: string; type: string } | undefined {
  if (value.kind === "type") {
    const [text, type] = value.type.split("\n");
    return { written: text!, type: type! };
  }
  if (value.kind !== "symbol" || !/sqlalchemy|sqlmodel|\.db\.|^db\./i.test(value.name)) return undefined;
  const plain = types[value.name.slice(value.name.lastIndexOf(".") + 1)];
  return plain && { written: plain[0], type: plain[1] };
}
