// `npm run demo`: starts the sample database, runs every analyzer on the sample project and prints the report. Ends without leaving
// anything running; the database stays on disk, so that the next start is quick.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const cli = join(root, "dist/cli.js");

/** Time of the newest file, in ms; folders are walked. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}

function isBuilt() {
  if (!existsSync(cli)) return false;
  const sources = ["server/src", "client/src", "webview/src", "scripts/build.mjs", "package-lock.json"].map((path) =>
    newest(join(root, path)),
  );
  return statSync(cli).mtimeMs >= Math.max(...sources);
}

function build() {
  console.log("Building …");
  const { status } = spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** Findings are what the demo is about: exit code 1 says that there are some. */
function analyse() {
  // Ctrl+C reaches the command too, which ends what it started; its exit is waited for.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
  const child = spawn(process.execPath, [cli, "--full", "media/sample", "--sample"], { cwd: root, stdio: "inherit" });
  return new Promise((done) => child.on("close", (code) => done(code ?? 130)));
}

if (!isBuilt()) build();
const code = await analyse();
if (code > 1) process.exit(code);
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
console.log(`
The same in VS Code:
  npm run package
  code --install-extension ${name}-${version}.vsix
  code media/sample
Open shop/api/orders.py to see the first findings, and start the sample database from the view "DB Optimize".
What is wrong with the sample, place by place: media/sample/MISTAKES.md`);
