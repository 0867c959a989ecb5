import type { ClassFact, FieldFact, FunctionFact } from "../facts.js";
import type { Expr, Stmt } from "../ir.js";
import type { Lowering } from "./context.js";
import { lowerArguments, lowerType } from "./expressions.js";
import { lowerParams } from "./params.js";
import { lowerBlock } from "./statements.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const qualified = (l: Lowering, name: string) => (l.qualifier ? `${l.qualifier}.${name}` : name);

/** Lowers `inside` with the names and counters of a new scope, and puts the old ones back. */
function scoped<T>(l: Lowering, qualifier: string, functionIndex: number, inside: () => T): T {
  const before = { qualifier: l.qualifier, function: l.function, generator: l.generator, conditional: l.conditional };
  Object.assign(l, { qualifier, function: functionIndex, generator: false, conditional: 0 });
  const result = inside();
  Object.assign(l, before);
  return result;
}

export function lowerFunction(l: Lowering, node: number, decorators: readonly Expr[], classIndex?: number): number {
  const nameNode = l.child(node, "name");
  const name = nameNode === undefined ? "" : l.name(nameNode);
  const parameters = l.child(node, "parameters");
  const returns = l.child(node, "return_type");
  const body = l.child(node, "body");
  const fact: Mutable<FunctionFact> = {
    name,
    qualifiedName: qualified(l, name),
    start: l.start(node),
    end: l.end(node),
    nameStart: nameNode === undefined ? l.start(node) : l.start(nameNode),
    parent: l.function,
    params: parameters === undefined ? [] : lowerParams(l, parameters),
    decorators,
    body: [],
  };
  if (classIndex !== undefined) fact.class = classIndex;
  if (l.startsWith(node, "async")) fact.async = true;
  if (returns !== undefined) fact.returns = lowerType(l, returns);
  const index = l.functions.push(fact) - 1;
  scoped(l, fact.qualifiedName, index, () => {
    if (body !== undefined) fact.body = lowerBlock(l, body);
    if (l.generator) fact.generator = true;
  });
  return index;
}

/** Assignments of the body, in order, those under `if TYPE_CHECKING` and the like included. */
function collectFields(statements: readonly Stmt[], into: FieldFact[]): void {
  for (const statement of statements) {
    if (statement.kind === "assign") {
      for (const target of statement.targets) {
        if (target.kind !== "name") continue;
        const { start, end, annotation, value } = statement;
        into.push({ name: target.id, start, end, ...(annotation ? { annotation } : {}), ...(value ? { value } : {}) });
      }
    } else if (statement.kind === "if") {
      for (const branch of statement.branches) collectFields(branch.body, into);
      if (statement.else) collectFields(statement.else, into);
    } else if (statement.kind === "try" || statement.kind === "with") collectFields(statement.body, into);
  }
}

function collectMethods(l: Lowering, statements: readonly Stmt[], classIndex: number, into: number[]): void {
  for (const statement of statements) {
    if (statement.kind === "function") {
      (l.functions[statement.index] as Mutable<FunctionFact>).class = classIndex;
      into.push(statement.index);
    } else if (statement.kind === "if") {
      for (const branch of statement.branches) collectMethods(l, branch.body, classIndex, into);
      if (statement.else) collectMethods(l, statement.else, classIndex, into);
    }
  }
}

export function lowerClass(l: Lowering, node: number, decorators: readonly Expr[]): number {
  const nameNode = l.child(node, "name");
  const name = nameNode === undefined ? "" : l.name(nameNode);
  const superclasses = l.child(node, "superclasses");
  const args = superclasses === undefined ? [] : lowerArguments(l, superclasses);
  const body = l.child(node, "body");
  const fields: FieldFact[] = [];
  const methods: number[] = [];
  const fact: ClassFact = {
    name,
    qualifiedName: qualified(l, name),
    start: l.start(node),
    end: l.end(node),
    nameStart: nameNode === undefined ? l.start(node) : l.start(nameNode),
    function: l.function,
    bases: args.filter((arg) => arg.name === undefined && !arg.splat).map((arg) => arg.value),
    keywords: args.flatMap((arg) => (arg.name === undefined ? [] : [{ name: arg.name, value: arg.value }])),
    decorators,
    fields,
    methods,
  };
  const index = l.classes.push(fact) - 1;
  if (body === undefined) return index;
  const statements = scoped(l, fact.qualifiedName, l.function, () => lowerBlock(l, body));
  collectFields(statements, fields);
  collectMethods(l, statements, index, methods);
  return index;
}

export function lowerModule(l: Lowering): void {
  const fact: Mutable<FunctionFact> = {
    name: "",
    qualifiedName: "",
    start: 0,
    end: l.text.length,
    nameStart: 0,
    parent: -1,
    params: [],
    decorators: [],
    body: [],
  };
  l.functions.push(fact);
  fact.body = lowerBlock(l, 0);
}
