import { forEachExpr, type Expr, type FileFacts, type FunctionFact } from "../python/index.js";
import type { Effect } from "./evaluate/effects.js";
import { dottedOf, unsubscripted } from "./entities/classes.js";
import { lastWord } from "./project/names.js";
import type { OrmIndex } from "./project/ormIndex.js";

export interface Root {
  readonly file: string;
  readonly fn: FunctionFact;
}

/** The function in which the story of an effect begins. */
export function rootOf(index: OrmIndex, effect: Effect): Root | undefined {
  const { file, scope } = effect.path[0] ?? effect;
  const facts = index.files.get(file);
  const fn = facts && functionsByName(facts).get(scope);
  return fn && { file, fn };
}

const byName = new WeakMap<FileFacts, ReadonlyMap<string, FunctionFact>>();

/** Of several with one name the first. */
function functionsByName(facts: FileFacts): ReadonlyMap<string, FunctionFact> {
  let found = byName.get(facts);
  if (!found) byName.set(facts, (found = new Map(facts.functions.map((fn) => [fn.qualifiedName, fn] as const).reverse())));
  return found;
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
  const places = mentionedAmong(index, new Set([...roots.values()].map(({ fn }) => fn.name)));
  const dead = new Map<FunctionFact, boolean>();
  return (effect) => {
    const root = roots.get(effect);
    if (!root) return false;
    let answer = dead.get(root.fn);
    if (answer === undefined) dead.set(root.fn, (answer = !(places.get(root.fn.name) ?? []).some((place) => means(index, place, root))));
    return answer;
  };
}

/** Whether a mention of the name may mean this function: a method is no bare name, and an import says which function it means. */
function means(index: OrmIndex, { file, how }: MentionPlace, root: Root): boolean {
  if ((how & (mention.attribute | mention.text)) !== 0) return true;
  if (root.fn.class !== undefined) return false;
  if (file === root.file) return true;
  const symbol = index.symbols.lookup(file, root.fn.name);
  return !(symbol?.kind === "function" || symbol?.kind === "class") || symbol.file === root.file;
}

function couldBeDead(index: OrmIndex, root: Root): boolean {
  return root.fn.name !== "main" && onlyCalledByName(index, root);
}

/** Whether whoever calls the function has to write its name. */
export function onlyCalledByName(index: OrmIndex, { file, fn }: Root): boolean {
  if (fn.name === "" || fn.name.startsWith("__")) return false;
  if (!fn.decorators.every((decorator) => onlyWraps(index, file, decorator))) return false;
  const facts = index.files.get(file)!;
  const ref = fn.class === undefined ? undefined : index.classes.of({ kind: "class", file, index: fn.class });
  if (!ref) return facts.functions[fn.parent]?.name === "";
  return index.classes
    .linear(ref)
    .every((at) => at.fact.decorators.length === 0 && at.fact.bases.every((base) => callsNothing(index, at.file, base)));
}

/** Decorators of Python's that call nothing and keep nothing. */
const plainDecorators = new Set([
  "staticmethod",
  "classmethod",
  "abstractmethod",
  "override",
  "contextmanager",
  "asynccontextmanager",
  "lru_cache",
  "cache",
  "wraps",
  // oslo.db's enginefacade: they open the session.
  "reader",
  "writer",
]);

/** A decorator that gives a function around the function, and tells nobody else of it: who runs it has to name it. */
function onlyWraps(index: OrmIndex, file: string, decorator: Expr): boolean {
  const target = decorator.kind === "call" ? decorator.callee : decorator;
  const symbol = index.symbols.resolve(file, target);
  if (symbol?.kind !== "function") return plainDecorators.has(lastWord(dottedOf(target))) && symbol?.kind !== "class";
  const facts = index.files.get(symbol.file);
  const fn = facts?.functions[symbol.index];
  return fn !== undefined && givesInner(facts!, fn, decorator.kind === "call" ? 1 : 0);
}

