// Runs the test layers, each after what prepares it (once, cached under .cache/). `npm test` runs all; `npm run test:unit` one.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const layers = ["unit", "database", "truth", "editor"];
const words = process.argv.slice(2);
const asked = words.filter((word) => layers.includes(word));
const rest = words.filter((word) => !layers.includes(word));

function run(args) {
  const { status, signal } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  return signal ? 1 : (status ?? 1);
}

/** Runs one layer; a layer that could not be prepared, or in which no test ran, has failed. */
function runLayer(layer) {
  const prepare = join(root, "test", layer, "prepare.mjs");
  if (existsSync(prepare) && run([prepare]) !== 0) return { layer, passed: 0, failed: 1, why: "could not be prepared" };
  const results = join(root, "out", "test-results", `${layer}.json`);
  mkdirSync(join(root, "out", "test-results"), { recursive: true });
  rmSync(results, { force: true });
  const status = run([
    join(root, "node_modules/vitest/vitest.mjs"),
    ...["run", "--project", layer, "--reporter=default", "--reporter=json", `--outputFile.json=${results}`],
    ...rest,
  ]);
  if (!existsSync(results)) return { layer, passed: 0, failed: 1, why: "the test runner ended without results" };
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = JSON.parse(readFileSync(results, "utf8"));
  if (passed + failed === 0) return { layer, passed, failed: 1, why: "no test ran" };
  if (skipped > 0 && rest.length === 0) return { layer, passed, failed: failed + skipped, why: `${skipped} skipped` };
  return status === 0 || failed > 0
    ? { layer, passed, failed }
    : { layer, passed, failed: 1, why: `the test runner exited with ${status}` };
}

const outcomes = (asked.length ? asked : layers).map(runLayer);
console.log();
for (const { layer, passed, failed, why } of outcomes)
  console.log(`${layer.padEnd(9)} ${passed} passed, ${failed} failed${why ? ` (${why})` : ""}`);
const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
process.exit(sum("failed") === 0 ? 0 : 1);
