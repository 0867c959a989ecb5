// The in-host suite in a desktop VS Code, which @vscode/test-electron downloads (VSCODE_VERSION, else the current stable one).
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from "@vscode/test-electron";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./harness/editions.mjs";

function fail(text) {
  console.error(text);
  process.exitCode = 1;
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0) throw new Error(`Failed: ${[command, ...args].join(" ")}${error ? ` (${error.message})` : ""}`);
}

const home = mkdtempSync(join(tmpdir(), "db-optimize-desktop-"));
try {
  const executable = await downloadAndUnzipVSCode(process.env.VSCODE_VERSION ?? "stable");
  run(process.execPath, [join(root, "scripts/package.mjs")]);
  const vsix = readdirSync(root).find((name) => name.endsWith(".vsix"));
  const folders = ["--user-data-dir", join(home, "data"), "--extensions-dir", join(home, "extensions")];
  const [command, ...cliArgs] = resolveCliArgsFromVSCodeExecutablePath(executable);
  run(command, [
    ...cliArgs.filter((word) => !/^--(user-data|extensions)-dir/.test(word)),
    ...folders,
    "--install-extension",
    join(root, vsix),
  ]);

  const project = join(home, "shop");
  cpSync(join(root, "media/sample"), project, { recursive: true });
  const results = join(home, "in-host.json");
  const carrier = join(import.meta.dirname, "carrier");
  const code = await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: carrier,
    extensionTestsPath: join(carrier, "index.js"),
    extensionTestsEnv: { IN_HOST_RESULTS: results },
    launchArgs: [project, ...folders, "--disable-workspace-trust"],
  }).catch((error) => (fail(String(error)), 1));

  const { complete, figures, tests } = JSON.parse(readFileSync(results, "utf8"));
  for (const { name, error } of tests) console.log(`${error ? "failed" : "passed"}  ${name}${error ? `\n${error}` : ""}`);
  console.log(`Activation: ${figures.activationMs} ms`);
  if (code !== 0 || !complete || tests.length === 0 || tests.some(({ error }) => error)) fail("The in-host tests did not pass.");
} catch (error) {
  fail(
    `The desktop tests need a VS Code that can be downloaded (https://update.code.visualstudio.com).\n${error instanceof Error ? error.message : error}`,
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}
