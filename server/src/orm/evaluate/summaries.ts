import { childrenOf, partsOf, type Expr, type FunctionFact, type Stmt } from "../../python/index.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { originKey } from "../values/origins.js";
import { withLoaded } from "../values/plan.js";
import { mapValue, membersOf, unknown, type EntityValue, type Value } from "../values/value.js";
import { newFindings } from "./context.js";
import type { Effect } from "./effects.js";
import { Evaluator, type CallResolver, type EvaluationContext, type SentByCall } from "./evaluator.js";
import { containment, namesIn } from "./executions.js";
import { prepare } from "./parameters.js";
import { evaluateBody } from "./statements.js";
import { targetNames } from "./targets.js";

interface Summary {
  readonly value: Value;
  readonly sends?: SentByCall;
}

/**
 * What a call of a function gives and sends, one level deep: the functions that it calls in turn are known by their annotations only. Each is
 * computed once, with parameters that are known by their annotations.
 */
export function summaries(
  index: OrmIndex,
  declared: CallResolver,
  context: () => EvaluationContext,
): Pick<EvaluationContext, "call" | "sends"> & { withoutCalls: <T>(body: () => T) => T } {
  const known = new Map<string, Summary>();
  let inside = false;
  const summaryOf = (target: { file: string; index: number }): Summary | undefined => {
    // Not even what is known already: the answer must not depend on what was asked before.
    if (inside) return undefined;
    const key = `${target.file}\n${target.index}`;
    if (known.has(key)) return known.get(key);
    const facts = index.files.get(target.file);
    const fn = facts?.functions[target.index];
    if (!fn || !facts) return undefined;
    inside = true;
    const ev = new Evaluator(index, target.file, facts, fn, newFindings(), context());
    prepare(ev, fn.class === undefined ? undefined : index.classes.of({ kind: "class", file: target.file, index: fn.class }));
    const value = evaluateBody(ev, fn.body);
    inside = false;
    const { effects } = ev.found;
    const sends = sentBy(fn, effects);
    const given = isWrapped(fn) || fn.generator ? unknown : withReads(value, effects);
    const summary = { value: isPlain(fn.body) ? given : unsure(given), ...(sends ? { sends } : {}) };
    known.set(key, summary);
    return summary;
  };
  return {
    call: (target, args) => {
      const { value = unknown } = summaryOf(target) ?? {};
      return comesFromQuery(value) ? value : declared(target, args);
    },
    sends: (target) => summaryOf(target)?.sends,
    withoutCalls: (body) => {
      const before = inside;
      inside = true;
      const value = body();
      inside = before;
      return value;
    },
  };
}

/** Only what a query in the function gives says more than the annotation. */
function comesFromQuery(value: Value): boolean {
  return membersOf(value).every((member) => {
    if (member.kind === "none") return membersOf(value).length > 1;
    if (member.kind === "query") return true;
    if (member.kind === "entity") return member.origin.kind === "query";
    return (member.kind === "collection" || member.kind === "page") && comesFromQuery(member.of);
  });
}

const decoratorName = (decorator: Expr): string => {
  const target = decorator.kind === "call" ? decorator.callee : decorator;
  return target.kind === "name" ? target.id : target.kind === "attribute" ? target.name : "";
};

/** A decorator may give back something else. */
const isWrapped = (fn: FunctionFact) =>
  fn.decorators.some((decorator) => !["staticmethod", "classmethod", "override"].includes(decoratorName(decorator)));

/** `@lru_cache`, `@cached_property`, `@memoize`: most calls send nothing. */
const isCached = (fn: FunctionFact) =>
  fn.decorators.some((decorator) => {
    const name = decoratorName(decorator).toLowerCase();
    return name.includes("cache") || name.includes("memo") || name === "" || dottedMentionsCache(decorator);
  });
const dottedMentionsCache = (decorator: Expr) => [...namesIn(decorator)].some((name) => name.toLowerCase().includes("cache"));

/** Names bound and a value returned, nothing else: the same on each call. */
const isPlain = (body: readonly Stmt[]) =>
  body.every(({ kind }) => kind === "expression" || kind === "assign" || kind === "return" || kind === "import");

/** A method may be overridden in a class that the code does not name; a function may have more than one way to its end. */
export function unsure(value: Value): Value {
  return mapValue(value, (member) => {
    if (member.kind === "query") return { ...member, flags: { ...member.flags, overridable: true } };
    if (member.kind === "entity" && member.origin.kind === "query") return { ...member, doubt: member.doubt ?? "likely" };
    return member.kind === "collection" || member.kind === "page" ? { ...member, of: unsure(member.of) } : member;
  });
}

