// Makes the Python environments of this layer (once, cached by their requirements) after the PostgreSQL that the database layer uses.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const python = process.env.PYTHON ?? "python3";

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (status === 0) return;
  console.error(`Could not run: ${[command, ...args].join(" ")}${error ? ` (${error.message})` : ""}`);
  console.error(
    "This layer needs Python 3.10 or newer with venv and pip (Debian: apt-get install python3-venv), or PYTHON=/path/to/python3.",
  );
  process.exit(1);
}

const database = spawnSync(process.execPath, [join(root, "test/database/prepare.mjs")], { stdio: "inherit" });
if (database.status !== 0) process.exit(database.status ?? 1);

for (const version of ["2.0", "2.1"]) {
  const requirements = join(import.meta.dirname, "python", `requirements-${version}.txt`);
  const venv = join(root, ".cache", "truth", `sqlalchemy-${version}`);
  const stamp = join(venv, "requirements.sha256");
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) continue;
  console.log(`Preparing Python with SQLAlchemy ${version} in .cache/truth (once) ...`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(join(root, ".cache", "truth"), { recursive: true });
  run(python, ["-m", "venv", venv]);
  run(join(venv, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  writeFileSync(stamp, hash);
}
