// The peer: a type checker that reads the same tree.
import { existsSync, mkdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { measure } from "./process.mjs";

const version = "1.1.407";

/** Where pyright's command stands below `folder`, which it is installed into when it is not there; undefined when that fails. */
export function pyrightPath(folder) {
  const command = join(folder, "node_modules", "pyright", "index.js");
  if (existsSync(command)) return command;
  mkdirSync(folder, { recursive: true });
  const install = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", `pyright@${version}`];
  spawnSync("npm", install, { stdio: "ignore", shell: process.platform === "win32" });
  return existsSync(command) ? command : undefined;
}

/** One check of a whole folder: what `measure` reports, and how many files were looked at. */
export async function checkWithPyright(command, folder) {
  // Without it pyright throws away and computes again what does not fit the default heap.
  const args = ["--max-old-space-size=8192", command, "--outputjson", folder];
  const measured = await measure(process.execPath, args);
  return { ...measured, version, files: JSON.parse(measured.stdout).summary.filesAnalyzed };
}
