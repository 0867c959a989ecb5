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
  const roots = new Map<Effect, string>();
  const candidates = new Map<string, Root>();
  for (const effect of effects) {
    const root = rootOf(index, effect);
    if (!root || !couldBeDead(index, root)) continue;
    const key = `${root.file}\n${root.fn.qualifiedName}`;
    roots.set(effect, key);
    candidates.set(key, root);
  }
  const files = filesWithWords(index, new Set([...candidates.values()].map(({ fn }) => fn.name)));
  const dead = new Set([...candidates].flatMap(([key, root]) => (isMentioned(index, root, files.get(root.fn.name) ?? []) ? [] : [key])));
  return (effect) => dead.has(roots.get(effect) ?? "");
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

function filesWithWords(index: OrmIndex, names: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  if (names.size === 0) return found;
  for (const [file, facts] of index.files)
    for (const word of facts.words) {
      if (!names.has(word)) continue;
      const files = found.get(word);
      if (files) files.push(file);
      else found.set(word, [file]);
    }
  return found;
}

/** Whether the name stands anywhere but in definitions of functions. */
function isMentioned(index: OrmIndex, { fn }: Root, files: readonly string[]): boolean {
  return files.some((file) => mentions(index.files.get(file)!, fn.name));
}

const mentionedNames = new WeakMap<FileFacts, ReadonlySet<string>>();

const mentions = (facts: FileFacts, name: string): boolean => mentionedIn(facts).has(name);

/** Kept with the facts: after an edit of one file the others have not to be walked again. */
export function mentionedIn(facts: FileFacts): ReadonlySet<string> {
  const known = mentionedNames.get(facts);
  if (known) return known;
  const names = new Set<string>();
  for (const fact of facts.imports) for (const { name } of fact.names ?? []) names.add(name);
  const visit = (expr: Expr) => {
    if (expr.kind === "name") names.add(expr.id);
    else if (expr.kind === "attribute") names.add(expr.name);
    else if (expr.kind === "string" && expr.value.length <= longestName) names.add(expr.value);
  };
  for (const fn of facts.functions) forEachExpr(fn.body, visit);
  for (const cls of facts.classes) for (const field of cls.fields) names.add(field.name);
  mentionedNames.set(facts, names);
  return names;
}
const longestName = 100;