/** What the function has read of its rows is loaded when it gives them away. */
function withReads(value: Value, effects: readonly Effect[]): Value {
  const reads = effects.flatMap((effect) => (effect.kind === "lazyLoad" ? [effect] : []));
  const loaded = (member: EntityValue): EntityValue =>
    reads
      .filter(({ owner }) => originKey(owner) === originKey(member))
      .reduce((one, { relationship }) => ({ ...one, plan: withLoaded(one.plan, relationship.name) }), member);
  return mapValue(value, (member) => {
    if (member.kind === "entity") return loaded(member);
    return member.kind === "collection" || member.kind === "page" ? { ...member, of: withReads(member.of, effects) } : member;
  });
}

/** Of a function that does nothing but ask: the one statement, if every call sends it, for one value at a time, made of parameters. */
function sentBy(fn: FunctionFact, effects: readonly Effect[]): SentByCall | undefined {
  if (isCached(fn) || fn.generator || loops(fn.body)) return undefined;
  const words = fn.body.flatMap((statement) => [...namesOf(statement)]);
  // Functions that keep what they found say so; those that write are about more than asking.
  if (words.some((word) => writers.has(word) || word.toLowerCase().includes("cache"))) return undefined;
  const [execution, ...others] = effects.filter((effect) => effect.kind === "execution");
  if (!execution || others.length > 0 || effects.some(({ kind }) => kind === "commit")) return undefined;
  const { operation, iterations, guarded } = execution;
  if ((operation !== "select" && operation !== "get") || iterations.length > 0 || guarded) return undefined;
  if (!isReached(fn.body, execution.span.start) || takesBatch(fn.body)) return undefined;
  const parameters = parametersBehind(fn, execution.names);
  return parameters.size > 0 ? { execution, function: fn, parameters } : undefined;
}

const loops = (body: readonly Stmt[]): boolean =>
  body.some((statement) => statement.kind === "for" || statement.kind === "while" || partsOf(statement).blocks.some(loops));

const writers = new Set(["add", "add_all", "delete", "merge", "flush", "commit"]);

/** Whether nothing before the offset leaves the function early. */
function isReached(statements: readonly Stmt[], offset: number): boolean {
  for (const statement of statements) {
    const holds = statement.start <= offset && offset < statement.end;
    const { blocks } = partsOf(statement);
    if (holds)
      return statement.kind === "for" || statement.kind === "while" ? false : blocks.length === 0 || isReached(blocks.flat(), offset);
    if (statement.kind !== "function" && statement.kind !== "class" && leavesSomewhere(statement)) return false;
  }
  return true;
}
const leavesSomewhere = (statement: Stmt): boolean =>
  statement.kind === "return" || partsOf(statement).blocks.some((block) => block.some(leavesSomewhere));

function takesBatch(statements: readonly Stmt[]): boolean {
  const inExpr = (expr: Expr): boolean =>
    (expr.kind === "call" && expr.callee.kind === "attribute" && containment.has(expr.callee.name)) || childrenOf(expr).some(inExpr);
  return statements.some((statement) => {
    const { exprs, blocks } = partsOf(statement);
    return exprs.some(inExpr) || blocks.some(takesBatch);
  });
}

/** Parameters that reach these names through assignments. */
function parametersBehind(fn: FunctionFact, names: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(names);
  const assigns: { to: string[]; from: ReadonlySet<string> }[] = [];
  const collect = (statements: readonly Stmt[]) => {
    for (const statement of statements) {
      if (statement.kind === "assign" && statement.value)
        assigns.push({ to: statement.targets.flatMap(targetNames), from: namesIn(statement.value) });
      for (const block of partsOf(statement).blocks) collect(block);
    }
  };
  collect(fn.body);
  for (let before = -1; before !== reached.size;) {
    before = reached.size;
    for (const { to, from } of assigns) if (to.some((name) => reached.has(name))) for (const name of from) reached.add(name);
  }
  return new Set(fn.params.filter(({ name }) => reached.has(name)).map(({ name }) => name));
}

function namesOf(statement: Stmt, into = new Set<string>()): Set<string> {
  const { exprs, blocks } = partsOf(statement);
  const visit = (expr: Expr) => {
    if (expr.kind === "name") into.add(expr.id);
    if (expr.kind === "attribute") into.add(expr.name);
    childrenOf(expr).forEach(visit);
  };
  exprs.forEach(visit);
  for (const block of blocks) for (const inner of block) namesOf(inner, into);
  return into;
}
