import type { ClassFact, CommentFact, FunctionFact, ImportFact, SyntaxProblem } from "../facts.js";

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The tables of one file while they grow, and where in the file the reader stands. */
export class FactsBuilder {
  readonly imports: ImportFact[] = [];
  readonly classes: ClassFact[] = [];
  readonly functions: FunctionFact[] = [];
  readonly comments: CommentFact[] = [];
  readonly problems: SyntaxProblem[] = [];
  /** Index of the function whose body is being lowered. */
  function = 0;
  /** Set by `yield` in the function that is being lowered. */
  generator = false;
  /** What the function that is being lowered declares `global`. */
  globals: readonly string[] = [];
  /** Depth of `if`, `try`, `with` … around the statement, for conditional imports. */
  conditional = 0;
  qualifier = "";

  qualified(name: string): string {
    return this.qualifier ? `${this.qualifier}.${name}` : name;
  }

  /** Lowers `inside` with the names and counters of a new scope, and puts the old ones back. */
  scoped<T>(qualifier: string, functionIndex: number, inside: () => T): T {
    const { qualifier: outer, function: around, generator, globals, conditional } = this;
    this.qualifier = qualifier;
    this.function = functionIndex;
    this.generator = false;
    this.globals = [];
    this.conditional = 0;
    const result = inside();
    this.qualifier = outer;
    this.function = around;
    this.generator = generator;
    this.globals = globals;
    this.conditional = conditional;
    return result;
  }

  /** The fact of the module's own body, which is filled in later. */
  addModule(length: number): Mutable<FunctionFact> {
    const fact: Mutable<FunctionFact> = {
      name: "",
      qualifiedName: "",
      start: 0,
      end: length,
      nameStart: 0,
      parent: -1,
      params: [],
      decorators: [],
      body: [],
    };
    this.functions.push(fact);
    return fact;
  }
}
