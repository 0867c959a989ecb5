// Prints how each program fares: `node test/truth/report.mjs [topic or topic/name] [--version 2.0] [--truth] [--details] [--write-open]`.
// --truth asks only whether the programs do what their marks say, not the checker; --details says what was missed, is too much or went wrong; --write-open rewrites programs/open.json from what was seen (all topics only).
import { join } from "node:path";
import { runnerImport } from "vite";

const load = async (file) => (await runnerImport(join(import.meta.dirname, file), { configFile: false, logLevel: "error" })).module;
const { report } = await load("report.ts");
process.exitCode = await report(process.argv.slice(2), () => load("verdict.ts"));
