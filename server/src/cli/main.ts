#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { exit } from "./exit.js";
import { runCli } from "./run.js";
import { saveWasmMemory } from "../workspace/index.js";

saveWasmMemory();

const interrupt = new AbortController();
let interrupts = 0;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // The first one lets running work clean up; a person who asks again wants out.
    if (++interrupts > 1) process.exit(exit.interrupted);
    interrupt.abort();
  });
}

// The reader of a pipe may leave (`| head`): there is nobody left to tell, and that is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    interrupt.abort();
  });
}

/** package.json lies beside dist/, whichever chunk this module ended up in. */
function version(): string {
  for (const place of ["../package.json", "../../package.json", "../../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")) as { name?: string; version?: string };
      if (name === "db-performance-optimizer" && version) return version;
    } catch {
      // Not there: the next place.
    }
  }
  return "unknown";
}

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interrupt.signal,
  version: version(),
});
