import { isJson } from "./json.js";
import { arrayElements } from "./arrayValue.js";
import type { Parameter, ParameterValue } from "./statement.js";

/**
 * What is wrong with a value for its type, as the end of a sentence ("is no bigint: …"). Undefined where it may be right: what the server
 * reads in many ways (dates, ranges, types of users) is left to the server.
 * @param sqlType as format_type prints it; of one element for a `list`
 */
export function problemOfValue(value: ParameterValue, sqlType: string | undefined, many?: Parameter["many"]): string | undefined {
  if (many === undefined && !sqlType?.endsWith("[]")) return problemOfOne(value, sqlType);
  if (value === null) return many === "list" ? "is no list: write {1,2,3}" : undefined;
  // Several dimensions, and arrays that begin at another index than 1.
  if (many !== "list" && /^\s*(\[|\{\s*\{)/.test(value)) return undefined;
  if (many !== "list" && !value.trim().startsWith("{")) return "is no array: write {1,2,3}";
  const elements = arrayElements(value);
  if (!elements) return "is no list: write {1,2,3}, with elements that hold commas or braces in double quotes";
  if (many === "list" && elements.length === 0) return "is an empty list: give at least one value";
  const type = sqlType?.replace(/(\[\])+$/, "");
  for (const element of elements) {
    const problem = problemOfOne(element, type);
    if (problem !== undefined) return `holds ${element}, which ${problem}`;
  }
  return undefined;
}

function problemOfOne(value: ParameterValue, sqlType: string | undefined): string | undefined {
  if (value === null || sqlType === undefined) return undefined;
  const name = sqlType
    .replace(/\(.*\)/, "")
    .trim()
    .toLowerCase();
  const type = aliases[name] ?? name;
  const range = integers[type];
  if (range !== undefined) return problemOfInteger(value.trim(), type, range);
  const check = checks[type];
  return check && !check.accepts(value.trim()) ? `is no ${type}: ${check.example}` : undefined;
}

const aliases: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  int8: "bigint",
  int2: "smallint",
  bool: "boolean",
  decimal: "numeric",
  float8: "double precision",
  float4: "real",
};

/** Bits. */
const integers: Readonly<Record<string, bigint>> = { smallint: 16n, integer: 32n, bigint: 64n };

function problemOfInteger(text: string, type: string, bits: bigint): string | undefined {
  const limit = 1n << (bits - 1n);
  const words = `write a whole number from ${-limit} to ${limit - 1n}`;
  // From version 16 on also 0x1F and 1_000.
  if (/^[+-]?0[xob][0-9a-f_]+$/i.test(text)) return undefined;
  if (!/^[+-]?\d+(_\d+)*$/.test(text)) return `is no ${type}: ${words}`;
  const number = BigInt(text.replaceAll("_", "").replace(/^\+/, ""));
  return number < -limit || number >= limit ? `is too large for ${type}: ${words}` : undefined;
}

interface Check {
  readonly accepts: (text: string) => boolean;
  readonly example: string;
}

const number: Check = {
  accepts: (text) =>
    /^[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[+-]?\d+)?$/i.test(text) || /^([+-]?inf(inity)?|nan|[+-]?0[xob][0-9a-f_]+)$/i.test(text),
  example: "write a number such as 12.5",
};

const booleans = ["true", "false", "yes", "no", "on", "off", "1", "0"];

const checks: Readonly<Record<string, Check>> = {
  numeric: number,
  "double precision": number,
  real: number,
  boolean: {
    // The server takes beginnings, too: t, fal, of. "o" could be on or off.
    accepts: (text) => text !== "" && text.toLowerCase() !== "o" && booleans.some((word) => word.startsWith(text.toLowerCase())),
    example: "write true or false",
  },
  uuid: {
    accepts: (text) => /^[0-9a-f]{32}$/i.test(text.replace(/^\{(.*)\}$/, "$1").replaceAll("-", "")),
    example: "write 32 hexadecimal digits, with or without hyphens",
  },
  json: { accepts: isJson, example: 'write JSON such as {"a": 1} or "text" with its quotes' },
  jsonb: { accepts: isJson, example: 'write JSON such as {"a": 1} or "text" with its quotes' },
};
