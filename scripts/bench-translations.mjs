// Prints how much of real projects the translator understands, and how fast: `node scripts/bench-translations.mjs FOLDER...`.
// [--refused N] shows the N most frequent reasons of refusals, [--slowest N] the slowest files, [--out FILE] writes each expression's outcome.
import { build } from "esbuild";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { percentile } from "../test/bench/process.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { refused: { type: "string", default: "0" }, slowest: { type: "string", default: "0" }, out: { type: "string" } },
});
const root = resolve(import.meta.dirname, "..");
const { resolve: asset } = createRequire(import.meta.url);
const assets = {
  runtime: asset("web-tree-sitter/web-tree-sitter.wasm"),
  grammar: asset("tree-sitter-python/tree-sitter-python.wasm"),
  sql: asset("libpg-query/wasm/libpg-query.wasm"),
};

/** Bundled as it ships: run from sources, modules are slower. */
async function translator(folder) {
  const outfile = join(folder, "translations.mjs");
  const shim = `import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url); const __dirname = ".";`;
  await build({
    entryPoints: [join(root, "test", "bench", "translations.ts")],
    ...{ bundle: true, platform: "node", format: "esm", target: "node20", logLevel: "warning", absWorkingDir: root },
    ...{ banner: { js: shim }, outfile },
  });
  return import(pathToFileURL(outfile));
}

const ms = (value) => `${(value ?? 0).toFixed(1)} ms`.padStart(10);
const cells = (name, expressions, translated, percent, ...rest) =>
  console.log(
    `${name.padEnd(28)}${String(expressions).padStart(12)}${String(translated).padStart(12)}${percent.padStart(8)}${rest.join("")}`,
  );

function row(name, { expressions, translated, single, files, first }) {
  const perFile = files.map((one) => one.ms);
  // What a file of fifty would take at the pace of the slower files.
  const total = perFile.reduce((sum, one) => sum + one, 0);
  const share = expressions === 0 ? "–" : `${((100 * translated) / expressions).toFixed(1)} %`;
  const figures = [percentile(single, 0.5), percentile(single, 0.95), Math.max(0, ...single), first, total / expressions];
  cells(name, expressions, translated, share, ...figures.map(ms), ms(Math.max(0, ...perFile)));
}

function printCounted(reasons) {
  const counts = new Map();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a).slice(0, Number(options.refused));
  for (const [reason, count] of sorted) console.log(`  ${String(count).padStart(4)}  ${reason}`);
}

const folder = mkdtempSync(join(tmpdir(), "translations-"));
try {
  const { translateProject } = await translator(folder);
  const head = ["p50", "p95", "max", "first", "in files", "worst file"].map((word) => word.padStart(10));
  cells("project", "expressions", "translated", "", ...head);
  const all = [];
  for (const path of positionals) {
    const figures = await translateProject(resolve(path), assets);
    row(basename(resolve(path)), figures);
    printCounted(figures.refused);
    for (const { file, ms: time, expressions } of figures.files.toSorted((a, b) => b.ms - a.ms).slice(0, Number(options.slowest)))
      console.log(`  ${ms(time)}  ${expressions} in ${file}`);
    all.push({ project: basename(resolve(path)), ...figures });
  }
  const joined = (member) => all.flatMap((one) => one[member]);
  const sum = (member) => all.reduce((total, one) => total + one[member], 0);
  if (all.length > 1) {
    const [expressions, translated] = [sum("expressions"), sum("translated")];
    row("all", {
      expressions,
      translated,
      single: joined("single"),
      files: joined("files"),
      first: Math.max(...all.map((one) => one.first)),
    });
  }
  if (options.out !== undefined)
    writeFileSync(options.out, all.flatMap(({ project, outcomes }) => outcomes.map((one) => `${project} ${one}\n`)).join(""));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
