/**
 * Python lowered to what an analysis needs: plain JSON values, no syntax trivia. Every node carries UTF-16 offsets into the file
 * (`start` inclusive, `end` exclusive). What has no meaning for the analysis becomes `other`, which keeps its parts so that nothing
 * that is evaluated gets lost.
 */
interface Node {
  readonly start: number;
  readonly end: number;
}

export interface NameExpr extends Node {
  readonly kind: "name";
  readonly id: string;
}
/** `of.name`; the name itself ends where the node ends. */
export interface AttributeExpr extends Node {
  readonly kind: "attribute";
  readonly of: Expr;
  readonly name: string;
  /** Indentation of the dot, where it begins a line of its own (inside brackets, so that more lines may follow). */
  readonly indent?: number;
}
export interface Argument {
  /** Keyword, for `name=value`. */
  readonly name?: string;
  /** 1 for `*value`, 2 for `**value`. */
  readonly splat?: 1 | 2;
  readonly value: Expr;
}
export interface CallExpr extends Node {
  readonly kind: "call";
  readonly callee: Expr;
  readonly args: readonly Argument[];
  /** Indentation of the first argument, where it begins a line of its own. */
  readonly indent?: number;
}
export interface SubscriptExpr extends Node {
  readonly kind: "subscript";
  readonly of: Expr;
  readonly index: Expr;
}
export interface SliceExpr extends Node {
  readonly kind: "slice";
  readonly parts: readonly Expr[];
}
/**
 * A string literal, implicit concatenation included, with escapes decoded. `map` holds pairs (offset in `value`, offset in the file), flat
 * and ascending: between two anchors both advance together.
 */
export interface StringExpr extends Node {
  readonly kind: "string";
  readonly value: string;
  readonly map: readonly number[];
  readonly bytes?: true;
}
/** f-string or t-string (`template`): the expressions inside; the constant text is of no use without them. */
export interface FormatExpr extends Node {
  readonly kind: "format";
  readonly parts: readonly Expr[];
  readonly template?: true;
}
export interface NumberExpr extends Node {
  readonly kind: "number";
  readonly text: string;
}
export interface ConstantExpr extends Node {
  readonly kind: "constant";
  readonly value: boolean | null | "...";
}
export interface SequenceExpr extends Node {
  readonly kind: "list" | "tuple" | "set";
  readonly items: readonly Expr[];
}
export interface DictExpr extends Node {
  readonly kind: "dict";
  /** `key` is absent for `**value`. */
  readonly entries: readonly { readonly key?: Expr; readonly value: Expr }[];
}
export interface SplatExpr extends Node {
  readonly kind: "splat";
  readonly value: Expr;
}
export type Clause =
  | {
      readonly kind: "for";
      readonly target: Expr;
      readonly iter: Expr;
      readonly async?: true;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: "if"; readonly test: Expr };
export interface ComprehensionExpr extends Node {
  readonly kind: "comprehension";
  readonly of: "list" | "set" | "dict" | "generator";
  /** Only for `of: "dict"`. */
  readonly key?: Expr;
  readonly element: Expr;
  readonly clauses: readonly Clause[];
}
export interface LambdaExpr extends Node {
  readonly kind: "lambda";
  readonly params: readonly ParamFact[];
  readonly body: Expr;
}
export interface AwaitExpr extends Node {
  readonly kind: "await";
  readonly value: Expr;
}
export interface ConditionalExpr extends Node {
  readonly kind: "conditional";
  readonly test: Expr;
  readonly then: Expr;
  readonly else: Expr;
}
/** Unary, binary, boolean and comparison operators; `op` as written (`not in`, `is not`), for chained comparisons the first one. */
export interface OperatorExpr extends Node {
  readonly kind: "operator";
  readonly op: string;
  readonly items: readonly Expr[];
}
export interface WalrusExpr extends Node {
  readonly kind: "walrus";
  readonly target: string;
  readonly value: Expr;
}
export interface YieldExpr extends Node {
  readonly kind: "yield";
  readonly from?: true;
  readonly value?: Expr;
}
export interface OtherExpr extends Node {
  readonly kind: "other";
  readonly items: readonly Expr[];
}

export type Expr =
  | NameExpr
  | AttributeExpr
  | CallExpr
  | SubscriptExpr
  | SliceExpr
  | StringExpr
  | FormatExpr
  | NumberExpr
  | ConstantExpr
  | SequenceExpr
  | DictExpr
  | SplatExpr
  | ComprehensionExpr
  | LambdaExpr
  | AwaitExpr
  | ConditionalExpr
  | OperatorExpr
  | WalrusExpr
  | YieldExpr
  | OtherExpr;

