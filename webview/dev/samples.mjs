// Messages for the pages, made from EXPLAIN's own output by the product's own plan room.
import { build } from "esbuild";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "../..");

/** Node cannot run the project's TypeScript as it is written (imports end in .js): bundle, import, forget. */
async function importBundled(entry) {
  const folder = await mkdtemp(join(tmpdir(), "db-optimize-samples-"));
  try {
    const outfile = join(folder, "module.mjs");
    await build({ entryPoints: [join(root, entry)], bundle: true, format: "esm", platform: "node", outfile, logLevel: "error" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} file EXPLAIN (FORMAT JSON) output */
export async function explainMessage(file, extra = {}) {
  const { planFromJson, planInsights } = await importBundled("server/src/plan/index.ts");
  const reading = planFromJson(await readFile(file, "utf8"));
  const plan = reading.plan ?? reading;
  if (plan.insights.length === 0) plan.insights = planInsights(plan);
  return {
    type: "explain",
    analyzing: false,
    result: {
      sql: "SELECT 1",
      connection: {
        id: "sample",
        name: "sample",
        class: "sample",
        target: "postgres@127.0.0.1:5432/shop",
        state: "connected",
        serverVersion: "18.4",
      },
      plan,
      suggestions: [],
      notes: [],
      ...extra,
    },
    source: { file: "shop/reports.py", line: 42 },
  };
}
