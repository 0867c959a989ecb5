// Prints how much of real projects is translated: `node test/truth/translation/projects.mjs FOLDER[@VERSION]... [--reasons 15] [--sample 5] [--seed 1] [--json FILE]`.
// VERSION is the SQLAlchemy that the project is written for (1.4, 2.0, 2.1; 2.0 where it is not said). Tests and migrations are left out.
// --reasons: how many reasons of refusals are listed; --sample: that many translations with their code; --json: everything, to look through.
import { join } from "node:path";
import { runnerImport } from "vite";

const { module } = await runnerImport(join(import.meta.dirname, "projects.ts"), { configFile: false, logLevel: "error" });
await module.projects(process.argv.slice(2));
