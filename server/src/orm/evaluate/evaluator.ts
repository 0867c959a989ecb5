import type { Expr, FileFacts, FunctionFact } from "../../python/index.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { Names } from "../values/names.js";
import { never, type EntityValue, type Iteration, type QueryValue, type Value } from "../values/value.js";
import type { Effect, Execution, QueryPlace } from "./effects.js";
import type { SqlText } from "./sqlTexts.js";

/** Expressions evaluated per function at most: generated code must not hold the check up. */
const budgetPerFunction = 60_000;

/** What a call to a function of the project gives; the seam for summaries of functions. */
export type CallResolver = (target: { file: string; index: number }, args: readonly Value[]) => Value;

/** A statement that calling a function sends, whatever its arguments. */
export interface SentByCall {
  readonly execution: Execution;
  readonly function: FunctionFact;
  /** Parameters that the statement is made of. */
  readonly parameters: ReadonlySet<string>;
}

/** Things found while a file's functions are evaluated. */
export interface Findings {
  readonly effects: Effect[];
  /** By `file:start` of the root. */
  readonly queries: Map<string, QueryPlace>;
  /** Queries, by `file:start`, of which some path selects something else instead: a loader option may not fit there. */
  readonly reshaped: Set<string>;
  /** SQL texts by the place of their literal. */
  readonly sql: Map<string, SqlText>;
  /** Columns read of each query's rows, and whether the rows get out of sight. */
  readonly uses: Map<string, { query: QueryValue; columns: Set<string>; escapes: boolean }>;
}

/** Abstract execution of one function: its names, the loops it is in, and what it has found. */
export class Evaluator {
  env = new Names();
  readonly iterations: Iteration[] = [];
  /** Iterations that the code being evaluated leaves for good: it runs once for them, not once per round. */
  suspended = new Set<Iteration>();
  /** Depth of conditions inside the innermost iteration. */
  conditions = 0;
  /** Depth of `try` blocks with handlers inside the innermost iteration. */
  tries = 0;
  /** Inside the innermost iteration: in a handler of exceptions, or where the result may end the loop. */
  seldom: "handler" | "search" | undefined;
  /** Set while the function's own values are computed only to see what a loop changes. */
  silent = 0;
  /** Iterations around the local function under way: leaving the function does not leave them. */
  outer = 0;
  /** Calls of local functions under way. */
  callDepth = 0;
  /** What the function under way returned so far. */
  returned: Value = never;
  private budget = budgetPerFunction;

  constructor(
    readonly index: OrmIndex,
    readonly file: string,
    readonly facts: FileFacts,
    public fn: FunctionFact,
    readonly found: Findings,
    readonly context: EvaluationContext,
  ) {}

  /** False when the function's share of work is used up. */
  spend(): boolean {
    return --this.budget > 0;
  }

  get scope(): string {
    return this.fn.qualifiedName;
  }

  at(node: { start: number; end: number }) {
    return { file: this.file, span: { start: node.start, end: node.end }, scope: this.scope, inAsync: this.fn.async === true };
  }

  record(effect: Effect): void {
    if (this.silent === 0) this.found.effects.push(effect);
  }

  bind(name: string, value: Value): void {
    this.env.set(name, value);
  }

  /** Iterations that run the current code again and again, outermost first. */
  get active(): readonly Iteration[] {
    return this.iterations.filter((iteration) => !this.suspended.has(iteration));
  }

  /** The iteration that gives this instance a new identity in each round, if it is under way. */
  rowOf(value: EntityValue): Iteration | undefined {
    return value.row && this.iterations.includes(value.row) && !this.suspended.has(value.row) ? value.row : undefined;
  }

  /** Runs `body` on a copy of the names and gives back what they were changed to. */
  branch(body: () => void): Names {
    const before = this.env;
    this.env = before.child();
    body();
    const after = this.env;
    this.env = before;
    return after;
  }
}

/** Shared by all functions of one analysis. */
export interface EvaluationContext {
  readonly call: CallResolver;
  /** The statement that each call of a function of the project sends first, where that is known. */
  readonly sends: (target: { file: string; index: number }) => SentByCall | undefined;
  /** Module-level names of any file. */
  readonly moduleValue: (file: string, name: string, value: Expr | undefined, annotation: Expr | undefined) => Value;
  readonly instanceAttribute: (file: string, classIndex: number, name: string) => Value;
}
