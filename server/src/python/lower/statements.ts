import type { Expr, IfStmt, Stmt, TryStmt } from "../ir.js";
import type { Lowering } from "./context.js";
import { lowerClass, lowerFunction } from "./definitions.js";
import { lowerExpr, lowerType, operatorIn } from "./expressions.js";
import { lowerImport } from "./imports.js";
import { lowerCase } from "./patterns.js";

type Lower = (l: Lowering, node: number) => Stmt | readonly Stmt[] | undefined;

const span = (l: Lowering, node: number) => ({ start: l.start(node), end: l.end(node) });
const all = (l: Lowering, node: number) => l.children(node).map((child) => lowerExpr(l, child));
const value = (l: Lowering, node: number, field: string): Expr => {
  const child = l.child(node, field);
  return child === undefined ? l.nothing(node) : lowerExpr(l, child);
};
const block = (l: Lowering, node: number | undefined): readonly Stmt[] => {
  if (node === undefined) return [];
  l.conditional++;
  const result = lowerBlock(l, node);
  l.conditional--;
  return result;
};
const blockIn = (l: Lowering, node: number) =>
  block(l, l.child(node, "body") ?? l.children(node).find((child) => l.type(child) === "block"));
const blocks = (l: Lowering, node: number, type: string) => l.children(node).filter((child) => l.type(child) === type);

/** `a = b = c` nests to the right. */
function assignment(l: Lowering, node: number): Stmt {
  const targets: Expr[] = [];
  let annotation: Expr | undefined;
  let at = node;
  for (;;) {
    const left = l.child(at, "left");
    const type = l.child(at, "type");
    const right = l.child(at, "right");
    if (left !== undefined) targets.push(lowerExpr(l, left));
    if (type !== undefined) annotation = lowerType(l, type);
    if (right !== undefined && l.type(right) === "assignment") {
      at = right;
      continue;
    }
    const base = { kind: "assign", ...span(l, node), targets } as const;
    return {
      ...base,
      ...(annotation ? { annotation } : {}),
      ...(right === undefined ? {} : { value: lowerExpr(l, right) }),
    };
  }
}

function augmented(l: Lowering, node: number): Stmt {
  const left = l.child(node, "left");
  const right = l.child(node, "right");
  const op = left === undefined || right === undefined ? "" : operatorIn(l.text.slice(l.end(left), l.start(right)));
  return { kind: "augment", ...span(l, node), target: value(l, node, "left"), op, value: value(l, node, "right") };
}

const expression: Lower = (l, node) => {
  const children = l.children(node);
  const [first] = children;
  if (first === undefined) return undefined;
  const type = l.type(first);
  if (type === "assignment") return assignment(l, first);
  if (type === "augmented_assignment") return augmented(l, first);
  if (children.length === 1) {
    const lowered = type === "ellipsis" ? undefined : lowerExpr(l, first);
    // A docstring says nothing to the analysis.
    return lowered && lowered.kind !== "string" ? { kind: "expression", ...span(l, node), value: lowered } : undefined;
  }
  return { kind: "expression", ...span(l, node), value: { kind: "tuple", ...span(l, node), items: all(l, node) } };
};

const ifStatement: Lower = (l, node) => {
  const branches: { test: Expr; body: readonly Stmt[] }[] = [];
  let otherwise: readonly Stmt[] | undefined;
  const add = (at: number) => branches.push({ test: value(l, at, "condition"), body: block(l, l.child(at, "consequence")) });
  add(node);
  for (const child of l.children(node)) {
    if (l.type(child) === "elif_clause") add(child);
    if (l.type(child) === "else_clause") otherwise = blockIn(l, child);
  }
  const result: IfStmt = { kind: "if", ...span(l, node), branches };
  return otherwise ? { ...result, else: otherwise } : result;
};