/** @param deeper functions that are made before the one that wraps */
function givesInner(facts: FileFacts, fn: FunctionFact, deeper: number): boolean {
  let inner: FunctionFact | undefined;
  for (const statement of fn.body) {
    if (statement.kind === "function") inner = facts.functions[statement.index];
    else if (statement.kind === "assign" && statement.targets.every(({ kind }) => kind === "name")) continue;
    else if (statement.kind === "return") return statement.value?.kind === "name" && statement.value.id === inner?.name && isWrapper(inner);
    else if (!(statement.kind === "expression" && statement.value.kind === "string")) return false;
  }
  return false;

  function isWrapper(made: FunctionFact): boolean {
    return deeper === 0 || givesInner(facts, made, deeper - 1);
  }
}

const plainBases = new Set(["object", "Generic", "ABC", "Protocol"]);

/** SQLAlchemy calls no method of a mapped class that no decorator names. */
const mappedBases = new Set(["DeclarativeBase", "DeclarativeBaseNoMeta", "AsyncAttrs", "MappedAsDataclass", "Model", "SQLModel", "Base"]);

/** A class of the project, or one that calls no method of its own accord. */
function callsNothing(index: OrmIndex, file: string, base: Expr): boolean {
  const expr = unsubscripted(base);
  return (
    plainBases.has(lastWord(dottedOf(expr))) ||
    mappedBases.has(lastWord(dottedOf(expr))) ||
    index.symbols.resolve(file, expr)?.kind === "class"
  );
}

/** How a name stands in a file: by itself or imported; behind a dot; as a text or a field's name. */
const mention = { bare: 1, attribute: 2, text: 4 } as const;
interface MentionPlace {
  readonly file: string;
  readonly how: number;
}

/** Where the names stand, definitions of functions left out. */
function mentionedAmong(index: OrmIndex, names: ReadonlySet<string>): ReadonlyMap<string, readonly MentionPlace[]> {
  const found = new Map<string, MentionPlace[]>();
  if (names.size === 0) return found;
  for (const [file, facts] of index.files) {
    const words = facts.words.filter((word) => names.has(word));
    for (const [name, how] of words.length > 0 ? mentionsIn(facts, words) : []) {
      const places = found.get(name);
      if (places) places.push({ file, how });
      else found.set(name, [{ file, how }]);
    }
  }
  return found;
}

const known = new WeakMap<FileFacts, Map<string, number>>();

/** Kept with the facts, so that an edit elsewhere does not walk the file again. */
function mentionsIn(facts: FileFacts, names: readonly string[]): (readonly [name: string, how: number])[] {
  const answers = known.get(facts) ?? new Map<string, number>();
  known.set(facts, answers);
  const fresh = names.filter((name) => !answers.has(name));
  if (fresh.length > 0) {
    const mentioned = mentionedWords(facts, new Set(fresh));
    for (const name of fresh) answers.set(name, mentioned.get(name) ?? 0);
  }
  return names.flatMap((name) => {
    const how = answers.get(name) ?? 0;
    return how === 0 ? [] : [[name, how] as const];
  });
}

/** Whether two texts of a file mention the same names in the same ways. */
export function mentionSame(before: FileFacts, after: FileFacts): boolean {
  const everything = { has: () => true };
  const names = mentionedWords(before, everything);
  const now = mentionedWords(after, everything);
  return names.size === now.size && [...names].every(([name, how]) => now.get(name) === how);
}

function mentionedWords(facts: FileFacts, wanted: Pick<ReadonlySet<string>, "has">): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const add = (name: string, how: number) => void (wanted.has(name) && found.set(name, (found.get(name) ?? 0) | how));
  for (const fact of facts.imports) for (const { name } of fact.names ?? []) add(name, mention.bare);
  for (const cls of facts.classes) for (const field of cls.fields) add(field.name, mention.text);
  for (const fn of facts.functions)
    forEachExpr(fn.body, (expr) => {
      if (expr.kind === "name") add(expr.id, mention.bare);
      else if (expr.kind === "attribute") add(expr.name, mention.attribute);
      else if (expr.kind === "string") add(expr.value, mention.text);
    });
  return found;
}
