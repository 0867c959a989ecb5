import { forEachExpr, type ClassFact, type Expr, type FieldFact, type FileFacts, type FunctionFact } from "../../python/index.js";
import { describedClass } from "../project/libraries.js";
import { lastWord, ormWord } from "../project/names.js";
import type { PythonSymbol, Symbols } from "../project/symbols.js";

export interface ClassRef {
  readonly file: string;
  readonly index: number;
  readonly fact: ClassFact;
}

type ClassSymbol = PythonSymbol & { kind: "class" };

const declarativeBases = new Set([
  "DeclarativeBase",
  "DeclarativeBaseNoMeta",
  "Model",
  "SQLModel",
  "SQLAlchemyBaseUserTable",
  "SQLAlchemyBaseUserTableUUID",
  "UUIDBase",
  "BigIntBase",
  "UUIDAuditBase",
  "BigIntAuditBase",
]);
const baseFactories = new Set(["declarative_base", "generate_base", "automap_base", "make_declarative_base"]);
/** Classes whose direct children are bases. */
const bareBases = new Set(["DeclarativeBase", "DeclarativeBaseNoMeta"]);
const baseDecorators = new Set(["as_declarative", "as_declarative_base"]);
const mappingDecorators = new Set(["mapped", "mapped_as_dataclass", "as_declarative", "as_declarative_base"]);

const deepestInheritance = 100;

/** The project's classes with what they inherit. Method resolution order is depth-first: exact enough for what mixins do. */
export class Classes {
  private readonly ancestry = new Map<string, readonly ClassRef[]>();
  private readonly mapped: Map<string, boolean>;

  /** `base`: of the same files, all of which declare the same, before the text of `edited` changed. */
  constructor(
    readonly symbols: Symbols,
    base?: Classes,
    edited?: string,
  ) {
    this.children = base?.children;
    this.mapped = base?.mapped ?? new Map<string, boolean>();
    for (const [key, refs] of base?.ancestry ?? []) if (!refs.some((ref) => ref.file === edited)) this.ancestry.set(key, refs);
  }

  of(symbol: PythonSymbol | undefined): ClassRef | undefined {
    if (symbol?.kind !== "class") return undefined;
    const fact = this.symbols.files.get(symbol.file)?.classes[symbol.index];
    return fact && { file: symbol.file, index: symbol.index, fact };
  }

  /** The class that a base names: of the project, or of a package that is described here. */
  base(file: string, base: Expr): ClassRef | undefined {
    const symbol = this.symbols.resolve(file, unsubscripted(base));
    const described = symbol?.kind === "external" ? describedClass(this.symbols.files, symbol.name) : undefined;
    return this.of(described ? { kind: "class", ...described } : symbol);
  }

  /** The class itself, then its ancestors within the project and described packages. */
  linear(ref: ClassRef, depth = 0): readonly ClassRef[] {
    if (ref.fact.bases.length === 0) return [ref];
    const key = `${ref.file}\n${ref.index}`;
    const known = this.ancestry.get(key);
    if (known) return known;
    this.ancestry.set(key, [ref]); // a class that inherits from itself ends here
    const result = new Map<string, ClassRef>([[key, ref]]);
    for (const base of ref.fact.bases) {
      const parent = this.base(ref.file, base);
      if (!parent || (parent.file === ref.file && parent.index === ref.index)) continue;
      for (const ancestor of depth < deepestInheritance ? this.linear(parent, depth + 1) : []) {
        const ancestorKey = `${ancestor.file}\n${ancestor.index}`;
        // A class stands after all of its descendants: the last mention counts.
        result.delete(ancestorKey);
        result.set(ancestorKey, ancestor);
      }
    }
    const list = [...result.values()];
    this.ancestry.set(key, list);
    return list;
  }

  /** Classes of the project that extend it, directly or not. */
  descendants(ref: ClassRef): readonly ClassRef[] {
    this.children ??= this.childrenByParent();
    const found = new Map<string, ClassRef>();
    const queue = [ref];
    for (let at = queue.pop(); at; at = queue.pop())
      for (const named of this.children.get(`${at.file}\n${at.index}`) ?? []) {
        const child = this.of(named);
        if (!child) continue;
        const key = `${child.file}\n${child.index}`;
        if (!found.has(key)) queue.push(child);
        found.set(key, child);
      }
    return [...found.values()];
  }
  private children: ReadonlyMap<string, readonly ClassSymbol[]> | undefined;

  private childrenByParent(): ReadonlyMap<string, readonly ClassSymbol[]> {
    const children = new Map<string, ClassSymbol[]>();
    for (const [file, facts] of this.symbols.files)
      facts.classes.forEach((fact, index) => {
        for (const base of fact.bases) {
          const parent = this.of(this.symbols.resolve(file, unsubscripted(base)));
          if (!parent) continue;
          const key = `${parent.file}\n${parent.index}`;
          children.set(key, [...(children.get(key) ?? []), { kind: "class", file, index }]);
        }
      });
    return children;
  }

