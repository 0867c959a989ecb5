import type { Span } from "#protocol/place";
import type { FileFacts, FunctionFact } from "../../python/index.js";
import type { ClassRef } from "../entities/classes.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { Names } from "../values/names.js";
import {
  never,
  sameIteration,
  type EntityValue,
  type FunctionRef,
  type Iteration,
  type QuerySite,
  type QueryValue,
  type Value,
} from "../values/value.js";
import type { LoadPlan } from "../values/plan.js";
import type { Effect, QueryPlace } from "./effects.js";
import type { Cell, Dependency, Memory, Tracked, Unit } from "../incremental/memory.js";
import type { KeyReads } from "./keyReads.js";
import type { SqlText } from "./sqlTexts.js";

/** Expressions evaluated per function at most, what it calls included (a call that was begun ends): generated code must not hold the check up. */
const workPerFunction = 60_000;

/** Work left, counted in expressions; calls are charged with what they took, whether or not they were computed anew. */
export interface Work {
  left: number;
}

/** A call on the way from the function that is looked at to the place that something happens at. */
export interface Frame {
  readonly file: string;
  readonly span: Span;
  /** What is called, without the arguments. */
  readonly calleeSpan: Span;
  /** Qualified name of the function that holds the call. */
  readonly scope: string;
  /** Qualified name of the function that is called. */
  readonly callee: string;
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
  /** Related rows of which only the key is read. */
  readonly keyReads: KeyReads;
  /** Queries, by `file:start`, whose rows get out of sight. */
  lost: Set<string>;
  /** Functions, as `file\nindex`, that give rows of a query to whoever calls them. */
  readonly returned: Map<string, readonly string[]>;
  /** Relationships that something reads, as `entity.name`. */
  readonly relationshipReads: Set<string>;
  /** Loops, by `iterationKey`, that ask another table in each round. */
  readonly tableLoops: Set<string>;
  /** Rows, by `originKey`, that are deleted through the session, which loads what hangs on them. */
  readonly deleted: Set<string>;
  /** What has run on the way, or would have if it had not been under way already: functions as `file\nindex`, templates, schemas. */
  readonly visited: Set<string>;
  /** Places where a parameter (or `self`) is declared that a call has given rows of a known query. */
  readonly supplied: Set<string>;
  /** Calls within calls below, and whether some were not followed because they were too many. */
  height: number;
  tooDeep: boolean;
  /** Some were not followed because too much had been done already. */
  exhausted: boolean;
  /** Statements sent on the way. */
  sent: number;
}

