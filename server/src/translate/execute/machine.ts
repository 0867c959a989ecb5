import type { Expr, FileFacts, Stmt } from "../../python/index.js";
import type { OrmIndex } from "../../orm/index.js";
import type { Mapping } from "../mapping/mapping.js";
import { refuse, type Site, type Statement } from "../sql/ir.js";
import { statementValue, type Args, type Value } from "../values.js";
import { Frame } from "./frame.js";
import { evaluate } from "./expressions.js";
import { runBlock, type Flow } from "./statements.js";
import type { Slice } from "./slice.js";
import type { Oracle } from "./oracle.js";
import { callValue } from "./calls.js";

/** Steps after which a path is given up: generated code and recursion have no end. */
const mostSteps = 60_000;
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

/** Runs one path of the project's code. */
export class Machine {
  /** The newest form of each statement that was begun. */
  readonly latest = new Map<string, Statement>();
  readonly sent: Sent[] = [];
  private steps = 0;
  private readonly ids = new WeakMap<object, number>();
  private lastId = 0;
  private readonly moduleValues = new Map<string, Value>();
  readonly attributeValues = new WeakMap<object, Map<string, Value>>();

  constructor(
    readonly mapping: Mapping,
    readonly oracle: Oracle,
    readonly version: "1.4" | "2.0" | "2.1" = "2.0",
  ) {}

  get index(): OrmIndex {
    return this.mapping.index;
  }
  facts(file: string): FileFacts {
    return this.index.files.get(file)!;
  }
  step(): void {
    if (++this.steps > mostSteps) refuse("the code that builds the query is too long to be followed");
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
  run(body: readonly Stmt[], frame: Frame, slice: Slice): Flow {
    return runBlock(this, body, frame, slice);
  }
  call(callee: Value, args: Args, expr: Expr & { kind: "call" }, frame: Frame): Value {
    return callValue(this, callee, args, expr, frame);
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
