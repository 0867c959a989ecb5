// Messages for the pages, made from EXPLAIN's own output by the product's own plan room.
import { readFile } from "node:fs/promises";
import { importTypeScript } from "../../scripts/lib/importTypeScript.mjs";

let planRoom;

/** @param {string} file EXPLAIN (FORMAT JSON) output */
export async function explainMessage(file, extra = {}) {
  return explainSource(await readFile(file, "utf8"), extra);
}

/** @param {string} source EXPLAIN (FORMAT JSON) output */
export async function explainSource(source, extra = {}) {
  const { initSql, planFromJson, planInsights } = await (planRoom ??= importTypeScript("webview/dev/planRoom.mjs"));
  await initSql();
  const reading = planFromJson(source);
  const plan = reading.plan ?? reading;
  if (plan.insights.length === 0) plan.insights = planInsights(plan);
  return {
    type: "explain",
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
