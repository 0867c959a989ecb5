import type { ClassFact, FieldFact, FunctionFact } from "../facts.js";
import type { Expr } from "../ir.js";
import type { Mutable } from "./builder.js";
import type { Lowering } from "./context.js";
import { lowerArguments, lowerType } from "./expressions.js";
import { collectFields, collectMethods } from "./members.js";
import { lowerParams } from "./params.js";
import { lowerBlock } from "./statements.js";

export function lowerFunction(l: Lowering, node: number, decorators: readonly Expr[], classIndex?: number): number {
  const nameNode = l.child(node, "name");
  const name = nameNode === undefined ? "" : l.name(nameNode);
  const parameters = l.child(node, "parameters");
  const returns = l.child(node, "return_type");
  const body = l.child(node, "body");
  const fact: Mutable<FunctionFact> = {
    name,
    qualifiedName: l.qualified(name),
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
  l.scoped(fact.qualifiedName, index, () => {
    if (body !== undefined) fact.body = lowerBlock(l, body);
    if (l.generator) fact.generator = true;
    if (l.globals.length > 0) fact.globals = l.globals;
  });
  return index;
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
    qualifiedName: l.qualified(name),
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
  const statements = l.scoped(fact.qualifiedName, l.function, () => lowerBlock(l, body));
  collectFields(statements, fields);
  collectMethods(l, statements, index, methods);
  return index;
}

export function lowerModule(l: Lowering): void {
  const fact = l.addModule(l.text.length);
  fact.body = lowerBlock(l, 0);
}
