import type { AttributePattern, Expr, Pattern } from "../ir.js";
import type { Lowering } from "./context.js";
import { lowerExpr } from "./expressions.js";

const other: Pattern = { kind: "other" };

/** What a `case_clause` asks; several patterns with commas are a sequence. */
export function lowerCase(l: Lowering, clause: number): Pattern {
  const patterns = l.children(clause).filter((child) => l.type(child) === "case_pattern");
  const last = patterns.at(-1);
  if (last === undefined) return other;
  // `case a,:` asks for a sequence of one; a star stands in a sequence only.
  const items = patterns.map((pattern) => lowerPattern(l, pattern));
  const behind = l.children(clause).find((child) => child > last && l.type(child) !== "case_pattern");
  const isSequence = items.length > 1 || (behind !== undefined && hasComma(l, l.end(last), l.start(behind)));
  return isSequence ? { kind: "sequence", items } : items[0]!;
}

const hasComma = (l: Lowering, from: number, to: number) => l.text.slice(from, to).trimStart().startsWith(",");

function lowerPattern(l: Lowering, node: number): Pattern {
  return l.deeper<Pattern>(node, other, () => pattern(l, node));
}

function pattern(l: Lowering, node: number): Pattern {
  const children = l.children(node);
  switch (l.type(node)) {
    case "case_pattern":
      // `_` leaves no node.
      return children[0] === undefined ? { kind: "capture" } : lowerPattern(l, children[0]);
    case "dotted_name":
      return children.length === 1 ? { kind: "capture", name: l.name(children[0]!) } : { kind: "value", value: dotted(l, node) };
    case "class_pattern":
      return classPattern(l, children);
    case "as_pattern": {
      const [of, name] = children;
      return of === undefined || name === undefined ? other : { kind: "capture", name: l.name(name), of: lowerPattern(l, of) };
    }
    case "union_pattern":
      return { kind: "or", items: alternatives(l, node, children) };
    case "tuple_pattern":
      return group(l, node, children);
    case "list_pattern":
      return { kind: "sequence", items: children.map((child) => lowerPattern(l, child)) };
    case "splat_pattern":
      return { kind: "star", ...(children[0] === undefined ? {} : { name: l.name(children[0]) }) };
    case "dict_pattern":
      return mapping(l, children);
    case "integer":
    case "float":
      // The sign is no part of the number's node.
      return l.text.slice(0, l.start(node)).trimEnd().endsWith("-") ? other : { kind: "value", value: lowerExpr(l, node) };
    case "string":
    case "concatenated_string":
    case "none":
    case "true":
    case "false":
      return { kind: "value", value: lowerExpr(l, node) };
    default:
      return other;
  }
}

/** `A.b.c` */
function dotted(l: Lowering, node: number): Expr {
  const [first, ...others] = l.children(node);
  const start = l.start(node);
  if (first === undefined) return l.nothing(node);
  const name: Expr = { kind: "name", start, end: l.end(first), id: l.name(first) };
  return others.reduce<Expr>((of, part) => ({ kind: "attribute", start, end: l.end(part), of, name: l.name(part) }), name);
}

function classPattern(l: Lowering, [type, ...args]: readonly number[]): Pattern {
  if (type === undefined) return other;
  const items: Pattern[] = [];
  const named: AttributePattern[] = [];
  for (const arg of args) {
    const [keyword] = l.children(arg);
    if (keyword === undefined || l.type(keyword) !== "keyword_pattern") {
      items.push(lowerPattern(l, arg));
      continue;
    }
    const [name, asked] = l.children(keyword);
    if (name === undefined) continue;
    const inner: Pattern = asked === undefined ? { kind: "capture" } : lowerPattern(l, asked);
    named.push({ start: l.start(name), end: l.end(name), name: l.name(name), pattern: inner });
  }
  return { kind: "class", type: dotted(l, type), items, named };
}

/** `A() | _`: what matches everything leaves no node. */
function alternatives(l: Lowering, node: number, children: readonly number[]): Pattern[] {
  const items = children.map((child) => lowerPattern(l, child));
  const last = children.at(-1);
  return last !== undefined && l.end(last) < l.end(node) ? [...items, { kind: "capture" }] : items;
}

/** Brackets around one pattern, or a sequence. */
function group(l: Lowering, node: number, children: readonly number[]): Pattern {
  const items = children.map((child) => lowerPattern(l, child));
  const [only] = children;
  if (items.length !== 1 || only === undefined || hasComma(l, l.end(only), l.end(node))) return { kind: "sequence", items };
  return items[0]!;
}

function mapping(l: Lowering, children: readonly number[]): Pattern {
  const entries: { key: Expr; pattern: Pattern }[] = [];
  let rest: string | undefined;
  children.forEach((child, at) => {
    if (l.type(child) === "splat_pattern") rest = l.children(child).map((name) => l.name(name))[0];
    if (l.field(child) !== "key") return;
    const value = children[at + 1];
    const key = l.type(child) === "dotted_name" ? dotted(l, child) : lowerExpr(l, child);
    if (value !== undefined) entries.push({ key, pattern: lowerPattern(l, value) });
  });
  return { kind: "mapping", entries, ...(rest === undefined ? {} : { rest }) };
}
