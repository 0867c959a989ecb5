// Bundles everything that ships into dist/. `--watch` rebuilds on change; `--dev` keeps names and adds source maps.
import { build, context } from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
const watch = process.argv.includes("--watch");
const dev = watch || process.argv.includes("--dev");

// CommonJS packages inside an ES module bundle still call require() for Node's own modules.
const requireShim = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);`;
const shared = {
  bundle: true,
  minify: !dev,
  sourcemap: dev ? "linked" : false,
  logLevel: "warning",
  absWorkingDir: root,
  legalComments: "none",
};

const client = {
  ...shared,
  entryPoints: { extension: "client/src/extension.ts" },
  outdir: dist,
  outExtension: { ".js": ".cjs" },
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
};
const server = {
  ...shared,
  entryPoints: {
    server: "server/src/lsp/main.ts",
    cli: "server/src/cli/main.ts",
    worker: "server/src/workspace/worker.ts",
    embedded: "server/src/embedded/process.ts",
  },
  outdir: dist,
  platform: "node",
  format: "esm",
  target: "node20",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  banner: { js: requireShim },
  external: ["pg-native"],
};
const pages = {
  ...shared,
  entryPoints: { explain: "webview/src/explain/main.tsx", report: "webview/src/report/main.tsx" },
  outdir: join(dist, "webview"),
  platform: "browser",
  format: "esm",
  target: "es2022",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".ttf": "file", ".woff2": "file" },
};

const assets = [
  [join(root, "node_modules/web-tree-sitter/web-tree-sitter.wasm"), "web-tree-sitter.wasm"],
  [join(root, "node_modules/tree-sitter-python/tree-sitter-python.wasm"), "tree-sitter-python.wasm"],
  [join(root, "node_modules/libpg-query/wasm/libpg-query.wasm"), "libpg-query.wasm"],
  ...["pglite.wasm", "pglite.data", "initdb.wasm", "pg_stat_statements.tar.gz", "pg_trgm.tar.gz"].map((name) => [
    join(root, "node_modules/@electric-sql/pglite/dist", name),
    name,
  ]),
  [join(root, "node_modules/@vscode/codicons/dist/codicon.css"), "webview/codicon.css"],
  [join(root, "node_modules/@vscode/codicons/dist/codicon.ttf"), "webview/codicon.ttf"],
];

async function copyAssets() {
  for (const [from, to] of assets) {
    if (!existsSync(from)) throw new Error(`Missing ${from}: run npm ci first.`);
    await mkdir(dirname(join(dist, to)), { recursive: true });
    await cp(from, join(dist, to));
  }
}

if (!watch) await rm(dist, { recursive: true, force: true });
await copyAssets();
const bundles = [client, server, pages];
if (watch) for (const options of bundles) await (await context(options)).watch();
else await Promise.all(bundles.map((options) => build(options)));
