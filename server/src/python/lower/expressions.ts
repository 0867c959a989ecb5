import type { Argument, Clause, Expr, ParamFact } from "../ir.js";
import type { Lowering } from "./context.js";
import { lowerParams } from "./params.js";
import { isLiteral } from "./types.js";
import { converted, isFormat, lowerStrings, opening } from "./strings.js";

type Lower = (l: Lowering, node: number) => Expr;

const span = (l: Lowering, node: number) => ({ start: l.start(node), end: l.end(node) });
const all = (l: Lowering, nodes: readonly number[]) => nodes.map((node) => lowerExpr(l, node));
const only: Lower = (l, node) => {
  const [first] = l.children(node);
  return first === undefined ? l.nothing(node) : lowerExpr(l, first);
};
const byField = (l: Lowering, node: number, field: string): Expr => {
  const child = l.child(node, field);
  return child === undefined ? l.nothing(node) : lowerExpr(l, child);
};
const parts: Lower = (l, node) => ({ kind: "other", ...span(l, node), items: all(l, l.children(node)) });
const sequence =
  (kind: "list" | "tuple" | "set"): Lower =>
  (l, node) => ({ kind, ...span(l, node), items: all(l, l.children(node)) });

function lowerArguments(l: Lowering, node: number): Argument[] {
  return l.children(node).map((child) => {
    const type = l.type(child);
    if (type === "keyword_argument") {
      const name = l.child(child, "name");
      return { name: name === undefined ? "" : l.name(name), value: byField(l, child, "value") };
    }
    if (type === "list_splat") return { splat: 1, value: only(l, child) };
    if (type === "dictionary_splat") return { splat: 2, value: only(l, child) };
    return { value: lowerExpr(l, child) };
  });
}

/** Arguments of a call are values even inside a type: their strings are no code. */
function asValues<T>(l: Lowering, lower: () => T): T {
  const before = l.inType;
  l.inType = false;
  const result = lower();
  l.inType = before;
  return result;
}

const call: Lower = (l, node) => {
  const args = l.child(node, "arguments");
  const callee = byField(l, node, "function");
  if (args === undefined) return { kind: "call", ...span(l, node), callee, args: [] };
  const generator = l.type(args) === "generator_expression";
  const first = l.children(args)[0];
  const indent = first === undefined || generator ? undefined : l.indentBetween(l.start(args) + 1, l.start(first));
  const lowered = asValues(l, () => (generator ? [{ value: lowerExpr(l, args) }] : lowerArguments(l, args)));
  return { kind: "call", ...span(l, node), callee, args: lowered, ...(indent === undefined ? {} : { indent }) };
};

/** An operator without the comments, line breaks and blanks around it. */
export function operatorIn(text: string): string {
  if (text.length <= 2) return text.trim();
  const lines = text.split("\n").map((line) => line.split("#", 1)[0]!);
  return lines.join(" ").replaceAll("\\", " ").trim().split(/\s+/).join(" ");
}

/** The operator's text stands between its operands, where comments may stand too. */
function operatorText(l: Lowering, items: readonly number[]): string {
  const [left, right] = items;
  if (left === undefined || right === undefined) return "";
  return operatorIn(l.text.slice(l.end(left), l.start(right)));
}
const operator: Lower = (l, node) => {
  const items = l.children(node);
  const op = items.length === 1 ? operatorIn(l.text.slice(l.start(node), l.start(items[0]!))) : operatorText(l, items);
  return { kind: "operator", ...span(l, node), op, items: all(l, items) };
};

/** `a | b` in an annotation, as an operator like everywhere else. */
const unionType: Lower = (l, node) => {
  const [left, right, ...rest] = all(l, l.children(node));
  if (left === undefined || right === undefined || rest.length > 0) return parts(l, node);
  return union(left, right);
};
/** `a | (b | c)`, as the grammar has it at times, is written `a | b | c` and means `(a | b) | c`. */
function union(left: Expr, right: Expr): Expr {
  const [first, second] = right.kind === "operator" && right.op === "|" && right.items.length === 2 ? right.items : [];
  if (first && second) return union(union(left, first), second);
  return { kind: "operator", start: left.start, end: right.end, op: "|", items: [left, right] };
}