const withElse = (l: Lowering, node: number) => {
  const otherwise = blocks(l, node, "else_clause")[0];
  return otherwise === undefined ? {} : { else: blockIn(l, otherwise) };
};
const forStatement: Lower = (l, node) => ({
  kind: "for",
  ...span(l, node),
  target: value(l, node, "left"),
  iter: value(l, node, "right"),
  body: block(l, l.child(node, "body")),
  ...withElse(l, node),
  ...(l.startsWith(node, "async") ? { async: true as const } : {}),
});
const whileStatement: Lower = (l, node) => ({
  kind: "while",
  ...span(l, node),
  test: value(l, node, "condition"),
  body: block(l, l.child(node, "body")),
  ...withElse(l, node),
});

/** `x as y`: value and target. */
function aliased(l: Lowering, node: number): { value: Expr; target?: Expr } {
  if (l.type(node) !== "as_pattern") return { value: lowerExpr(l, node) };
  const [inner, alias] = l.children(node);
  if (inner === undefined || alias === undefined) return { value: l.nothing(node) };
  const [target] = l.type(alias) === "as_pattern_target" ? l.children(alias) : [alias];
  return target === undefined ? { value: lowerExpr(l, inner) } : { value: lowerExpr(l, inner), target: lowerExpr(l, target) };
}
const withStatement: Lower = (l, node) => {
  const items: { value: Expr; target?: Expr }[] = [];
  const collect = (at: number) => {
    for (const child of l.children(at)) {
      const type = l.type(child);
      if (type === "with_clause") collect(child);
      if (type !== "with_item") continue;
      const inner = l.child(child, "value") ?? l.children(child)[0];
      if (inner === undefined) continue;
      // `with (a as x, b as y):` may come as a tuple of patterns.
      if (l.type(inner) === "parenthesized_expression") items.push(aliased(l, l.children(inner)[0] ?? inner));
      else if (l.type(inner) === "tuple") for (const part of l.children(inner)) items.push(aliased(l, part));
      else items.push(aliased(l, inner));
    }
  };
  collect(node);
  const base = { kind: "with", ...span(l, node), items, body: block(l, l.child(node, "body")) } as const;
  return l.startsWith(node, "async") ? { ...base, async: true } : base;
};

function handler(l: Lowering, node: number): TryStmt["handlers"][number] {
  const head = l.children(node).filter((child) => l.type(child) !== "block");
  const body = blockIn(l, node);
  const first = head[0];
  if (first === undefined) return { body };
  const alias = l.child(node, "alias");
  if (l.type(first) === "as_pattern") {
    const { value: type, target } = aliased(l, first);
    return target?.kind === "name" ? { type, name: target.id, body } : { type, body };
  }
  // `except A, B:`
  const types = head.filter((child) => child !== alias).map((child) => lowerExpr(l, child));
  const type: Expr = types.length === 1 ? types[0]! : { kind: "tuple", start: types[0]!.start, end: types.at(-1)!.end, items: types };
  return { type, ...(alias === undefined ? {} : { name: l.name(alias) }), body };
}
const tryStatement: Lower = (l, node) => {
  const last = blocks(l, node, "finally_clause")[0];
  return {
    kind: "try",
    ...span(l, node),
    body: block(l, l.child(node, "body")),
    handlers: l.children(node).flatMap((child) => (l.type(child).startsWith("except") ? [handler(l, child)] : [])),
    ...withElse(l, node),
    ...(last === undefined ? {} : { finally: blockIn(l, last) }),
  };
};

function matchCase(l: Lowering, node: number) {
  const guard = l.child(node, "guard");
  return {
    pattern: lowerCase(l, node),
    ...(guard === undefined ? {} : { guard: all(l, guard)[0]! }),
    body: block(l, l.child(node, "consequence")),
  };
}
const matchStatement: Lower = (l, node) => {
  const body = l.child(node, "body");
  const cases = body === undefined ? [] : blocks(l, body, "case_clause");
  const subjects = l.children(node).filter((child) => l.field(child) === "subject");
  const [first] = subjects;
  const subject: Expr =
    subjects.length === 1 || first === undefined
      ? value(l, node, "subject")
      : { kind: "tuple", start: l.start(first), end: l.end(subjects.at(-1)!), items: subjects.map((child) => lowerExpr(l, child)) };
  return { kind: "match", ...span(l, node), subject, cases: cases.map((child) => matchCase(l, child)) };
};

