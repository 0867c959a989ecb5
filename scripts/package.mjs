// Builds and packs the extension: db-performance-optimizer-<version>.vsix in the project's folder. `--no-build` packs what dist/ holds.
import { spawnSync } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const limitMb = 20;

function run(script, args) {
  const { status, signal } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: "inherit" });
  if (status === 0) return;
  console.error(`Failed${signal ? ` (${signal})` : ""}: node ${[script, ...args].join(" ")}`);
  process.exit(status || 1);
}

const { name, version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
const target = join(root, `${name}-${version}.vsix`);
if (!process.argv.includes("--no-build")) run(join(root, "scripts/build.mjs"), []);
// Everything is bundled: packages must neither be looked for nor packed. Where it is published is not for this script to say.
const options = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--skip-license", "--out", target];
run(join(root, "node_modules/@vscode/vsce/vsce"), ["package", ...options]);

const megabytes = (await stat(target)).size / 1_000_000;
console.log(`${target}: ${megabytes.toFixed(1)} MB`);
if (megabytes > limitMb) {
  console.error(`The package is larger than ${limitMb} MB: look for what grew with "npx vsce ls --no-dependencies".`);
  process.exit(1);
}
