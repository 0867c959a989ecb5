import { exact } from "../lower/exact.js";
import type { ClassFact, FieldFact, FunctionFact } from "../facts.js";
import type { Expr, Stmt } from "../ir.js";
import type { Mutable } from "../lower/builder.js";
import { collectFields, collectMethods } from "../lower/members.js";
import { readExpr, readType } from "./expressions.js";
import { readParams } from "./params.js";
import { readArguments } from "./primaries.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";
import { readSuite } from "./statements.js";

/** Decorators, then the function or class that they decorate. */
export function readDecorated(r: Reader): Stmt {
  const { start } = r;
  const decorators: Expr[] = [];
  while (r.skip("@")) {
    decorators.push(readExpr(r));
    r.closeLine();
  }
  const definition = readDefinition(r, exact(decorators)) ?? giveUp();
  return { ...definition, start };
}

/** A definition where one stands. */
export function readDefinition(r: Reader, decorators: readonly Expr[]): (Stmt & { kind: "function" | "class" }) | undefined {
  const { start } = r;
  const read = r.token === "class" ? readClass : r.token === "def" || r.token === "async" ? readFunction : undefined;
  if (!read) return undefined;
  const { index, end } = read(r, decorators);
  return { kind: read === readClass ? "class" : "function", start, end, index };
}

function readFunction(r: Reader, decorators: readonly Expr[]): { index: number; end: number } {
  const { facts, start } = r;
  const isAsync = r.skip("async");
  r.expect("def");
  const nameStart = r.start;
  const name = r.name();
  skipTypeParameters(r);
  r.expect("(");
  const params = readParams(r, ")");
  r.expect(")");
  const returns = r.skip("->") ? readType(r) : undefined;
  const qualifiedName = facts.qualified(name);
  const base = { name, qualifiedName, start, end: start, nameStart, parent: facts.function, params, decorators, body: [] };
  const fact: Mutable<FunctionFact> = base;
  if (isAsync) fact.async = true;
  if (returns !== undefined) fact.returns = returns;
  const index = facts.functions.push(fact) - 1;
  facts.scoped(qualifiedName, index, () => {
    const { body, end } = readSuite(r);
    fact.body = body;
    fact.end = end;
    if (facts.generator) fact.generator = true;
    if (facts.globals.length > 0) fact.globals = facts.globals;
  });
  return { index, end: fact.end };
}

function readClass(r: Reader, decorators: readonly Expr[]): { index: number; end: number } {
  const { facts, start } = r;
  r.advance();
  const nameStart = r.start;
  const name = r.name();
  skipTypeParameters(r);
  const bracket = r.start;
  const args = r.skip("(") ? readArguments(r, bracket) : [];
  const fields: FieldFact[] = [];
  const methods: number[] = [];
  const qualifiedName = facts.qualified(name);
  const fact: Mutable<ClassFact> = {
    name,
    qualifiedName,
    start,
    end: start,
    nameStart,
    function: facts.function,
    bases: args.filter((arg) => arg.name === undefined && !arg.splat).map((arg) => arg.value),
    keywords: args.flatMap((arg) => (arg.name === undefined ? [] : [{ name: arg.name, value: arg.value }])),
    decorators,
    fields,
    methods,
  };
  const index = facts.classes.push(fact) - 1;
  const { body, end } = facts.scoped(qualifiedName, facts.function, () => readSuite(r));
  fact.end = end;
  collectFields(body, fields);
  collectMethods(facts, body, index, methods);
  fact.fields = exact(fields);
  fact.methods = exact(methods);
  return { index, end };
}

/** `[T: Bound]` behind a name: what it binds says nothing to the analysis. */
function skipTypeParameters(r: Reader): void {
  if (r.token !== "[") return;
  const outside = r.brackets - 1;
  while (r.brackets > outside) {
    if (r.is("end") || r.is("format")) giveUp();
    r.advance();
  }
  r.expect("]");
}
