// Writes docs/images/*.png from a real VS Code with the packaged extension: `node scripts/screenshots.mjs`.
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { importTypeScript } from "./lib/importTypeScript.mjs";

const root = resolve(import.meta.dirname, "..");
const { status } = spawnSync(process.execPath, [join(root, "test/editor/prepare.mjs")], { stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
const { takeScreenshots } = await importTypeScript("test/editor/screenshots.ts");
await takeScreenshots();
