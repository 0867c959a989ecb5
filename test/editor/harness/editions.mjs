// The editions of code-server that this project is tried on, and what each needs beyond an installation without its own scripts.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../../..");

const ownNode = join(root, "node_modules/node");
const pinned = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")).dependencies["code-server"];

const editions = {
  // VS Code 1.139, the version of the tests. It runs on the Node that the project pins.
  "4.139.1": {
    nodePrefix: ownNode,
    native: ["@vscode/spdlog", "@vscode/native-watchdog", "node-pty"],
    outerNative: {},
    linksRipgrep: false,
    inHostOptions: ["--vscode-option", "enable-smoke-test-driver"],
  },
  // VS Code 1.100, the oldest that package.json allows. It runs on Node 20: name one with EDITOR_NODE_PREFIX (bin/ and include/ below it).
  "4.100.3": {
    nodePrefix: process.env.EDITOR_NODE_PREFIX ?? "/usr",
    native: ["@vscode/spdlog", "native-watchdog", "node-pty"],
    // argon2 expects to be built by node-pre-gyp, which would tell it these.
    outerNative: { argon2: ["--module_name=argon2", "--module_path=./lib/binding/napi-v3", "--napi_build_version=3"] },
    linksRipgrep: true,
    // Knows no such option and needs none.
    inHostOptions: [],
  },
};

/** @returns the edition that EDITOR_VERSION names, else the pinned one, with the paths of its installation */
export function chosenEdition() {
  const version = process.env.EDITOR_VERSION ?? pinned;
  const edition = editions[version];
  if (!edition) throw new Error(`EDITOR_VERSION=${version} is not known; there are ${Object.keys(editions).join(" and ")}.`);
  const folder = join(root, ".cache/editor", version);
  const server = join(folder, "node_modules/code-server");
  return {
    version,
    pinned: version === pinned,
    ...edition,
    folder,
    server,
    vscode: join(server, "lib/vscode"),
    node: join(edition.nodePrefix, "bin/node"),
    entry: join(server, "out/node/entry.js"),
    extensions: join(folder, "extensions"),
  };
}

/** The system's Chromium: code-server is looked at through it. */
export const chromiumNames = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].filter(
  Boolean,
);
