// Runs the test layers, each after what prepares it (once, cached under .cache/). `npm test` runs all; `npm run test:unit` one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const layers = ["unit", "database", "truth", "editor"];
const words = process.argv.slice(2);
const asked = words.filter((word) => layers.includes(word));
const rest = words.filter((word) => !layers.includes(word));

function run(command, args) {
  const { status, signal } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`Failed${signal ? ` (${signal})` : ""}: ${[command, ...args].join(" ")}`);
    process.exit(status || 1);
  }
}

for (const layer of asked.length ? asked : layers) {
  const prepare = join(root, "test", layer, "prepare.mjs");
  if (existsSync(prepare)) run(process.execPath, [prepare]);
  run(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", layer, ...rest]);
}
