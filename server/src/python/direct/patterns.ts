import type { AttributePattern, Expr, Pattern } from "../ir.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";
import { readStrings } from "./strings.js";

/** What stands between `case` and its guard or colon; commas make a sequence of it. */
export function readCasePattern(r: Reader): Pattern {
  const first = readStarred(r);
  if (r.token !== ",") return first.kind === "star" ? giveUp() : first;
  const items = [first];
  while (r.skip(",") && !r.is(":") && !r.is("if")) items.push(readStarred(r));
  return { kind: "sequence", items };
}

const readStarred = (r: Reader): Pattern => {
  if (!r.skip("*")) return readPattern(r);
  const name = nameOf(r.name());
  return { kind: "star", ...name };
};

const nameOf = (word: string): { name?: string } => (word === "_" ? {} : { name: word });

/** Alternatives, and the name that they are given. */
function readPattern(r: Reader): Pattern {
  const first = r.deeper(closed);
  const items = [first];
  while (r.skip("|")) items.push(r.deeper(closed));
  const pattern: Pattern = items.length > 1 ? { kind: "or", items } : first;
  return r.skip("as") ? { kind: "capture", name: r.name(), of: pattern } : pattern;
}

function closed(r: Reader): Pattern {
  const { start, end } = r;
  switch (r.token) {
    case "name":
      return named(r);
    case "string":
      return { kind: "value", value: readStrings(r) };
    case "number":
      r.advance();
      if (r.is("+") || r.is("-")) return imaginary(r);
      return { kind: "value", value: { kind: "number", start, end, text: r.text.slice(start, end) } };
    case "-":
      r.advance();
      r.expect("number");
      return r.is("+") || r.is("-") ? imaginary(r) : { kind: "other" };
    case "None":
    case "True":
    case "False": {
      const value = r.token === "None" ? null : r.token === "True";
      r.advance();
      return { kind: "value", value: { kind: "constant", start, end, value } };
    }
    case "(":
      return group(r);
    case "[":
      r.advance();
      return { kind: "sequence", items: listed(r, "]").items };
    case "{":
      return mapping(r);
    default:
      return giveUp();
  }
}

/** Behind `1` of `1 + 2j`. */
function imaginary(r: Reader): Pattern {
  r.advance();
  r.expect("number");
  return { kind: "other" };
}

/** A name that is bound, a dotted constant, or a class. */
function named(r: Reader): Pattern {
  const { start, end } = r;
  const id = r.name();
  if (r.token !== "." && r.token !== "(") return { kind: "capture", ...nameOf(id) };
  let type: Expr = { kind: "name", start, end, id };
  while (r.skip(".")) {
    const { end: until } = r;
    type = { kind: "attribute", start, end: until, of: type, name: r.name() };
  }
  return r.skip("(") ? classPattern(r, type) : { kind: "value", value: type };
}

function classPattern(r: Reader, type: Expr): Pattern {
  const items: Pattern[] = [];
  const attributes: AttributePattern[] = [];
  while (!r.is(")")) {
    const { start, end } = r;
    const pattern = readPattern(r);
    if (!r.skip("=")) items.push(pattern);
    else if (pattern.kind === "capture" && pattern.name !== undefined)
      attributes.push({ start, end, name: pattern.name, pattern: readPattern(r) });
    else giveUp();
    if (!r.is(")") && !r.skip(",")) giveUp();
  }
  r.advance();
  return { kind: "class", type, items, named: attributes };
}

/** Patterns up to and including the bracket that closes. */
function listed(r: Reader, close: ")" | "]"): { items: Pattern[]; commas: number } {
  const items: Pattern[] = [];
  let commas = 0;
  while (!r.is(close)) {
    items.push(readStarred(r));
    if (r.skip(",")) commas++;
    else if (!r.is(close)) giveUp();
  }
  r.advance();
  return { items, commas };
}

function group(r: Reader): Pattern {
  r.advance();
  const { items, commas } = listed(r, ")");
  return items.length === 1 && commas === 0 ? items[0]! : { kind: "sequence", items };
}

function mapping(r: Reader): Pattern {
  r.advance();
  const entries: { key: Expr; pattern: Pattern }[] = [];
  let rest: string | undefined;
  while (!r.is("}")) {
    if (r.skip("**")) rest = r.name();
    else {
      const key = closed(r);
      if (key.kind !== "value") giveUp();
      r.expect(":");
      entries.push({ key: (key as Pattern & { kind: "value" }).value, pattern: readPattern(r) });
    }
    if (!r.is("}") && !r.skip(",")) giveUp();
  }
  r.advance();
  return { kind: "mapping", entries, ...(rest === undefined ? {} : { rest }) };
}