export interface ParamFact {
  readonly name: string;
  /** 1 for `*args`, 2 for `**kwargs`. */
  readonly splat?: 1 | 2;
  /** After a `*`: by keyword only. */
  readonly keywordOnly?: true;
  readonly annotation?: Expr;
  readonly default?: Expr;
}

export interface ExpressionStmt extends Node {
  readonly kind: "expression";
  readonly value: Expr;
}
/** `a = b = value` has two targets; `a: T` has no value. */
export interface AssignStmt extends Node {
  readonly kind: "assign";
  readonly targets: readonly Expr[];
  readonly annotation?: Expr;
  readonly value?: Expr;
}
export interface AugmentStmt extends Node {
  readonly kind: "augment";
  readonly target: Expr;
  readonly op: string;
  readonly value: Expr;
}
export interface ReturnStmt extends Node {
  readonly kind: "return";
  readonly value?: Expr;
}
export interface RaiseStmt extends Node {
  readonly kind: "raise";
  readonly values: readonly Expr[];
}
export interface JumpStmt extends Node {
  readonly kind: "break" | "continue";
}
export interface ForStmt extends Node {
  readonly kind: "for";
  readonly target: Expr;
  readonly iter: Expr;
  readonly body: readonly Stmt[];
  readonly else?: readonly Stmt[];
  readonly async?: true;
}
export interface WhileStmt extends Node {
  readonly kind: "while";
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly else?: readonly Stmt[];
}
/** `if`/`elif`… flat, so that a long chain is not deep. */
export interface IfStmt extends Node {
  readonly kind: "if";
  readonly branches: readonly { readonly test: Expr; readonly body: readonly Stmt[] }[];
  readonly else?: readonly Stmt[];
}
export interface WithStmt extends Node {
  readonly kind: "with";
  readonly items: readonly { readonly value: Expr; readonly target?: Expr }[];
  readonly body: readonly Stmt[];
  readonly async?: true;
}
export interface TryStmt extends Node {
  readonly kind: "try";
  readonly body: readonly Stmt[];
  readonly handlers: readonly { readonly type?: Expr; readonly name?: string; readonly body: readonly Stmt[] }[];
  readonly else?: readonly Stmt[];
  readonly finally?: readonly Stmt[];
}
/** What a case asks of its subject, and the names that it binds. */
export type Pattern =
  /** `"open"`, `Status.OPEN`, `None` */
  | { readonly kind: "value"; readonly value: Expr }
  /** `name`, `pattern as name`; without a name it is `_`. */
  | { readonly kind: "capture"; readonly name?: string; readonly of?: Pattern }
  /** `Order(1, customer=c)` */
  | {
      readonly kind: "class";
      readonly type: Expr;
      readonly items: readonly Pattern[];
      readonly named: readonly AttributePattern[];
    }
  | { readonly kind: "sequence"; readonly items: readonly Pattern[] }
  /** `*rest`; without a name it is `*_`. */
  | { readonly kind: "star"; readonly name?: string }
  | {
      readonly kind: "mapping";
      readonly entries: readonly { readonly key: Expr; readonly pattern: Pattern }[];
      readonly rest?: string;
    }
  | { readonly kind: "or"; readonly items: readonly Pattern[] }
  /** Something that binds nothing and that the analysis does not look into: `-1`, `1 + 2j`. */
  | { readonly kind: "other" };
/** `customer=c` in a class pattern; the node is the attribute's name. */
export interface AttributePattern extends Node {
  readonly name: string;
  readonly pattern: Pattern;
}

export interface MatchStmt extends Node {
  readonly kind: "match";
  readonly subject: Expr;
  readonly cases: readonly { readonly pattern: Pattern; readonly guard?: Expr; readonly body: readonly Stmt[] }[];
}
/** A nested function or class: index into the file's `functions` or `classes`. */
export interface DefineStmt extends Node {
  readonly kind: "function" | "class";
  readonly index: number;
}
/** An import inside the body: index into the file's `imports`. */
export interface ImportStmt extends Node {
  readonly kind: "import";
  readonly index: number;
}
/** assert, del, global, print …: what it evaluates. */
export interface OtherStmt extends Node {
  readonly kind: "other";
  readonly items: readonly Expr[];
}

export type Stmt =
  | ExpressionStmt
  | AssignStmt
  | AugmentStmt
  | ReturnStmt
  | RaiseStmt
  | JumpStmt
  | ForStmt
  | WhileStmt
  | IfStmt
  | WithStmt
  | TryStmt
  | MatchStmt
  | DefineStmt
  | ImportStmt
  | OtherStmt;
