import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { TestServer } from "../../database/support/server.js";
import type { SqlAlchemyVersion } from "../python.js";

export type Cause = "lazy-load" | "eager-load" | "refresh" | "get" | "flush";
/** Lines of an expression, and the function that it stands in. */
export type PlaceInCorpus = readonly [path: string, first: number, last: number, inside: string];
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface BoundValue {
  /** SQLAlchemy's own name of it. */
  readonly name: string;
  /** As Python had it. */
  readonly value: Json;
  readonly pythonType: string;
  /** As the driver got it. */
  readonly bound: Json;
  /** As PostgreSQL reads it; null is NULL. */
  readonly wire: string | null;
  /** The type that the driver declares beside the text. */
  readonly declared: string | null;
  /** The type that psycopg's dialect casts it to, where it does. */
  readonly cast: string | null;
}

export interface SentStatement {
  /** As it was sent, with $1, $2, … in order of first appearance. */
  readonly sql: string;
  /** Without the casts that this driver adds around bound values. */
  readonly bare: string;
  readonly kind: "own" | Cause;
  /** The relationship or column that was loaded: `User.orders`. */
  readonly loads: string | null;
  /** Where the corpus made the statement. */
  readonly made: PlaceInCorpus | null;
  /** Where it was sent from, innermost first. */
  readonly frames: readonly PlaceInCorpus[];
  readonly parameters: readonly BoundValue[];
  readonly rows?: number;
  /** It was sent with executemany, so many times; the parameters are the first set. */
  readonly sets?: number;
  /** What was sent when the same statement was sent once more and its rows were read, expired and refreshed; each once. */
  readonly causes?: readonly CausedByLoading[];
}

export interface CausedByLoading extends SentStatement {
  /** It follows one of the others: what a lazy load loads with its rows, what a refresh loads again. */
  readonly beyond: boolean;
}

/** One call of one function of the corpus. */
export interface Recording {
  readonly app: string;
  readonly file: string;
  readonly function: string;
  readonly line: number;
  readonly endLine: number;
  readonly call: number;
  readonly arguments: Readonly<Record<string, Json>>;
  readonly statements: readonly SentStatement[];
  readonly error?: string;
}

const root = join(import.meta.dirname, "../../..");
export const corpusFolder = join(import.meta.dirname, "corpus");

/** Paths of the corpus, relative to its folder. */
export function corpusFiles(prefix = ""): string[] {
  return readdirSync(corpusFolder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".py") && path.startsWith(prefix))
    .sort();
}

/** The versions run side by side and share a server, but no tables. */
export const databaseOf = (version: SqlAlchemyVersion): string => `translation_${version.replace(".", "_")}`;

/** Fills a database of its own and calls every function of the corpus, or those of files whose path begins with `prefix`. */
export async function record(server: TestServer, version: SqlAlchemyVersion, prefix = ""): Promise<Recording[]> {
  const admin = await server.admin();
  try {
    await admin.query(`CREATE DATABASE ${databaseOf(version)}`);
  } finally {
    await admin.end();
  }
  const python = join(root, ".cache", "truth", `sqlalchemy-${version}`, "bin", "python");
  const dsn = `postgresql+psycopg://postgres@127.0.0.1:${server.port}/${databaseOf(version)}`;
  const script = join(import.meta.dirname, "python", "record.py");
  const output = await run(python, ["-W", "ignore", "-B", script, dsn, corpusFolder, prefix]);
  return output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Recording);
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // What both recorders share stands with the other one.
    const env = { ...process.env, PYTHONPATH: join(import.meta.dirname, "..", "python") };
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
    const output: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString("utf8")));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(Buffer.concat(output).toString("utf8"));
      else reject(new Error(`Python ended with ${status}: ${errors}`));
    });
  });
}
