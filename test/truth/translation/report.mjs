// Prints how the translator fares: `node test/truth/translation/report.mjs [file or its beginning] [--version 2.0] [--truth] [--details] [--write-refused]`.
// --truth asks only real SQLAlchemy, not the translator; --details shows what is wrong and refused, with both statements;
// --write-refused rewrites refused.json and absent.json from what was seen (all files and versions only).
import { join } from "node:path";
import { runnerImport } from "vite";

const load = async (file) => (await runnerImport(join(import.meta.dirname, file), { configFile: false, logLevel: "error" })).module;
const { report } = await load("report.ts");
process.exitCode = await report(process.argv.slice(2), () => load("translator.ts"));
