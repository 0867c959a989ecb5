import type { Expr, FileFacts, Stmt } from "../../python/index.js";
import { Modules } from "./modules.js";

/** What a name means across files. `external` names are dotted as imported: `sqlalchemy.orm.relationship`. */
export type PythonSymbol =
  | { readonly kind: "class"; readonly file: string; readonly index: number }
  | { readonly kind: "function"; readonly file: string; readonly index: number }
  | { readonly kind: "module"; readonly file: string }
  | { readonly kind: "external"; readonly name: string }
  | { readonly kind: "variable"; readonly file: string; readonly name: string; readonly value?: Expr; readonly annotation?: Expr };

type Definition = PythonSymbol | { readonly kind: "import"; readonly index: number; readonly name?: string };

interface Scope {
  readonly names: Map<string, Definition>;
  /** Indices of `from m import *`. */
  readonly stars: readonly number[];
}

/** Names that mean other names: generated code can chain them without end. */
const longestChain = 200;

/** Module-level names of every file, resolved through imports, re-exports and star imports. */
/** What `from m import *` binds of libraries whose names matter here; of other names it is not known where they come from. */
const starNames: Readonly<Record<string, ReadonlySet<string>>> = {
  sqlalchemy: new Set(
    "select insert update delete text func case cast literal and_ or_ not_ exists desc asc bindparam Column ForeignKey Table MetaData Integer BigInteger String Text Boolean DateTime Date Float Numeric Enum JSON create_engine inspect".split(
      " ",
    ),
  ),
  "sqlalchemy.orm": new Set(
    "relationship backref Session sessionmaker scoped_session declarative_base DeclarativeBase Mapped mapped_column joinedload selectinload subqueryload contains_eager lazyload raiseload noload load_only defer undefer defaultload aliased deferred column_property with_polymorphic".split(
      " ",
    ),
  ),
  sqlmodel: new Set("SQLModel Field Relationship Session select create_engine".split(" ")),
  pydantic: new Set("BaseModel Field computed_field TypeAdapter ConfigDict".split(" ")),
  marshmallow: new Set("Schema fields".split(" ")),
};

const outsideName = (module: string, name: string): PythonSymbol | undefined =>
  starNames[module]?.has(name) ? { kind: "external", name: `${module}.${name}` } : undefined;

export class Symbols {
  readonly modules: Modules;
  private readonly scopes: Map<string, Scope>;
  /** What `lookup` answered, by file and name; null for nothing. Not variables: they carry positions, and an edit moves them. */
  private readonly found: Map<string, Map<string, PythonSymbol | null>>;
  private readonly variables = new Map<string, Map<string, PythonSymbol>>();

  /** `base`: of the same files, all of which declare the same, before the text of `edited` changed. */
  constructor(
    readonly files: ReadonlyMap<string, FileFacts>,
    base?: Symbols,
    edited?: string,
  ) {
    this.modules = base?.modules ?? new Modules(files.keys());
    this.scopes = new Map(base?.scopes);
    if (edited !== undefined) this.scopes.delete(edited);
    this.found = base?.found ?? new Map<string, Map<string, PythonSymbol | null>>();
  }

  /** `name` as module-level code of `file` sees it. */
  lookup(file: string, name: string, seen?: Set<string>): PythonSymbol | undefined {
    let known = this.found.get(file);
    if (!known) this.found.set(file, (known = new Map()));
    const before = known.get(name);
    if (before === null) return undefined;
    const symbolBefore = before ?? this.variables.get(file)?.get(name);
    if (symbolBefore) return symbolBefore;
    const symbol = this.find(file, name, seen ?? new Set());
    // What was found on the way may have been cut short by a circle.
    if (seen) return symbol;
    if (symbol?.kind === "variable") this.remember(file, name, symbol);
    else known.set(name, symbol ?? null);
    return symbol;
  }