function subscripted(l: Lowering, node: number, of: Expr, indices: readonly number[]): Expr {
  const items = isLiteral(of) ? asValues(l, () => all(l, indices)) : all(l, indices);
  const [first] = items;
  const last = items.at(-1);
  if (first === undefined || last === undefined) return l.nothing(node);
  const index: Expr = items.length === 1 ? first : { kind: "tuple", start: first.start, end: last.end, items };
  return { kind: "subscript", ...span(l, node), of, index };
}

const subscript: Lower = (l, node) => {
  const of = l.child(node, "value");
  const indices = l.children(node).filter((child) => child !== of);
  return subscripted(l, node, of === undefined ? l.nothing(node) : lowerExpr(l, of), indices);
};
/** `list[int]` in an annotation. */
const genericType: Lower = (l, node) => {
  const [name, parameters] = l.children(node);
  if (name === undefined || parameters === undefined) return l.nothing(node);
  return subscripted(l, node, lowerExpr(l, name), l.children(parameters));
};

const attribute: Lower = (l, node) => {
  const name = l.child(node, "attribute");
  const object = l.child(node, "object");
  const of = object === undefined ? l.nothing(node) : lowerExpr(l, object);
  const word = name === undefined ? "" : l.name(name);
  const base = { kind: "attribute", ...span(l, node), of, name: word } as const;
  const dot = base.end - word.length - 1;
  // Most dots stand right behind their object: nothing to measure.
  const indent = object === undefined || l.end(object) === dot ? undefined : l.indentBetween(l.end(object), dot);
  return indent === undefined ? base : { ...base, indent };
};
/** `a.b` in an annotation. */
const memberType: Lower = (l, node) => {
  const [of, name] = l.children(node);
  if (of === undefined || name === undefined) return l.nothing(node);
  return { kind: "attribute", ...span(l, node), of: lowerExpr(l, of), name: l.name(name) };
};

function formatParts(l: Lowering, node: number): Expr[] {
  const result: Expr[] = [];
  for (const child of l.children(node)) {
    if (l.type(child) === "interpolation" || l.type(child) === "format_expression") {
      const value = l.child(child, "expression");
      const conversion = l.child(child, "type_conversion");
      if (value !== undefined)
        result.push(
          converted(lowerExpr(l, value), conversion === undefined ? "" : l.text.slice(l.start(conversion) + 1, l.end(conversion))),
        );
    }
    if (l.type(child) !== "string")
      for (const inner of l.children(child)) if (l.type(inner) === "format_specifier") result.push(...formatParts(l, inner));
  }
  return result;
}
/** A string annotation is code. */
function annotation(l: Lowering, node: number): Expr | undefined {
  const start = l.start(node);
  const { prefix, quote } = opening(l.text, start);
  const from = start + prefix.length + quote;
  const to = l.end(node) - quote;
  if (to <= from || to - from > 500) return undefined;
  return l.parseAnnotation(l, l.text.slice(from, to), from);
}
const strings =
  (literalsOf: (l: Lowering, node: number) => readonly number[]): Lower =>
  (l, node) => {
    const literals = literalsOf(l, node);
    const prefix = literals.map((literal) => isFormat(l, literal)).find((found) => found !== undefined);
    if (prefix === undefined) return (l.inType && literals.length === 1 && annotation(l, node)) || lowerStrings(l, node, literals);
    const base = { kind: "format", ...span(l, node), parts: literals.flatMap((literal) => formatParts(l, literal)) } as const;
    return prefix.includes("t") ? { ...base, template: true } : base;
  };

function clause(l: Lowering, node: number): Clause {
  if (l.type(node) === "if_clause") return { kind: "if", test: only(l, node) };
  const left = l.child(node, "left");
  const iterables = l.children(node).filter((child) => child !== left);
  const items = all(l, iterables);
  const iter: Expr = items.length === 1 ? items[0]! : { kind: "tuple", ...span(l, node), items };
  const base = { kind: "for", ...span(l, node), target: left === undefined ? l.nothing(node) : lowerExpr(l, left), iter } as const;
  return l.startsWith(node, "async") ? { ...base, async: true } : base;
}
const comprehension =
  (of: "list" | "set" | "dict" | "generator"): Lower =>
  (l, node) => {
    const body = l.child(node, "body");
    const clauses = l
      .children(node)
      .filter((child) => child !== body)
      .map((child) => clause(l, child));
    if (body === undefined) return l.nothing(node);
    const base = { kind: "comprehension", ...span(l, node), of, clauses } as const;
    if (of !== "dict") return { ...base, element: lowerExpr(l, body) };
    return { ...base, key: byField(l, body, "key"), element: byField(l, body, "value") };
  };

