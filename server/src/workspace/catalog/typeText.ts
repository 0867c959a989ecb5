import { as, names, type NodeOf } from "../../sql/index.js";

/** The grammar's internal names → what format_type prints. */
const printed: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
  bpchar: "character",
  varchar: "character varying",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  time: "time without time zone",
  timetz: "time with time zone",
  varbit: "bit varying",
  // These are no types but say what the column is made of.
  serial: "integer",
  serial4: "integer",
  bigserial: "bigint",
  serial8: "bigint",
  smallserial: "smallint",
  serial2: "smallint",
};

/** A type as format_type would print it, as far as the text alone tells: `character varying(40)`, `integer[]`. */
export function typeText(type: NodeOf<"TypeName"> | undefined): string {
  const path = names(type?.names).filter((name) => name !== "pg_catalog");
  const name = printed[path.join(".")] ?? path.join(".");
  const modifiers = (type?.typmods ?? []).flatMap((node) => as(node, "A_Const")?.ival?.ival ?? []);
  const isTime = /^time/.test(name);
  const suffix = modifiers.length > 0 && name !== "interval" ? `(${modifiers.join(",")})` : "";
  const sized = isTime ? name.replace(/^(timestamp|time)/, `$1${suffix}`) : name + suffix;
  return sized + "[]".repeat(type?.arrayBounds?.length ? 1 : 0);
}

export function isSerial(type: NodeOf<"TypeName"> | undefined): boolean {
  return /serial\d?$/.test(names(type?.names).at(-1) ?? "");
}
