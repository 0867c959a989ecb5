// Prints how each program fares: `node test/truth/report.mjs [topic or topic/name] [--version 2.0] [--truth] [--details] [--write-open]`.
// --truth asks only whether the programs do what their marks say, not the checker; --details says what was missed, is too much or went wrong; --write-open rewrites programs/open.json from what was seen (all topics only).
import { join } from "node:path";
import { runnerImport } from "vite";

const { module } = await runnerImport(join(import.meta.dirname, "report.ts"), { configFile: false, logLevel: "error" });
process.exitCode = await module.report(process.argv.slice(2));