const dictionary: Lower = (l, node) => ({
  kind: "dict",
  ...span(l, node),
  entries: l
    .children(node)
    .map((child) =>
      l.type(child) === "pair" ? { key: byField(l, child, "key"), value: byField(l, child, "value") } : { value: only(l, child) },
    ),
});

const lambda: Lower = (l, node) => {
  const parameters = l.child(node, "parameters");
  const params: ParamFact[] = parameters === undefined ? [] : lowerParams(l, parameters);
  return { kind: "lambda", ...span(l, node), params, body: byField(l, node, "body") };
};

const conditional: Lower = (l, node) => {
  const [then, test, otherwise] = l.children(node);
  if (then === undefined || test === undefined || otherwise === undefined) return parts(l, node);
  return { kind: "conditional", ...span(l, node), then: lowerExpr(l, then), test: lowerExpr(l, test), else: lowerExpr(l, otherwise) };
};

const yields: Lower = (l, node) => {
  l.generator = true;
  const [child] = l.children(node);
  const base = { kind: "yield", ...span(l, node) } as const;
  if (child === undefined) return base;
  const from = l.text.slice(l.start(node) + 5, l.start(child)).trim() === "from";
  const value = lowerExpr(l, child);
  return from ? { ...base, from: true, value } : { ...base, value };
};

const constant =
  (value: boolean | null | "..."): Lower =>
  (l, node) => ({ kind: "constant", ...span(l, node), value });
const number: Lower = (l, node) => ({ kind: "number", ...span(l, node), text: l.name(node) });
const splat: Lower = (l, node) => ({ kind: "splat", ...span(l, node), value: only(l, node) });
const identifier: Lower = (l, node) => ({ kind: "name", ...span(l, node), id: l.name(node) });

const table: Readonly<Record<string, Lower>> = {
  identifier,
  attribute,
  call,
  subscript,
  string: strings((_, node) => [node]),
  concatenated_string: strings((l, node) => l.children(node)),
  integer: number,
  float: number,
  true: constant(true),
  false: constant(false),
  none: constant(null),
  ellipsis: constant("..."),
  list: sequence("list"),
  list_pattern: sequence("list"),
  tuple: sequence("tuple"),
  tuple_pattern: sequence("tuple"),
  expression_list: sequence("tuple"),
  pattern_list: sequence("tuple"),
  set: sequence("set"),
  dictionary,
  list_comprehension: comprehension("list"),
  set_comprehension: comprehension("set"),
  dictionary_comprehension: comprehension("dict"),
  generator_expression: comprehension("generator"),
  lambda,
  await: (l, node) => ({ kind: "await", ...span(l, node), value: only(l, node) }),
  conditional_expression: conditional,
  binary_operator: operator,
  boolean_operator: operator,
  comparison_operator: operator,
  not_operator: operator,
  unary_operator: operator,
  union_type: unionType,
  generic_type: genericType,
  member_type: memberType,
  type: only,
  parenthesized_expression: only,
  named_expression: (l, node) => {
    const name = l.child(node, "name");
    return { kind: "walrus", ...span(l, node), target: name === undefined ? "" : l.name(name), value: byField(l, node, "value") };
  },
  yield: yields,
  list_splat: splat,
  list_splat_pattern: splat,
  dictionary_splat: splat,
  slice: (l, node) => ({ kind: "slice", ...span(l, node), parts: all(l, l.children(node)) }),
  assignment: parts,
};

export function lowerExpr(l: Lowering, node: number): Expr {
  return l.deeper<Expr>(node, l.nothing(node), () => (table[l.type(node)] ?? parts)(l, node));
}

export function lowerType(l: Lowering, node: number): Expr {
  const before = l.inType;
  l.inType = true;
  const result = lowerExpr(l, node);
  l.inType = before;
  return result;
}
export { lowerArguments };
