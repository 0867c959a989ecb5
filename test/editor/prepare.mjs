// Prepares a real VS Code (code-server) with the packaged extension in it, once, under .cache/editor/<version>. EDITOR_VERSION chooses another.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { chosenEdition, chromiumNames, root } from "./harness/editions.mjs";

const edition = chosenEdition();

function say(text) {
  console.log(`Editor tests: ${text}`);
}

function fail(text) {
  console.error(`Editor tests: ${text}`);
  process.exit(1);
}

/** Output is kept back and shown only when the command fails. */
function run(command, args, { cwd = root, env = {} } = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 64 << 20,
    timeout: 900_000,
  });
  if (status === 0) return stdout;
  console.error(`${stdout ?? ""}\n${stderr ?? ""}`.trim().split("\n").slice(-40).join("\n"));
  return fail(`failed in ${cwd}: ${[command, ...args].join(" ")}${error ? ` (${error.message})` : ""}`);
}

/** Packages of Debian and its kin, where we may install them; else the commands to do so. */
function installPackages(what, names) {
  const commands = [
    ["apt-get", ["update"]],
    ["apt-get", ["install", "--yes", "--no-install-recommends", ...names]],
  ];
  const missing = spawnSync("apt-get", ["--version"]).error ?? process.getuid?.() !== 0;
  if (missing) {
    const written = commands.map(([command, args]) => `  sudo ${command} ${args.join(" ")}`).join("\n");
    fail(`${what} is missing and cannot be installed from here. Run:\n${written}\nand start the tests again.`);
  }
  say(`installing ${names.join(", ")} ...`);
  for (const [command, args] of commands) run(command, args, { env: { DEBIAN_FRONTEND: "noninteractive" } });
}

function needChromium() {
  if (chromiumNames.some((name) => existsSync(name))) return;
  installPackages("Chromium (or CHROMIUM=/path/to/it)", ["chromium"]);
}

function needCompilers() {
  const missing = [
    ["g++", "g++"],
    ["make", "make"],
    ["python3", "python3"],
  ].filter(([command]) => spawnSync(command, ["--version"]).error);
  if (missing.length > 0)
    installPackages(
      `A compiler for native modules (${missing.join(", ")})`,
      missing.map(([, name]) => name),
    );
}

/** npm under `npm run` is told by npm itself; else the one on the path. */
function npm(args, cwd) {
  const script = process.env.npm_execpath;
  if (script?.endsWith(".js")) return run(process.execPath, [script, ...args], { cwd });
  return run("npm", args, { cwd });
}

function nodeGyp() {
  const beside = process.env.npm_execpath && join(dirname(process.env.npm_execpath), "../node_modules/node-gyp/bin/node-gyp.js");
  if (beside && existsSync(beside)) return beside;
  return join(npm(["root", "--global"], root).trim(), "npm/node_modules/node-gyp/bin/node-gyp.js");
}

/**
 * Where include/node lies. The npm package `node` puts it into a package beneath its own, which a later `npm install` removes again: then
 * that package is fetched for ourselves.
 */
function headersPrefix() {
  const name = `node-${process.platform}-${process.arch}`;
  const has = (prefix) => existsSync(join(prefix, "include/node/node.h"));
  const beneath = join(edition.nodePrefix, "node_modules", name);
  const near = [edition.nodePrefix, beneath].find(has);
  if (near) return near;
  const version = run(edition.node, ["--version"]).trim().slice(1);
  const folder = join(root, ".cache/editor", `headers-${version}`);
  const fetched = join(folder, "node_modules", name);
  if (!has(fetched)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
    npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", `${name}@${version}`], folder);
  }
  return has(fetched) ? fetched : fail(`the headers of Node ${version} are not in the npm package ${name}.`);
}

/** What an installation depends on; another value makes it anew. */
function installationKey() {
  const parts = [edition.version, process.platform, process.arch, readFileSync(import.meta.filename, "utf8")];
  if (edition.pinned) parts.push(readFileSync(join(import.meta.dirname, "package-lock.json"), "utf8"));
  parts.push(spawnSync(edition.node, ["--version"], { encoding: "utf8" }).stdout ?? fail(`there is no Node at ${edition.node}.`));
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

function installServer() {
  const stamp = join(edition.folder, "prepared.sha256");
  const key = installationKey();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  needCompilers();
  rmSync(edition.folder, { recursive: true, force: true });
  mkdirSync(edition.folder, { recursive: true });
  say(`installing code-server ${edition.version} into .cache/editor (once, about a minute) ...`);
  // Its own install script needs the internet: nothing is run, and the few native modules that matter are built below.
  if (edition.pinned) {
    for (const name of ["package.json", "package-lock.json", ".npmrc"]) cpSync(join(import.meta.dirname, name), join(edition.folder, name));
    npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], edition.folder);
  } else {
    writeFileSync(join(edition.folder, "package.json"), JSON.stringify({ private: true }));
    npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", `code-server@${edition.version}`], edition.folder);
  }
  npm(["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], edition.vscode);
  say("building its native modules ...");
  const gyp = nodeGyp();
  const headers = headersPrefix();
  const inner = edition.native.map((name) => [join(edition.vscode, "node_modules", name), []]);
  const outer = Object.entries(edition.outerNative).map(([name, args]) => [nearestModule(edition.server, name), args]);
  for (const [cwd, args] of [...inner, ...outer])
    if (existsSync(join(cwd, "binding.gyp")))
      run(process.execPath, [gyp, "rebuild", `--nodedir=${headers}`, ...args.map((word) => word.replace("=.", `=${cwd}`))], { cwd });
  if (edition.linksRipgrep) linkRipgrep();
  writeFileSync(stamp, key);
}

function nearestModule(folder, name) {
  const inside = join(folder, "node_modules", name);
  return existsSync(inside) ? inside : join(dirname(folder), name);
}

function linkRipgrep() {
  const path = spawnSync("sh", ["-c", "command -v rg"], { encoding: "utf8" }).stdout.trim();
  if (!path) return installPackages("ripgrep", ["ripgrep"]);
  const bin = join(edition.vscode, "node_modules/@vscode/ripgrep/bin");
  mkdirSync(bin, { recursive: true });
  rmSync(join(bin, "rg"), { force: true });
  symlinkSync(path, join(bin, "rg"));
}

/** Packs the extension, unless EDITOR_VSIX names a package that is to be tried as it is. */
function packed() {
  if (process.env.EDITOR_VSIX) return process.env.EDITOR_VSIX;
  say("packing the extension ...");
  run(process.execPath, [join(root, "scripts/package.mjs")]);
  const name = readdirSync(root).find((file) => file.endsWith(".vsix")) ?? fail("scripts/package.mjs left no .vsix file.");
  return join(root, name);
}

/** The packaged extension as a user would install it. */
function installExtension() {
  const vsix = packed();
  const hash = createHash("sha256").update(readFileSync(vsix)).digest("hex");
  const stamp = join(edition.folder, "extension.sha256");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  rmSync(edition.extensions, { recursive: true, force: true });
  const folders = ["--extensions-dir", edition.extensions, "--user-data-dir", join(edition.folder, "install-data")];
  run(edition.node, [edition.entry, ...folders, "--install-extension", vsix]);
  writeFileSync(stamp, hash);
}

needChromium();
installServer();
installExtension();
