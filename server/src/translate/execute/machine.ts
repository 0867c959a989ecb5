import type { Expr, FileFacts, FunctionFact, Stmt } from "../../python/index.js";
import type { OrmIndex } from "../../orm/index.js";
import type { Mapping } from "../mapping/mapping.js";
import { Refusal, type Site, type Statement } from "../sql/ir.js";
import { statementValue, type Args, type Value } from "../values.js";
import { Frame } from "./frame.js";
import { evaluate } from "./expressions.js";
import { runBlock, type Flow } from "./statements.js";
import type { Slice } from "./slice.js";
import type { Oracle } from "./oracle.js";
import { callValue } from "./calls.js";
import { mutablesOf } from "./boundary.js";
import { Junctions } from "./merging.js";
import type { Fact } from "./shape.js";

/** Steps after which a path is given up: generated code and recursion have no end. */
const mostSteps = 60_000;
/** The same for a call whose ways are joined, with all that it calls. */
const mostStepsAside = 12_000;
export const deepestCall = 14;

export const siteKey = (site: Site) => `${site.file}\n${site.span.start}\n${site.span.end}`;

/** A statement that reached its end: sent, or handed to something that is not known. */
export interface Sent {
  readonly statement: Statement;
  /** `.count()`, `.first()`; "" where it is sent as it is. */
  readonly how: string;
  /** Offset of the call that sends it. */
  readonly start: number;
}

/** Thrown at the call that a path is gone for. */
export class Reached extends Error {
  constructor(
    readonly expr: Expr,
    readonly callee: Value,
    readonly args: Args,
  ) {
    super();
  }
}

/** Thrown where the steps are used up. */
export class TooLong extends Refusal {}

/** The query expression that a path is gone for. */
export interface Goal {
  readonly site: string;
  readonly junctions: Junctions;
  /** The function in which it stands, when it runs. */
  frame?: Frame;
  /** Loops with known rounds around what is run. */
  rounds: number;
}

/** Runs one path of the project's code. */
export class Machine {
  /** The newest form of each statement that was begun. */
  readonly latest = new Map<string, Statement>();
  readonly sent: Sent[] = [];
  private readonly ids = new WeakMap<object, number>();
  private lastId = 0;
  /** What was asked or noted, by its key. */
  private readonly questions = new Map<string, { readonly text: string; readonly values: readonly object[] }>();
  private readonly moduleValues = new Map<string, Value>();
  get sharedValues(): ReadonlyMap<string, Value> {
    return this.moduleValues;
  }
  /** Constructors that run to tell what an attribute is. */
  readonly constructing = new Set<FunctionFact>();
  readonly attributeValues = new WeakMap<object, Map<string, Value>>();

  constructor(
    readonly mapping: Mapping,
    public oracle: Oracle,
    readonly version: "1.4" | "2.0" | "2.1" = "2.0",
    public goal?: Goal,
  ) {}

  get index(): OrmIndex {
    return this.mapping.index;
  }
  facts(file: string): FileFacts {
    return this.index.files.get(file)!;
  }
  /** With those of calls whose ways were joined. */
  allSteps = 0;
  private steps = 0;
  private limit = mostSteps;
  /** The call of a function whose arguments are asked for. */
  awaited: Expr | undefined;
  /** Loops and comprehensions around what is run whose elements are known. */
  repeating = 0;
  /** Calls around what is run whose ways are joined. */
  aside = 0;
  step(): void {
    this.allSteps++;
    if (++this.steps > this.limit) throw new TooLong("the code that builds the query is too long to be followed");
  }

  /** The oracle's key of a question about values. */
  question(text: string, ...values: readonly object[]): string {
    const key = `${text} ${values.map((value) => this.idOf(value)).join()}`;
    if (!this.questions.has(key)) this.questions.set(key, { text, values });
    return key;
  }
  /** What this path knows. */
  answers(): Fact[] {
    return [...this.oracle.answers].map(([key, answer]) => ({ text: key, values: [], ...this.questions.get(key), answer }));
  }

  idOf(value: object): number {
    const known = this.ids.get(value);
    if (known !== undefined) return known;
    this.ids.set(value, ++this.lastId);
    return this.lastId;
  }

  eval(expr: Expr, frame: Frame): Value {
    this.step();
    return evaluate(this, expr, frame);
  }
  /** Runs a function. */
  run(body: readonly Stmt[], frame: Frame, slice: Slice): Flow {
    if (this.goal) {
      frame.context = this.goal.junctions.here(this.oracle.path);
      frame.compared = this.oracle.path.length;
      if (frame.depth > 0) frame.given = mutablesOf(frame);
    }
    return runBlock(this, body, frame, slice);
  }
  /** Goes ways of their own, which leave nothing but what `explore` gives back. */
  apart<T>(explore: () => T): T {
    const { oracle, goal, steps, limit } = this;
    // What is called inside is paid for by the outermost of them.
    if (this.aside++ === 0) this.limit = steps + mostStepsAside;
    const [sent, latest] = [this.sent.length, new Map(this.latest)];
    this.oracle = oracle.apart();
    this.goal = goal && { site: goal.site, junctions: new Junctions(), rounds: 0 };
    try {
      return explore();
    } finally {
      this.oracle = oracle;
      this.goal = goal;
      if (--this.aside === 0) [this.steps, this.limit] = [steps, limit];
      this.sent.length = sent;
      this.latest.clear();
      for (const [site, statement] of latest) this.latest.set(site, statement);
    }
  }

  /** Runs the rounds of a loop: states of different rounds are not the same. */
  inRounds<T>(frame: Frame, elements: readonly T[], round: (element: T) => Flow): Flow {
    const { context } = frame;
    if (this.goal) this.goal.rounds++;
    let flow: Flow = "next";
    this.repeating++;
    for (const element of elements) {
      if (this.goal) frame.context = `${context} ${this.goal.junctions.here(this.oracle.path)}`;
      flow = round(element);
      if (flow === "break" || flow === "return") break;
    }
    this.repeating--;
    if (this.goal) this.goal.rounds--;
    frame.context = context;
    return flow;
  }
  call(callee: Value, args: Args, expr: Expr & { kind: "call" }, frame: Frame): Value {
    if (expr === this.awaited && !this.comesAgain(expr)) throw new Reached(expr, callee, args);
    return callValue(this, callee, args, expr, frame);
  }

  /** A loop may come by a call again, with other values. */
  private comesAgain(expr: Expr): boolean {
    if (this.repeating === 0) return false;
    const words = (choice: number) => (choice === 0 ? "" : "in a later round");
    return this.oracle.choose(2, `round ${expr.start} ${this.steps}`, words) === 1;
  }

  /** Keeps what became of a statement. */
  made(statement: Statement): Value {
    this.latest.set(siteKey(statement.site), statement);
    return statementValue(statement);
  }
  send(statement: Statement, how: string, start: number): void {
    this.latest.set(siteKey(statement.site), statement);
    this.sent.push({ statement, how, start });
  }

  /** Values of module-level names are made once on each path. */
  moduleValue(key: string, make: () => Value): Value {
    const known = this.moduleValues.get(key);
    if (known) return known;
    this.moduleValues.set(key, { kind: "unknown", reason: "a module-level name that depends on itself" });
    const made = make();
    this.moduleValues.set(key, made);
    return made;
  }
}
