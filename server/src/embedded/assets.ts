import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Extension, PGliteOptions } from "@electric-sql/pglite";

/** Neither ES2023 nor Node's types name it; both have it. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<NonNullable<PGliteOptions["pgliteWasmModule"]>> };

const here = dirname(fileURLToPath(import.meta.url));

/** Where PGlite's binary files lie: beside the bundle, or in the installed package when run from elsewhere. */
export function assetsFolder(): string {
  const beside = [here, dirname(here)].find((folder) => existsSync(join(folder, "pglite.wasm")));
  return beside ?? dirname(createRequire(import.meta.url).resolve("@electric-sql/pglite"));
}

/** The folder with schema, generator and workload of the sample, which ships as it is. */
export function definitionFolder(from = here): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "media/sample/database");
    if (existsSync(join(candidate, "schema.sql"))) return candidate;
    if (dirname(folder) === folder) throw new Error("media/sample/database is missing: install the extension again");
  }
}

/** PGlite looks for its files beside its own module, which a bundle does away with: they are handed over instead. */
export async function pgliteFiles(folder: string): Promise<Partial<PGliteOptions>> {
  const compile = async (name: string) => WebAssembly.compile(await readFile(join(folder, name)));
  const [pgliteWasmModule, initdbWasmModule, bundle] = await Promise.all([
    compile("pglite.wasm"),
    compile("initdb.wasm"),
    readFile(join(folder, "pglite.data")),
  ]);
  const extensions = {
    pg_stat_statements: extension(folder, "pg_stat_statements", ["pg_stat_statements"]),
    pg_trgm: extension(folder, "pg_trgm"),
  };
  return { pgliteWasmModule, initdbWasmModule, fsBundle: new Blob([new Uint8Array(bundle)]), extensions };
}

function extension(folder: string, name: string, sharedPreloadLibraries: string[] = []): Extension {
  const bundlePath = pathToFileURL(join(folder, `${name}.tar.gz`));
  return { name, setup: async () => ({ bundlePath, sharedPreloadLibraries }) };
}
