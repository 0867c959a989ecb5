import type { TypeName } from "libpg-query";
import { as, names } from "../tree.js";

/** Internal names → what format_type prints. */
const printed: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  serial2: "smallint",
  smallserial: "smallint",
  serial: "integer",
  serial4: "integer",
  bigserial: "bigint",
  serial8: "bigint",
  bool: "boolean",
  float4: "real",
  float8: "double precision",
  varchar: "character varying",
  bpchar: "character",
  varbit: "bit varying",
  decimal: "numeric",
};
const zoned: Readonly<Record<string, [string, string]>> = {
  timestamptz: ["timestamp", "with time zone"],
  timestamp: ["timestamp", "without time zone"],
  timetz: ["time", "with time zone"],
  time: ["time", "without time zone"],
};

/** A type as format_type prints it: `character varying(20)`, `timestamp(3) with time zone`, `text[]`. */
export function typeText(type: TypeName | undefined): string {
  const path = names(type?.names);
  const parts = path[0] === "pg_catalog" ? path.slice(1) : path;
  const name = parts.join(".");
  const modifiers = name === "interval" ? [] : (type?.typmods ?? []).map((node) => String(as(node, "A_Const")?.ival?.ival ?? 0));
  // CHAR without a length is CHAR(1), which the tree spells out.
  const size = modifiers.length > 0 ? `(${modifiers.join(",")})` : "";
  const time = zoned[name];
  const base = time ? `${time[0]}${size} ${time[1]}` : `${printed[name] ?? name}${size}`;
  return base + (type?.arrayBounds?.length ? "[]" : "");
}

/** serial types bring NOT NULL and a default of their own. */
export function isSerial(type: TypeName | undefined): boolean {
  return /^(small|big)?serial[248]?$/.test(names(type?.names).at(-1) ?? "");
}