  /** Whether some code of the project calls a class by this name. */
  isConstructed(name: string): boolean {
    let known = this.constructed.get(name);
    if (known === undefined) {
      known = [...this.symbols.files.values()].some((facts) => facts.words.includes(name) && callsIn(facts).has(name));
      this.constructed.set(name, known);
    }
    return known;
  }
  private readonly constructed = new Map<string, boolean>();

  /** Whether the class descends from a declarative base, or is marked as mapped by a decorator. */
  isDeclarative(ref: ClassRef): boolean {
    if (ref.fact.bases.length === 0 && ref.fact.decorators.length === 0) return false;
    const key = `${ref.file}\n${ref.index}`;
    const known = this.mapped.get(key);
    if (known !== undefined) return known;
    const result = this.linear(ref).some(
      (at) =>
        at.fact.decorators.some((decorator) => this.isMappingDecorator(at.file, decorator)) ||
        at.fact.bases.some((base) => this.isBase(at.file, base)),
    );
    this.mapped.set(key, result);
    return result;
  }

  /** The declarative base itself: what it declares is for its children, it is no entity. */
  isOwnBase(ref: ClassRef): boolean {
    const direct = ref.fact.bases.some((base) => bareBases.has(ormWord(this.symbols.resolve(ref.file, unsubscripted(base))) ?? ""));
    const made = ref.fact.decorators.some((decorator) => {
      const symbol = this.symbols.resolve(ref.file, decorator.kind === "call" ? decorator.callee : decorator);
      return symbol?.kind === "external" && baseDecorators.has(lastWord(symbol.name));
    });
    return direct || made;
  }

  field(ref: ClassRef, name: string): { field: FieldFact; in: ClassRef } | undefined {
    for (const at of this.linear(ref)) {
      const field = at.fact.fields.findLast((candidate) => candidate.name === name);
      if (field) return { field, in: at };
    }
    return undefined;
  }

  method(ref: ClassRef, name: string): { method: FunctionFact; index: number; in: ClassRef } | undefined {
    for (const at of this.linear(ref)) {
      const facts = this.symbols.files.get(at.file)!;
      const index = at.fact.methods.findLast(
        (candidate) => facts.functions[candidate]!.name === name && !isCompanion(facts.functions[candidate]!),
      );
      if (index !== undefined) return { method: facts.functions[index]!, index, in: at };
    }
    return undefined;
  }

  /** A base that is the declarative base itself: imported, or made by a factory. */
  private isBase(file: string, base: Expr): boolean {
    const symbol = this.symbols.resolve(file, unsubscripted(base));
    if (symbol?.kind === "external") {
      const word = ormWord(symbol) ?? "";
      return declarativeBases.has(word);
    }
    if (symbol?.kind === "variable" && symbol.value?.kind === "call") {
      const factory = this.symbols.resolve(symbol.file, symbol.value.callee);
      return (factory?.kind === "external" && baseFactories.has(lastWord(factory.name))) || madeByRegistry(symbol.value);
    }
    return base.kind === "call" && baseFactories.has(lastWord(dottedOf(base.callee)));
  }

  private isMappingDecorator(file: string, decorator: Expr): boolean {
    const target = decorator.kind === "call" ? decorator.callee : decorator;
    const symbol = this.symbols.resolve(file, target);
    if (symbol?.kind === "external") return mappingDecorators.has(lastWord(symbol.name)) && ormWord(symbol) !== undefined;
    return false;
  }
}

const companions = new Set(["setter", "deleter", "expression", "comparator", "update_expression"]);

/** `@total.expression def total(cls)`: belongs to the property of that name, and is not what reading it runs. */
const isCompanion = ({ decorators }: FunctionFact): boolean =>
  decorators.some((decorator) => decorator.kind === "attribute" && companions.has(decorator.name));

const calledNames = new WeakMap<FileFacts, ReadonlySet<string>>();

/** Last words of what a file calls. */
export function callsIn(facts: FileFacts): ReadonlySet<string> {
  const known = calledNames.get(facts);
  if (known) return known;
  const names = new Set<string>();
  for (const fn of facts.functions)
    forEachExpr(fn.body, (expr) => {
      if (expr.kind === "call") names.add(lastWord(dottedOf(expr.callee)));
    });
  calledNames.set(facts, names);
  return names;
}

/** `mapper_registry.generate_base()`, whatever the registry is called. */
const madeByRegistry = (call: Expr & { kind: "call" }) => call.callee.kind === "attribute" && baseFactories.has(call.callee.name);

/** `Base[int]` → `Base`. */
export const unsubscripted = (expr: Expr): Expr => (expr.kind === "subscript" ? expr.of : expr);

/** `a.b.c` as written; "" for anything that is no dotted path. */
export function dottedOf(expr: Expr): string {
  if (expr.kind === "name") return expr.id;
  if (expr.kind !== "attribute") return "";
  const of = dottedOf(expr.of);
  return of && `${of}.${expr.name}`;
}