  private remember(file: string, name: string, symbol: PythonSymbol): void {
    let known = this.variables.get(file);
    if (!known) this.variables.set(file, (known = new Map()));
    known.set(name, symbol);
  }

  private find(file: string, name: string, seen: Set<string>): PythonSymbol | undefined {
    const key = `${file}\n${name}`;
    if (seen.has(key) || seen.size > longestChain) return undefined;
    seen.add(key);
    const facts = this.files.get(file);
    if (!facts) return undefined;
    const scope = this.scope(file, facts);
    const definition = scope.names.get(name);
    if (definition?.kind === "import") return this.imported(file, facts, definition.index, definition.name, seen);
    if (definition) return this.followed(definition, seen);
    for (const index of scope.stars) {
      const { level, module } = facts.imports[index]!;
      const target = this.modules.resolve(file, level, module);
      const found = target === undefined ? outsideName(module, name) : this.lookup(target, name, seen);
      if (found) return found;
    }
    return undefined;
  }

  /** What an import fact binds: the module itself, or `name` of it. */
  imported(file: string, facts: FileFacts, index: number, name: string | undefined, seen?: Set<string>): PythonSymbol {
    const { level, module } = facts.imports[index]!;
    const target = this.modules.resolve(file, level, module);
    if (name === undefined) return target === undefined ? { kind: "external", name: module } : { kind: "module", file: target };
    const found = target === undefined ? undefined : this.lookup(target, name, seen);
    if (found) return found;
    const path = module ? `${module}.${name}` : name;
    const submodule = this.modules.resolve(file, level, path);
    if (submodule !== undefined) return { kind: "module", file: submodule };
    return { kind: "external", name: target === undefined ? path : `${module}.${name}` };
  }

  /** `of.name`, where `of` is a module or something outside the project. */
  member(of: PythonSymbol, name: string, seen?: Set<string>): PythonSymbol | undefined {
    if (of.kind === "external") return { kind: "external", name: `${of.name}.${name}` };
    if (of.kind !== "module") return undefined;
    const found = this.lookup(of.file, name, seen);
    if (found) return found;
    if (!this.modules.isPackage(of.file)) return undefined;
    const submodule = this.modules.resolve(of.file, 1, name);
    return submodule === undefined ? undefined : { kind: "module", file: submodule };
  }

  /** A dotted path as module-level code of `file` sees it. */
  resolve(file: string, expr: Expr, seen?: Set<string>): PythonSymbol | undefined {
    if (expr.kind === "name") return this.lookup(file, expr.id, seen);
    if (expr.kind !== "attribute") return undefined;
    const of = this.resolve(file, expr.of, seen);
    if (!of) return undefined;
    if (of.kind === "variable" && of.value?.kind === "call") {
      const { callee } = of.value;
      // `a = a.b()` would ask for itself for ever.
      const made = this.once(seen, `${of.file}\n${of.name}()`, (chain) => this.resolve(of.file, callee, chain));
      if (made?.kind === "external") return { kind: "external", name: `${made.name}().${expr.name}` };
      if (made?.kind === "class") return this.instanceMember(made, expr.name, seen);
    }
    return this.member(of, expr.name, seen);
  }

  private once<T>(seen: Set<string> | undefined, key: string, inside: (seen: Set<string>) => T): T | undefined {
    const chain = seen ?? new Set<string>();
    if (chain.has(key)) return undefined;
    chain.add(key);
    return inside(chain);
  }

  /** An instance of a project's class that extends something outside is, for its members, that something. */
  private instanceMember(
    made: PythonSymbol & { kind: "class" },
    name: string,
    seen: Set<string> | undefined,
    depth = 0,
  ): PythonSymbol | undefined {
    const fact = this.files.get(made.file)?.classes[made.index];
    for (const base of fact?.bases ?? []) {
      const symbol = this.resolve(made.file, base, seen);
      if (symbol?.kind === "external") return { kind: "external", name: `${symbol.name}().${name}` };
      if (symbol?.kind === "class" && depth < 10) return this.instanceMember(symbol, name, seen, depth + 1);
    }
    return undefined;
  }

