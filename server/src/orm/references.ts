import { forEachExpr, type Expr, type FileFacts, type FunctionFact } from "../python/index.js";
import type { Effect } from "./evaluate/effects.js";
import { dottedOf, unsubscripted } from "./entities/classes.js";
import { lastWord } from "./project/names.js";
import type { OrmIndex } from "./project/ormIndex.js";

export interface Root {
  readonly file: string;
  readonly fn: FunctionFact;
}

/** Names the function in which the story of an effect begins, through all edits of function bodies. */
export function storyOf(effect: Effect): string {
  const { file, scope } = effect.path[0] ?? effect;
  return `${file}\n${scope}`;
}

export function rootOf(index: OrmIndex, story: string): Root | undefined {
  const [file = "", scope = ""] = story.split("\n");
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

/**
 * Tells functions that nothing in the project refers to: dead code, or an entry point that the code does not show. A decorator, a base class
 * from outside and Python itself call functions without naming them.
 */
export class References {
  /** Functions that were asked for, and those of them that nothing refers to. */
  private readonly known = new Set<string>();
  private readonly dead = new Set<string>();
  /** Of functions that may be dead: those of one name. */
  private readonly named = new Map<string, string[]>();
  /** Where these names stand: how, by file. */
  private readonly places = new Map<string, Map<string, number>>();
  private files: ReadonlyMap<string, FileFacts> = new Map();

  isDead(story: string): boolean {
    return this.dead.has(story);
  }

  /**
   * Looks at what files mention now. Between two calls files' declarations stay as they are.
   * @param stories functions to be known from now on
   * @returns functions of which the answer is another than before
   */
  update(index: OrmIndex, stories: Iterable<string>): ReadonlySet<string> {
    const changed = new Set<string>();
    if (index.files.size < wholeProject) return changed;
    const names = [...this.changedNames(index.files), ...this.newNames(index, stories)];
    this.files = index.files;
    for (const name of new Set(names))
      for (const story of this.named.get(name) ?? []) {
        const root = rootOf(index, story);
        const isDead = root !== undefined && ![...this.places.get(name)!].some(([file, how]) => means(index, file, how, root));
        if (isDead === this.dead.has(story)) continue;
        if (isDead) this.dead.add(story);
        else this.dead.delete(story);
        changed.add(story);
      }
    return changed;
  }

  /** Names that files mention in another way than before. */
  private *changedNames(files: ReadonlyMap<string, FileFacts>): Iterable<string> {
    if (this.files === files) return;
    for (const [file, before] of this.files) {
      const now = files.get(file);
      if (now === undefined || now === before) continue;
      const mentioned = mentionsIn(now, this.places);
      for (const [name, places] of this.places) {
        const how = mentioned.get(name);
        if (how === places.get(file)) continue;
        if (how === undefined) places.delete(file);
        else places.set(file, how);
        yield name;
      }
    }
  }

  private newNames(index: OrmIndex, stories: Iterable<string>): Iterable<string> {
    const names = new Set<string>();
    const added = new Set<string>();
    for (const story of stories) {
      if (this.known.has(story)) continue;
      this.known.add(story);
      const root = rootOf(index, story);
      if (!root || !couldBeDead(index, root)) continue;
      const { name } = root.fn;
      names.add(name);
      if (!this.places.has(name)) added.add(name);
      this.named.set(name, [...(this.named.get(name) ?? []), story]);
    }
    for (const name of added) this.places.set(name, new Map());
    if (added.size > 0)
      for (const [file, facts] of index.files) for (const [name, how] of mentionsIn(facts, added)) this.places.get(name)!.set(file, how);
    return names;
  }
}

/** Whether a mention of the name may mean this function: a method is no bare name, and an import says which function it means. */
function means(index: OrmIndex, file: string, how: number, root: Root): boolean {
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
    else if (statement.kind === "return") return inner !== undefined && gives(statement.value, inner.name) && isWrapper(inner);
    else if (!(statement.kind === "expression" && statement.value.kind === "string")) return false;
  }
  return false;

  function isWrapper(made: FunctionFact): boolean {
    return deeper === 0 || givesInner(facts, made, deeper - 1);
  }
}

/** `wrapper`, `update_wrapper(wrapper, function)`, `wraps(function)(wrapper)`. */
function gives(value: Expr | undefined, inner: string): boolean {
  if (value?.kind === "name") return value.id === inner;
  if (value?.kind !== "call" || !value.args[0] || !gives(value.args[0].value, inner)) return false;
  const callee = value.callee.kind === "call" ? value.callee.callee : value.callee;
  return /wrap/i.test(lastWord(dottedOf(callee)));
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

/** How the names stand in a file, definitions of functions left out. */
function mentionsIn(facts: FileFacts, names: Pick<ReadonlySet<string>, "has">): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const wanted = new Set(facts.words.filter((word) => names.has(word)));
  if (wanted.size === 0) return found;
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
