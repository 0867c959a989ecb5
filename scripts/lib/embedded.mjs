// Bundles the embedded PostgreSQL's host process and its owner's side on their own, for what runs from sources.
import { build } from "esbuild";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const requireShim = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;

/** @returns {Promise<{ host: string, owner: string }>} paths of the two modules */
export async function bundleEmbedded(folder = join(root, ".cache/embedded")) {
  await build({
    absWorkingDir: root,
    entryPoints: { embedded: "server/src/embedded/process.ts", owner: "server/src/embedded/index.ts" },
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    banner: { js: requireShim },
    logLevel: "warning",
  });
  return { host: join(folder, "embedded.js"), owner: join(folder, "owner.js") };
}
