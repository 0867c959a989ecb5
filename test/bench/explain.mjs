// What a person waits for between asking for a plan and having it, beyond what the server itself takes: the request goes in, the plan with its
// insights and index suggestions has arrived. `node test/bench/explain.mjs SERVER.js [RUNS]` runs it on the sample database.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { withServer } from "./languageServer.mjs";
import { percentile } from "./process.mjs";

const sample = join(import.meta.dirname, "../../media/sample");

/** ORM queries of the sample project, with values for their parameters. */
const queries = [
  { file: "shop/repositories/products.py", line: 16, parameters: ["SKU-1"] },
  { file: "shop/repositories/products.py", line: 20, parameters: ["category-31", "20"] },
  { file: "shop/repositories/products.py", line: 30, parameters: [] },
];

/**
 * @returns {Promise<{ where: string, analyze: boolean, suggestIndexes: boolean, whole: number, server: number }[]>} ms; `server` is the
 *   planning and execution time that the plan tells
 */
export async function explains({ server, runs }) {
  const storage = await mkdtemp(join(tmpdir(), "db-optimize-bench-"));
  try {
    return await withServer(server, sample, (connection) => measure(connection, runs), { storage });
  } finally {
    await rm(storage, { recursive: true, force: true });
  }
}

async function measure(connection, runs) {
  const run = async (operation, input) => {
    const result = await connection.sendRequest("dbOptimize/run", { operation, input });
    if (!result.ok) throw new Error(`${operation}: ${result.failure.message}`);
    return result.output;
  };
  const { dsn } = await run("sampleDatabase", { action: "start" });
  const { hostname: host, port, username: user, pathname } = new URL(dsn);
  const where = { host, port: Number(port), user, database: pathname.slice(1) };
  const profile = {
    id: "sample",
    name: "Sample database",
    class: "sample",
    source: "sample",
    tls: "disable",
    connectTimeout: 10,
    statementTimeout: 30,
    ...where,
  };
  await connection.sendNotification("dbOptimize/connectionsChanged", { connections: [profile], trusted: true });
  const results = [];
  for (const { file, line, parameters } of queries) {
    const path = join(sample, file);
    const { statements } = await run("statementAt", { file: path, line });
    const { sql } = statements[0].statement;
    for (const suggestIndexes of [true, false])
      for (const analyze of [false, true])
        for (let i = 0; i < runs; i++) {
          const started = performance.now();
          const { plan } = await run("explain", { connection: "sample", sql, parameters, analyze, suggestIndexes, keep: 20 });
          const whole = performance.now() - started;
          results.push({
            where: `${file}:${line}`,
            analyze,
            suggestIndexes,
            whole,
            server: (plan.planningTimeMs ?? 0) + (plan.executionTimeMs ?? 0),
          });
        }
  }
  return results;
}

export function print(results) {
  for (const suggestIndexes of [true, false]) {
    const beyond = results.filter((one) => one.suggestIndexes === suggestIndexes).map(({ whole, server }) => whole - server);
    console.log(
      `explain on the sample ${suggestIndexes ? "with" : "without"} index suggestions, beyond the server's own time: median ${Math.round(percentile(beyond, 0.5))} ms, ` +
        `95th percentile ${Math.round(percentile(beyond, 0.95))} ms of ${beyond.length}`,
    );
  }
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1] ?? "")).href) {
  print(await explains({ server: resolve(process.argv[2]), runs: Number(process.argv[3] ?? 10) }));
}
