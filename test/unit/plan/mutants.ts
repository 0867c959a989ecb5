import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import type { planFromJson } from "../../../server/src/plan/readPlan.js";
import type { Mutation } from "./mutations.js";

export type Reader = typeof planFromJson;

const server = resolve(import.meta.dirname, "../../../server/src");
const require = createRequire(import.meta.url);

/** The reader of plans, built from sources in which one rule is broken. Throws if the place of the rule is not there just once. */
export async function mutant({ file, from, to }: Mutation): Promise<Reader> {
  const path = resolve(server, "plan", file);
  const parts = readFileSync(path, "utf8").split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${from}`);
  const { outputFiles } = await build({
    entryPoints: [resolve(server, "plan/readPlan.ts")],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    external: ["zod"],
    alias: { "#protocol": resolve(server, "protocol") },
    plugins: [replaceFile(path, parts.join(to))],
    logLevel: "silent",
  });
  const module = { exports: {} as { planFromJson: Reader } };
  new Function("module", "exports", "require", outputFiles[0]?.text ?? "")(module, module.exports, require);
  return module.exports.planFromJson;
}

function replaceFile(path: string, contents: string): Plugin {
  return {
    name: "mutation",
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, (file) => (resolve(file.path) === path ? { contents, loader: "ts" } : undefined));
    },
  };
}
