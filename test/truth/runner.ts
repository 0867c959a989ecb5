import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ProgramFiles } from "./programs.js";
import type { SqlAlchemyVersion } from "./python.js";

/** Statements that came from one place of a program. */
export interface StatementGroup {
  /** Path, first and last line of each of the program's frames, innermost first. */
  readonly frames: readonly Frame[];
  /** The attribute whose lazy load sent them. */
  readonly loads: string | null;
  readonly count: number;
  readonly rows: number;
  /** Rows times columns. */
  readonly cells: number;
}

export type Frame = readonly [path: string, first: number, last: number];

export interface ProgramRun {
  readonly size: number;
  readonly statements?: number;
  readonly groups?: readonly StatementGroup[];
  /** JSON of what was returned and printed. */
  readonly result?: string;
  /** Class of the exception that ended it, what it and its causes say, and where it was raised. */
  readonly error?: string;
  readonly message?: string;
  readonly frames?: readonly Frame[];
}

export interface ProgramAnswer {
  readonly runs: readonly ProgramRun[];
  /** Why it could not be executed at all. */
  readonly error?: string;
}

/** Two sizes tell growth from a constant. Both stay below 500, the chunk in which selectinload reads. */
export const sizes = [25, 60] as const;

const root = join(import.meta.dirname, "../..");

/** A Python process that executes program after program; another where an interpreter has crashed. */
export class ProgramRunner {
  private python: Interpreter;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly version: SqlAlchemyVersion,
    private readonly port: number,
  ) {
    this.python = new Interpreter(version, port);
  }

  run(id: string, files: ProgramFiles, seed?: string): Promise<ProgramAnswer> {
    const turn = this.last.then(() => this.ask(id, files, seed));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** A crash of the interpreter says nothing of the program, unless it happens again. */
  private async ask(id: string, files: ProgramFiles, seed: string | undefined): Promise<ProgramAnswer> {
    const first = await this.python.ask(id, files, seed);
    if (first) return first;
    const crash = this.python.ending;
    console.warn(`Python ended (${crash}) while it ran ${id}; it is run again.`);
    this.python = new Interpreter(this.version, this.port);
    const second = await this.python.ask(id, files, seed);
    if (second) return second;
    const why = this.python.ending;
    this.python = new Interpreter(this.version, this.port);
    throw new Error(`Python ended twice (${crash}, ${why}) while it ran ${id}.`);
  }

  stop(): Promise<void> {
    return this.python.stop();
  }
}

class Interpreter {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private errors = "";

  constructor(version: SqlAlchemyVersion, port: number) {
    const python = join(root, ".cache", "truth", `sqlalchemy-${version}`, "bin", "python");
    const dsn = `postgresql+psycopg://postgres@127.0.0.1:${port}/postgres`;
    const script = join(import.meta.dirname, "python", "run_programs.py");
    // A schema of its own: the processes of two versions share one server.
    this.child = spawn(python, ["-W", "ignore", "-B", script, dsn, `truth_${version.replace(".", "_")}`], { stdio: "pipe" });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.errors += chunk.toString("utf8")));
    // Writing to a process that is gone must not end this one: its end is seen by the answer that does not come.
    this.child.stdin?.on("error", (error) => (this.errors += error.message));
    this.answers = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** How it ended, and what it said. */
  get ending(): string {
    return `${this.child.exitCode ?? this.child.signalCode} ${this.errors}`.trim();
  }

  /** Undefined where the process ended instead of answering. */
  async ask(id: string, files: ProgramFiles, seed: string | undefined): Promise<ProgramAnswer | undefined> {
    this.child.stdin?.write(`${JSON.stringify({ id, files, seed: seed ?? null, sizes })}\n`);
    const { value, done } = await this.answers.next();
    if (!done) return JSON.parse(value) as ProgramAnswer;
    if (this.isAlive()) await once(this.child, "exit");
    return undefined;
  }

  private isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(): Promise<void> {
    if (!this.isAlive()) return;
    const gone = once(this.child, "exit");
    this.child.stdin?.end();
    await gone;
  }
}