export const newFindings = (): Findings => ({
  effects: [],
  queries: new Map(),
  reshaped: new Set(),
  sql: new Map(),
  uses: new Map(),
  keyReads: new Map(),
  lost: new Set(),
  returned: new Map(),
  relationshipReads: new Set(),
  tableLoops: new Set(),
  deleted: new Set(),
  visited: new Set(),
  supplied: new Set(),
  height: 0,
  tooDeep: false,
  exhausted: false,
  sent: 0,
});

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
  /** Depth of `try` blocks inside the innermost iteration that answer an error of the database. */
  answered = 0;
  /** What the statement under way gives is looked at by the next one. */
  answering = false;
  /** Depth of `try` blocks that expect a load to fail: it is asked what is there. */
  asksWhatIsThere = 0;
  /** Inside the innermost iteration: in a handler of exceptions, or where the result may end the loop. */
  seldom: "handler" | "search" | undefined;
  /** Iterations around the session that was opened last. */
  sessionDepth = 0;
  /** A called function may have returned before. */
  early = false;
  /** Set while the function's own values are computed only to see what a loop changes. */
  silent = 0;
  /** Iterations around the function under way: leaving the function does not leave them. */
  outer = 0;
  /** Calls of local functions under way. */
  callDepth = 0;
  /** What the function under way returned and yielded so far. */
  returned: Value = never;
  yielded: Value = never;
  /** Some `yield` stands in a loop, or hands on what another iterator gives. */
  yieldsMany = false;
  /** Calls under way, outermost first; empty in the function that is looked at for its own sake. */
  frames: readonly Frame[] = [];
  /** Functions under way, as `file\nindex`, and templates and schemas. */
  stack: readonly string[] = [];
  /** How many of them were under way before what `found` tells of began. */
  base = 0;
  /** Iterations that a parameter changes with, in a function that is called in a loop. */
  varying: ReadonlyMap<string, ReadonlySet<Iteration>> = new Map();
  /** Results of calls that hold only while the function under way is evaluated. */
  partial = new Map<string, PartialResult>();
  /** Queries, by `file:start`, whose rows the session holds no longer: it was closed, or they were expunged. */
  readonly gone = new Set<string>();
  /** The class whose method runs, for `super()`. */
  definedIn: ClassRef | undefined;
  /** What kind of text the code under way is, where it is not plain Python. */
  medium: Medium | undefined;
  /** The template under way and those that it extends, for blocks. */
  template: TemplateRun | undefined;

  constructor(
    readonly index: OrmIndex,
    readonly file: string,
    readonly facts: FileFacts,
    public fn: FunctionFact,
    public found: Findings,
    readonly context: EvaluationContext,
    readonly work: Work = { left: workPerFunction },
  ) {
    // A macro is called like any function, and reads like the template that it stands in.
    this.medium = index.files.has(file) ? undefined : "template";
  }

  /** Notes that `key` is about to run, or would if the stack did not say otherwise: the result depends on that. */
  reach(key: string): void {
    this.found.visited.add(key);
    this.found.height = Math.max(this.found.height, this.stack.length + 1 - this.base);
  }

  /** False when the function's share of work is used up. */
  spend(): boolean {
    return --this.work.left > 0;
  }

  get scope(): string {
    return this.fn.qualifiedName;
  }

  at(node: { start: number; end: number }) {
    return {
      file: this.file,
      span: { start: node.start, end: node.end },
      scope: this.scope,
      inAsync: this.fn.async === true,
      path: this.frames,
      ...(this.medium ? { medium: this.medium } : {}),
    };
  }

  record(effect: Effect): void {
    if (effect.kind === "execution") this.found.sent++;
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
    const { row } = value;
    return row && this.iterations.find((iteration) => sameIteration(iteration, row) && !this.suspended.has(iteration));
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

/** A template, or the fields of a schema (pydantic, marshmallow), which read what they name. */
export type Medium = "template" | "serializer";

/** A template under way: its blocks, the outermost child's first. */
export interface TemplateRun {
  readonly blocks: ReadonlyMap<string, readonly FunctionRef[]>;
  /** The block under way and how many of its overrides are below it, for `super()`. */
  readonly block?: { readonly name: string; readonly at: number };
}

/** What a call of a function did and gave. */
export interface Applied {
  readonly value: Value;
  readonly found: Findings;
  /** What the call left in `self`, where it has changed that. */
  readonly fields: ReadonlyMap<string, Value>;
  /** What the call has loaded or assigned of rows that it was given: their plans, by the parameter. */
  readonly plans: ReadonlyMap<string, LoadPlan>;
  /** Expressions evaluated. */
  readonly work: number;
}

/** A result that holds only where as much is under way as where it was computed. */
export interface PartialResult extends Tracked<Applied> {
  readonly depth: number;
  readonly under: string;
}

/** The facts of a template and its file, by the name that code gives it. */
export type TemplateLookup = (name: string, from: string) => { readonly file: string; readonly facts: FileFacts } | undefined;

/** Shared by all functions of one analysis, also after edits. */
export interface EvaluationContext {
  readonly memory: Memory;
  /** Notes in `memory` what is looked at. */
  index: OrmIndex;
  /** Results of calls by function and arguments: the same wherever the call stands. */
  readonly calls: Map<string, Cell<Applied>>;
  /** One object per place. */
  readonly sites: Map<string, QuerySite>;
  readonly template: TemplateLookup;
  /** Facts of a file of the project, or of a template. */
  readonly factsOf: (file: string) => FileFacts | undefined;
  /** Module-level names of any file. */
  readonly moduleValue: (file: string, name: string) => Value;
  /** Filters, tests and global names that code has given to all templates. */
  readonly registered: (kind: "filter" | "test" | "global", name: string) => Value;
  /** Names that context processors give to all templates. */
  readonly processed: () => ReadonlyMap<string, Value>;
  readonly instanceAttribute: (instance: Value & { kind: "instance" }, name: string) => Value;
  /** What the constructor of a class leaves in every instance. */
  readonly instanceFields: (ref: ClassRef) => ReadonlyMap<string, Value>;
  /** After an edit, or where templates may have changed. */
  readonly edit: (index: OrmIndex, units: Iterable<Unit>) => void;
  /** Forgets results of calls that none of these is made of any more. */
  readonly sweep: (roots: () => Iterable<Dependency>) => void;
}

/** Keys on the stack of schemas that rows are read by. */
export const serializerKey = (file: string, index: number) => `S\n${file}\n${index}`;
export const isSerializer = (key: string) => key.startsWith("S\n");
