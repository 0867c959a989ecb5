import type { Keys } from "../document.js";
import { newKeys } from "../document.js";
import { decimal, findOutsideQuotes } from "./scan.js";

const openings = ["(cost=", "(actual ", "(never executed)"] as const;

/** Where the figures of a node's line begin, or -1. */
export const figuresAt = (text: string): number => findOutsideQuotes(text, openings);

export interface Figures {
  readonly keys: Keys;
  /** Rows were printed with decimals, which PostgreSQL 18 began. */
  readonly decimals: boolean;
  /** A group lacks its end or a number; the reason, for the reader. */
  readonly fault?: string;
  /** What stands behind the figures and is not understood. */
  readonly rest: string;
}

/** Reads `(cost=0.42..11.42 rows=400 width=4) (actual time=0.005..0.037 rows=400 loops=39)` and its shorter forms. */
export function readFigures(text: string): Figures {
  const keys = newKeys();
  let decimals = false;
  let fault: string | undefined;
  let at = skipBlanks(text, 0);
  while (openings.some((opening) => text.startsWith(opening, at))) {
    const end = text.indexOf(")", at);
    if (end < 0) fault = "its figures lack the closing parenthesis";
    const group = text.slice(at + 1, end < 0 ? text.length : end);
    fault = readGroup(group, keys) ?? fault;
    decimals ||= group.startsWith("actual") && hasDecimals(group);
    at = skipBlanks(text, end < 0 ? text.length : end + 1);
  }
  return { keys, decimals, fault, rest: text.slice(at).trim() };
}

function readGroup(group: string, keys: Keys): string | undefined {
  if (group === "never executed") {
    keys["Actual Rows"] = 0;
    keys["Actual Loops"] = 0;
    return undefined;
  }
  const words = group.split(" ").filter((word) => word !== "");
  const actual = words[0] === "actual";
  const faults = (actual ? words.slice(1) : words).map((word) => readPair(word, actual, keys));
  return faults.find((fault) => fault !== undefined);
}

const names = {
  cost: { first: "Startup Cost", cost: "Total Cost", rows: "Plan Rows", width: "Plan Width" },
  actual: { first: "Actual Startup Time", time: "Actual Total Time", rows: "Actual Rows", loops: "Actual Loops" },
} as const;

function readPair(word: string, actual: boolean, keys: Keys): string | undefined {
  const equals = word.indexOf("=");
  const name = word.slice(0, equals);
  const value = word.slice(equals + 1);
  const known: Readonly<Record<string, string>> = names[actual ? "actual" : "cost"];
  const key = Object.hasOwn(known, name) ? known[name] : undefined;
  if (equals < 0 || key === undefined) return `“${word}” stands among its figures`;
  const range = value.indexOf("..");
  const last = decimal(range < 0 ? value : value.slice(range + 2));
  const first = range < 0 ? undefined : decimal(value.slice(0, range));
  if (last === undefined || (range >= 0 && first === undefined)) return `“${word}” is no number`;
  if (first !== undefined) keys[names[actual ? "actual" : "cost"].first] = first;
  keys[key] = last;
  return undefined;
}

function hasDecimals(group: string): boolean {
  const rows = group.split(" ").find((word) => word.startsWith("rows="));
  return rows?.includes(".") ?? false;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t" || text[at] === "\n") at++;
  return at;
}

/** The pairs of a worker's line, `actual time=0.063..47.618 rows=835.00 loops=1`. */
export function readWorkerFigures(text: string): Keys {
  const keys = newKeys();
  readGroup(text, keys);
  return keys;
}
