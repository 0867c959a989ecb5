import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { OptimizerError } from "#protocol/failure";

const here = dirname(fileURLToPath(import.meta.url));

/** Where each file lies in its package, for running from sources; beside the bundles it stands under its own name. */
const packages: Record<string, string> = {
  "web-tree-sitter.wasm": "web-tree-sitter/web-tree-sitter.wasm",
  "tree-sitter-python.wasm": "tree-sitter-python/tree-sitter-python.wasm",
  "libpg-query.wasm": "libpg-query/wasm/libpg-query.wasm",
};

/** Bundles are split: this module may stand in dist/ or in dist/chunks/. */
function beside(name: string): string | undefined {
  return [here, dirname(here)].map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The bundled worker; absent when the engine runs from its sources, where everything is computed in this thread. */
export function workerPath(): string | undefined {
  return beside("worker.js");
}

export function assetPath(name: string): string {
  const bundled = beside(name);
  if (bundled) return bundled;
  const inPackage = packages[name];
  try {
    if (inPackage) return createRequire(import.meta.url).resolve(inPackage);
  } catch {
    // Said below, with the name of the file.
  }
  throw new OptimizerError({
    kind: "internal",
    message: `A part of the program is missing: ${name}.`,
    advice: "Install the extension or the package again; from sources, run npm ci and npm run build.",
  });
}
