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

/** One Python process that executes program after program. */
export class ProgramRunner {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;
  private errors = "";
  private last: Promise<unknown> = Promise.resolve();

  constructor(version: SqlAlchemyVersion, port: number) {
    const python = join(root, ".cache", "truth", `sqlalchemy-${version}`, "bin", "python");
    const dsn = `postgresql+psycopg://postgres@127.0.0.1:${port}/postgres`;
    const script = join(import.meta.dirname, "python", "run_programs.py");
    // A schema of its own: the processes of two versions share one server.
    this.child = spawn(python, ["-W", "ignore", "-B", script, dsn, `truth_${version.replace(".", "_")}`], { stdio: "pipe" });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.errors += chunk.toString("utf8")));
    this.answers = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  run(id: string, files: ProgramFiles, seed?: string): Promise<ProgramAnswer> {
    const turn = this.last.then(() => this.ask(id, files, seed));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async ask(id: string, files: ProgramFiles, seed: string | undefined): Promise<ProgramAnswer> {
    this.child.stdin?.write(`${JSON.stringify({ id, files, seed: seed ?? null, sizes })}\n`);
    const { value, done } = await this.answers.next();
    if (done) {
      if (this.isAlive()) await once(this.child, "exit");
      throw new Error(`Python ended (${this.child.exitCode ?? this.child.signalCode}) while it ran ${id}: ${this.errors}`);
    }
    return JSON.parse(value) as ProgramAnswer;
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
