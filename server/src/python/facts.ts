import type { Expr, ParamFact, Stmt } from "./ir.js";

/** Raised whenever the shape below or the lowering changes: a cache on disk is keyed by it and the content's hash. */
export const factsVersion = 5;

/** What one Python file says, without its text: plain JSON, made by `PythonParser.facts`. Offsets are UTF-16. */
export interface FileFacts {
  readonly version: number;
  /** Length of the text the facts were made from. */
  readonly length: number;
  /** Lines end with \r\n. */
  readonly crlf?: true;
  readonly imports: readonly ImportFact[];
  readonly classes: readonly ClassFact[];
  /** `functions[0]` is the module's own body. */
  readonly functions: readonly FunctionFact[];
  /** Comments that speak to this tool (they contain `db-optimize`), whole, with their `#`. */
  readonly comments: readonly CommentFact[];
  readonly problems: readonly SyntaxProblem[];
  /** Every identifier that the file spells, once: what is not among them is not used by name, and need not be looked for. */
  readonly words: readonly string[];
}

export interface ImportFact {
  readonly start: number;
  readonly end: number;
  /** Index of the function whose body holds it; 0 at module level. */
  readonly function: number;
  /** Inside `if`, `try` or the like. */
  readonly conditional?: true;
  /** Leading dots; 0 for an absolute import. */
  readonly level: number;
  /** Dotted, without the leading dots; "" for `from . import x`. */
  readonly module: string;
  /** Absent for `import module`; then `alias` may name it. */
  readonly names?: readonly ImportedName[];
  readonly alias?: string;
  readonly star?: true;
  /** Indentation of the names, where they stand one per line in brackets. */
  readonly indent?: number;
}

export interface ImportedName {
  readonly name: string;
  readonly alias?: string;
  readonly start: number;
  readonly end: number;
}

export interface ClassFact {
  readonly name: string;
  readonly qualifiedName: string;
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  /** Index of the function whose body holds it. */
  readonly function: number;
  readonly bases: readonly Expr[];
  readonly keywords: readonly { readonly name: string; readonly value: Expr }[];
  readonly decorators: readonly Expr[];
  /** Assignments in the class's body, also those under `if` or `try`, in order. */
  readonly fields: readonly FieldFact[];
  /** Indices into `functions`. */
  readonly methods: readonly number[];
}

export interface FieldFact {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly annotation?: Expr;
  readonly value?: Expr;
}

export interface FunctionFact {
  /** "" for the module's body. */
  readonly name: string;
  readonly qualifiedName: string;
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  /** Index of the class of which it is a method. */
  readonly class?: number;
  /** Index of the enclosing function; -1 for the module's body. */
  readonly parent: number;
  readonly async?: true;
  readonly generator?: true;
  readonly params: readonly ParamFact[];
  readonly returns?: Expr;
  readonly decorators: readonly Expr[];
  /** Names that it declares `global`. */
  readonly globals?: readonly string[];
  readonly body: readonly Stmt[];
}

export interface CommentFact {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}
