// Records media/sample/database/workload.json.gz anew: generates a fresh sample database, runs the real sample application on it
// (scripts/record-workload.py, in a Python environment under .cache/) and keeps what it sent. Needs Python 3.10 or newer.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "smol-toml";
import { bundleEmbedded } from "./lib/embedded.mjs";

const root = resolve(import.meta.dirname, "..");
const sample = join(root, "media/sample");
const recorded = join(sample, "database/workload.json.gz");
const environment = join(root, ".cache/sample-venv");
const python = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (status !== 0) throw new Error(`failed: ${[command, ...args].join(" ")}${error ? ` (${error.message})` : ""}`);
}

/** The packages are those that the sample pins. */
function preparePython() {
  if (!existsSync(python)) run(process.env.PYTHON ?? "python3", ["-m", "venv", environment]);
  const { project } = parse(readFileSync(join(sample, "pyproject.toml"), "utf8"));
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...project.dependencies]);
}

preparePython();
const { host, owner } = await bundleEmbedded();
const { createSampleServer } = await import(pathToFileURL(owner).href);
const dataDirectory = join(root, ".cache/recording");
rmSync(dataDirectory, { recursive: true, force: true });
const server = createSampleServer({ dataDirectory, script: host, log: (line) => console.log(line) });
// The old recording must not be replayed while the new one is made.
const aside = `${recorded}.old`;
if (existsSync(recorded)) renameSync(recorded, aside);
try {
  const { dsn } = await server.start({ progress: (message) => console.log(message) });
  const url = dsn.replace("postgresql://", "postgresql+psycopg://");
  run(python, [join(root, "scripts/record-workload.py"), recorded], {
    env: { ...process.env, DATABASE_URL: url, PYTHONDONTWRITEBYTECODE: "1" },
  });
  rmSync(aside, { force: true });
} finally {
  if (existsSync(aside)) renameSync(aside, recorded);
  await server.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
}
