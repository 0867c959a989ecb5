import { forEachExpr, type Expr, type FileFacts, type FunctionFact } from "../python/index.js";
import type { Effect } from "./evaluate/effects.js";
import { dottedOf, unsubscripted } from "./entities/classes.js";
import { lastWord } from "./project/names.js";
import type { OrmIndex } from "./project/ormIndex.js";

interface Root {
  readonly file: string;
  readonly fn: FunctionFact;
}

/** The function in which the story of an effect begins. */
function rootOf(index: OrmIndex, effect: Effect): Root | undefined {
  const { file, scope } = effect.path[0] ?? effect;
  const fn = index.files.get(file)?.functions.find((one) => one.qualifiedName === scope);
  return fn && { file, fn };
}

/** Of a few files the callers may be others that were not given. */
const wholeProject = 50;

/** The effects, with those marked whose functions nothing in the project refers to. */
export function markUnreferenced(index: OrmIndex, effects: readonly Effect[]): readonly Effect[] {
  if (index.files.size < wholeProject) return effects;
  const isDead = unreferenced(index, effects);
  return effects.map((effect) => (isDead(effect) ? { ...effect, unreferenced: true } : effect));
}

/**
 * Tells effects of functions that nothing in the project refers to: dead code, or an entry point that the code does not show. A decorator, a
 * base class from outside and Python itself call functions without naming them.
 */
function unreferenced(index: OrmIndex, effects: readonly Effect[]): (effect: Effect) => boolean {
  const roots = new Map<Effect, Root>();
  for (const effect of effects) {
    const root = rootOf(index, effect);
    if (root && couldBeDead(index, root)) roots.set(effect, root);
  }
  const mentioned = mentionedAmong(index, new Set([...roots.values()].map(({ fn }) => fn.name)));
  return (effect) => {
    const root = roots.get(effect);
    return root !== undefined && !mentioned.has(root.fn.name);
  };
}

function couldBeDead(index: OrmIndex, { file, fn }: Root): boolean {
  if (fn.name === "" || fn.name === "main" || fn.name.startsWith("__") || fn.decorators.length > 0) return false;
  const facts = index.files.get(file)!;
  const ref = fn.class === undefined ? undefined : index.classes.of({ kind: "class", file, index: fn.class });
  if (!ref) return facts.functions[fn.parent]?.name === "";
  return index.classes
    .linear(ref)
    .every((at) => at.fact.decorators.length === 0 && at.fact.bases.every((base) => callsNothing(index, at.file, base)));
}

const plainBases = new Set(["object", "Generic", "ABC", "Protocol"]);

/** A class of the project, or one that calls no method of its own accord. */
function callsNothing(index: OrmIndex, file: string, base: Expr): boolean {
  const expr = unsubscripted(base);
  return plainBases.has(lastWord(dottedOf(expr))) || index.symbols.resolve(file, expr)?.kind === "class";
}

/** Those of the names that stand somewhere else than in definitions of functions. */
function mentionedAmong(index: OrmIndex, names: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  if (names.size === 0) return found;
  for (const facts of index.files.values()) {
    const open = facts.words.filter((word) => names.has(word) && !found.has(word));
    for (const name of open.length > 0 ? mentionsIn(facts, open) : []) found.add(name);
  }
  return found;
}

const known = new WeakMap<FileFacts, Map<string, boolean>>();

/** Kept with the facts, so that an edit elsewhere does not walk the file again. */
function mentionsIn(facts: FileFacts, names: readonly string[]): string[] {
  const answers = known.get(facts) ?? new Map<string, boolean>();
  known.set(facts, answers);
  const fresh = names.filter((name) => !answers.has(name));
  if (fresh.length > 0) {
    const mentioned = mentionedWords(facts, new Set(fresh));
    for (const name of fresh) answers.set(name, mentioned.has(name));
  }
  return names.filter((name) => answers.get(name));
}

/** Whether two texts of a file mention the same names. */
export function mentionSame(before: FileFacts, after: FileFacts): boolean {
  const everything = { has: () => true };
  const names = mentionedWords(before, everything);
  const now = mentionedWords(after, everything);
  return names.size === now.size && [...names].every((name) => now.has(name));
}

function mentionedWords(facts: FileFacts, wanted: Pick<ReadonlySet<string>, "has">): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (name: string) => void (wanted.has(name) && found.add(name));
  for (const fact of facts.imports) for (const { name } of fact.names ?? []) add(name);
  for (const cls of facts.classes) for (const field of cls.fields) add(field.name);
  for (const fn of facts.functions)
    forEachExpr(fn.body, (expr) => {
      if (expr.kind === "name") add(expr.id);
      else if (expr.kind === "attribute") add(expr.name);
      else if (expr.kind === "string") add(expr.value);
    });
  return found;
}
