import { join } from "node:path";

/** Raised whenever schema, generator or PGlite's major version change: a database made by another version is made anew. */
export const databaseVersion = 1;

/** What lies where in a data directory. */
export function layout(dataDirectory: string) {
  return {
    lock: join(dataDirectory, "lock.json"),
    log: join(dataDirectory, "server.log"),
    /** PostgreSQL's own directory; exists only when complete. */
    database: join(dataDirectory, "database"),
    /** Where it is generated; renamed when complete. */
    unfinished: join(dataDirectory, "database.unfinished"),
    /** Inside either: version and number of rows. */
    marker: "sample.json",
  } as const;
}

export interface Marker {
  readonly version: number;
  readonly rows: number;
}
