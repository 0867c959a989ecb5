/** What the host and its backend (a worker thread with PGlite in it) say to each other. */

export interface BackendPaths {
  /** PostgreSQL's data directory. */
  readonly database: string;
  readonly unfinished: string;
  readonly marker: string;
  /** Folder with PGlite's .wasm and .tar.gz files. */
  readonly assets: string;
  /** Folder with schema.sql, generate.sql and the recorded workload. */
  readonly definition: string;
}

export interface BackendTask {
  /** `build` generates the database and ends; `serve` opens it and answers. */
  readonly task: "build" | "serve";
  readonly paths: BackendPaths;
}

export type ToBackend =
  /** A client's session begins; its startup parameters become settings. */
  | { type: "begin"; session: number; parameters: ReadonlyMap<string, string> }
  | { type: "run"; session: number; bytes: Uint8Array }
  /** Rolls back and forgets whatever the session left behind. */
  | { type: "end"; session: number }
  | { type: "shutdown" };

export type FromBackend =
  | { type: "progress"; message: string; share?: number }
  | { type: "log"; line: string }
  | { type: "built" }
  | { type: "ready"; rows: number; parameters: ReadonlyMap<string, string> }
  | { type: "begun"; session: number; error?: { code: string; message: string } }
  | { type: "data"; session: number; bytes: Uint8Array }
  | { type: "idle"; session: number; inTransaction: boolean }
  | { type: "ended"; session: number }
  | { type: "closed" }
  /** The database could not be opened or built. */
  | { type: "failed"; message: string };
