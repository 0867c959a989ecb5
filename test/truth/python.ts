import { spawn } from "node:child_process";
import { join } from "node:path";

export const versions = ["2.0", "2.1"] as const;
export type SqlAlchemyVersion = (typeof versions)[number];

export interface PythonCase {
  readonly id: string;
  readonly files: Readonly<Record<string, string>>;
  readonly calls: readonly { readonly module: string; readonly function: string }[];
  readonly sizes: readonly number[];
}

export interface Run {
  readonly size: number;
  readonly call: string;
  readonly statements?: number;
  /** JSON of what was returned and printed. */
  readonly result?: string;
  /** Class of the exception, and its message. */
  readonly error?: string;
  readonly message?: string;
}

export interface Answer {
  readonly id: string;
  readonly runs: readonly Run[];
  /** Why the case could not be executed at all. */
  readonly error?: string;
}

const root = join(import.meta.dirname, "../..");

/** Executes cases on real SQLAlchemy and PostgreSQL; one process for all of them. */
export function runPython(version: SqlAlchemyVersion, dsn: string, cases: readonly PythonCase[]): Promise<Map<string, Answer>> {
  const python = join(root, ".cache", "truth", `sqlalchemy-${version}`, "bin", "python");
  return new Promise((resolve, reject) => {
    const child = spawn(python, ["-W", "ignore", "-B", join(import.meta.dirname, "python", "run_cases.py")], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString("utf8")));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status !== 0) return reject(new Error(`Python ended with ${status}: ${errors}`));
      const answers = output
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Answer);
      resolve(new Map(answers.map((answer) => [answer.id, answer])));
    });
    child.stdin.end(JSON.stringify({ dsn, cases }));
  });
}