  /** `a = b` and `a = m.b` mean what the right side means. */
  private followed(definition: PythonSymbol, seen: Set<string>): PythonSymbol {
    if (definition.kind !== "variable" || !definition.value) return definition;
    const { value, file } = definition;
    if (value.kind === "name") return this.lookup(file, value.id, seen) ?? definition;
    if (value.kind === "attribute") return this.resolve(file, value, seen) ?? definition;
    // `Column = functools.partial(db.Column, nullable=False)` is still a `Column`.
    const partial = value.kind === "call" && isPartial(value.callee) ? value.args[0]?.value : undefined;
    if (partial) return this.resolve(file, partial, seen) ?? definition;
    return definition;
  }

  private scope(file: string, facts: FileFacts): Scope {
    const known = this.scopes.get(file);
    if (known) return known;
    const names = new Map<string, Definition>();
    const stars: number[] = [];
    facts.imports.forEach((fact, index) => {
      if (fact.function !== 0) return;
      if (fact.star) stars.push(index);
      if (fact.names) for (const { name, alias } of fact.names) define(names, alias ?? name, { kind: "import", index, name });
      else if (fact.alias !== undefined) define(names, fact.alias, { kind: "import", index });
      else define(names, fact.module.split(".")[0]!, this.topLevel(file, fact.module));
    });
    collect(file, facts, facts.functions[0]!.body, names);
    // What only functions assign: `global repository`.
    for (const { globals } of facts.functions)
      for (const name of globals ?? []) if (!names.has(name)) names.set(name, { kind: "variable", file, name });
    const scope = { names, stars };
    this.scopes.set(file, scope);
    return scope;
  }

  /** `import a.b` binds `a`. */
  private topLevel(file: string, module: string): PythonSymbol {
    const top = module.split(".")[0]!;
    const target = this.modules.resolve(file, 0, top);
    return target === undefined ? { kind: "external", name: top } : { kind: "module", file: target };
  }
}

const isPartial = (callee: Expr) => (callee.kind === "attribute" ? callee.name : callee.kind === "name" ? callee.id : "") === "partial";

/** The first import wins, so that `try: … except ImportError:` means the preferred one. */
const define = (names: Map<string, Definition>, name: string, definition: Definition) => {
  if (!names.has(name)) names.set(name, definition);
};

function collect(file: string, facts: FileFacts, statements: readonly Stmt[], names: Map<string, Definition>): void {
  for (const statement of statements) {
    if (statement.kind === "class") names.set(facts.classes[statement.index]!.name, { kind: "class", file, index: statement.index });
    else if (statement.kind === "function")
      names.set(facts.functions[statement.index]!.name, { kind: "function", file, index: statement.index });
    else if (statement.kind === "assign") assigned(file, statement, names);
    else if (statement.kind === "if") {
      for (const branch of statement.branches) collect(file, facts, branch.body, names);
      if (statement.else) collect(file, facts, statement.else, names);
    } else if (statement.kind === "try") {
      collect(file, facts, statement.body, names);
      for (const handler of statement.handlers) collect(file, facts, handler.body, names);
    } else if (statement.kind === "with") collect(file, facts, statement.body, names);
  }
}

function assigned(file: string, statement: Stmt & { kind: "assign" }, names: Map<string, Definition>): void {
  for (const target of statement.targets) {
    if (target.kind !== "name") continue;
    const before = names.get(target.id);
    // A fallback such as `X = None` after a failed import does not hide the import.
    if (before && before.kind !== "variable") continue;
    const { value, annotation } = statement;
    names.set(target.id, { kind: "variable", file, name: target.id, ...(value ? { value } : {}), ...(annotation ? { annotation } : {}) });
  }
}