const returns: Lower = (l, node) => {
  const [child] = l.children(node);
  const base = { kind: "return", ...span(l, node) } as const;
  return child === undefined ? base : { ...base, value: lowerExpr(l, child) };
};
const imports: Lower = (l, node) =>
  lowerImport(l, node).map((index) => ({ kind: "import", start: l.start(node), end: l.end(node), index }));
const others: Lower = (l, node) => ({ kind: "other", ...span(l, node), items: all(l, node) });
const functionDefinition: Lower = (l, node) => ({ kind: "function", ...span(l, node), index: lowerFunction(l, node, []) });
const classDefinition: Lower = (l, node) => ({ kind: "class", ...span(l, node), index: lowerClass(l, node, []) });
const decorated: Lower = (l, node) => {
  const decorators = blocks(l, node, "decorator").map((child) => all(l, child)[0] ?? l.nothing(child));
  const definition = l.child(node, "definition");
  if (definition === undefined) return undefined;
  if (l.type(definition) === "class_definition") return { kind: "class", ...span(l, node), index: lowerClass(l, definition, decorators) };
  return { kind: "function", ...span(l, node), index: lowerFunction(l, definition, decorators) };
};
/** Error recovery leaves whole statements and stray expressions in an ERROR node. */
const broken: Lower = (l, node) =>
  l.children(node).flatMap((child): readonly Stmt[] => {
    if (table[l.type(child)]) return lowerStatement(l, child);
    return l.type(child) === "block" ? lowerBlock(l, child) : [{ kind: "expression", ...span(l, child), value: lowerExpr(l, child) }];
  });

const table: Readonly<Record<string, Lower>> = {
  expression_statement: expression,
  return_statement: returns,
  raise_statement: (l, node) => ({ kind: "raise", ...span(l, node), values: all(l, node) }),
  break_statement: (l, node) => ({ kind: "break", ...span(l, node) }),
  continue_statement: (l, node) => ({ kind: "continue", ...span(l, node) }),
  pass_statement: () => undefined,
  if_statement: ifStatement,
  for_statement: forStatement,
  while_statement: whileStatement,
  with_statement: withStatement,
  try_statement: tryStatement,
  match_statement: matchStatement,
  function_definition: functionDefinition,
  class_definition: classDefinition,
  decorated_definition: decorated,
  import_statement: imports,
  import_from_statement: imports,
  future_import_statement: () => undefined,
  assert_statement: others,
  delete_statement: others,
  global_statement: (l, node) => {
    l.globals = [...l.globals, ...l.children(node).map((child) => l.name(child))];
    return undefined;
  },
  nonlocal_statement: () => undefined,
  print_statement: others,
  exec_statement: others,
  type_alias_statement: () => undefined,
  block: (l, node) => lowerBlock(l, node),
  ERROR: broken,
};

function lowerStatement(l: Lowering, node: number): readonly Stmt[] {
  const result = l.deeper<ReturnType<Lower>>(node, undefined, () => table[l.type(node)]?.(l, node));
  if (result === undefined) return [];
  return Array.isArray(result) ? (result as readonly Stmt[]) : [result as Stmt];
}

/** The statements below a `module`, a `block` or an ERROR node. */
export function lowerBlock(l: Lowering, node: number): readonly Stmt[] {
  const result: Stmt[] = [];
  for (const child of l.children(node)) for (const statement of lowerStatement(l, child)) result.push(statement);
  return result;
}
