// Bundles everything that ships into dist/. `--watch` rebuilds on change; `--dev` keeps names and adds source maps; `--pages` and
// `--server` build only these, beside what is there; `--out DIR` takes another folder than dist/ (tests build what they run).
import { build, context } from "esbuild";
import { chmod, cp, mkdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildSharePage } from "./lib/sharePage.mjs";

const root = resolve(import.meta.dirname, "..");
const out = process.argv.indexOf("--out");
const dist = out < 0 ? join(root, "dist") : resolve(process.argv[out + 1]);
const watch = process.argv.includes("--watch");
const dev = watch || process.argv.includes("--dev");

// CommonJS packages inside an ES module bundle still call require() for Node's own modules.
// libpg-query looks for its .wasm in __dirname: there that is dist/, wherever the bundler puts the chunk.
const requireShim = [
  `import { createRequire as __createRequire } from "node:module";`,
  `const require = __createRequire(import.meta.url);`,
  `const __dist = require("node:path").dirname(require("node:url").fileURLToPath(import.meta.url)).replace(/[\\\\/]chunks$/, "");`,
].join(" ");
const shared = {
  bundle: true,
  minify: !dev,
  sourcemap: dev ? "linked" : false,
  logLevel: "warning",
  absWorkingDir: root,
  legalComments: "none",
};

// The language client is most of the code and not needed to activate: it stays a file of its own, read when the server starts.
const lazyLanguageClient = {
  name: "lazy-language-client",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/client\.js$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./languageClient.cjs", external: true } : undefined,
    );
  },
};
const client = {
  ...shared,
  entryPoints: { extension: "client/src/extension.ts", languageClient: "client/src/features/languageClient/client.ts" },
  plugins: [lazyLanguageClient],
  // The editor's `vscode` module is found by require() only.
  supported: { "dynamic-import": false },
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
  define: { __dirname: "__dist" },
  external: ["pg-native"],
};
const pages = {
  ...shared,
  // Monaco is an entry point so that its style sheet has a name; the pages import it after their first paint.
  entryPoints: {
    explain: "webview/src/explain/main.tsx",
    report: "webview/src/report/main.tsx",
    comparison: "webview/src/comparison/main.tsx",
    monaco: "webview/src/monaco/viewer.ts",
  },
  outdir: join(dist, "webview"),
  platform: "browser",
  format: "esm",
  target: "es2022",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".ttf": "file", ".woff2": "file" },
  metafile: true,
};

/**
 * What the plan page loads before its first paint must stay small: its script, the chunks that it imports at once, and its sheet.
 * Monaco and whatever else is imported later does not count.
 */
function checkPageSize({ outputs }) {
  const most = 350_000;
  const entries = Object.entries(outputs);
  const nameOf = (source) => entries.find(([, output]) => output.entryPoint === source);
  const [script, page] = nameOf("webview/src/explain/main.tsx");
  const loaded = new Set([script, page.cssBundle]);
  for (const file of loaded) for (const { path, kind } of outputs[file]?.imports ?? []) if (kind === "import-statement") loaded.add(path);
  const bytes = [...loaded].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0);
  if (bytes > most) throw new Error(`The plan page has grown to ${bytes} bytes; ${most} are the most it may load before its first paint.`);
  console.log(`Plan page: ${(bytes / 1000).toFixed(0)} kB of ${most / 1000} kB without Monaco.`);
}

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

const only = [...(process.argv.includes("--pages") ? [pages] : []), ...(process.argv.includes("--server") ? [server] : [])];
if (!watch && only.length === 0) await rm(dist, { recursive: true, force: true });
await copyAssets();
const bundles = only.length > 0 ? only : [client, server, pages];
if (watch) for (const options of bundles) await (await context(options)).watch();
else {
  const results = await Promise.all(bundles.map((options) => build(options)));
  // Names and comments are left out only of what ships.
  if (!dev && bundles.includes(pages)) checkPageSize(results[bundles.indexOf(pages)].metafile);
}
if (bundles.includes(pages)) await buildSharePage(pages, root);
// package.json's `bin`: npm sets the bit when it installs, a clone that is run in place has to have it.
if (existsSync(join(dist, "cli.js"))) await chmod(join(dist, "cli.js"), 0o755);
