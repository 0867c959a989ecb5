import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, openSync, closeSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OptimizerError } from "#protocol/failure";
import { lockedExitCode, openControl, type ControlConnection } from "./control.js";
import { layout } from "./layout.js";
import { judgeLock, observe, readLock, removeStale, type Verdict } from "./lock.js";

export interface AttachOptions {
  readonly dataDirectory: string;
  readonly script?: string;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

const patienceMs = 60_000;

/** Joins the host that runs on the directory, or starts one. */
export async function attach(options: AttachOptions): Promise<ControlConnection> {
  const deadline = Date.now() + patienceMs;
  let child: ChildProcess | undefined;
  for (;;) {
    if (options.signal?.aborted) throw new OptimizerError({ kind: "cancelled", message: "Starting the sample database was cancelled." });
    const connection = await joinRunning(options);
    if (connection) return connection;
    if (!child) child = startHost(options);
    else if (child.exitCode !== null || child.signalCode !== null) {
      if (child.exitCode !== lockedExitCode) throw died(child, options);
      child = undefined;
    }
    if (Date.now() > deadline) throw died(child, options);
    await pause(50);
  }
}

async function joinRunning({ dataDirectory, log }: AttachOptions): Promise<ControlConnection | undefined> {
  const path = layout(dataDirectory).lock;
  const lock = readLock(path);
  if (lock === undefined) return undefined;
  if (lock === "broken") {
    log("Removed a damaged lock file of the sample database.");
    removeStale(path, lock);
    return undefined;
  }
  const connection = await openControl(lock.port, lock.token);
  if (typeof connection === "object") return connection;
  const verdict = judgeLock(lock, observe(path, lock, connection ?? "refused", hostname()));
  if (verdict.kind === "held") throw held(verdict, dataDirectory);
  if (verdict.kind === "stale" && readLock(path) !== undefined) {
    log(`Removed the lock file of a sample database that was not shut down: ${verdict.why}.`);
    removeStale(path, lock);
  }
  return undefined;
}

function startHost({ dataDirectory, script }: AttachOptions): ChildProcess {
  const file = script ?? findScript();
  mkdirSync(dataDirectory, { recursive: true });
  const log = openSync(layout(dataDirectory).log, "w");
  try {
    // Detached: Ctrl+C in one terminal must not end a server that a window shares. It watches its owners itself.
    const child = spawn(process.execPath, [file, dataDirectory], {
      detached: true,
      stdio: ["ignore", log, log],
      windowsHide: true,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: "" },
    });
    child.on("error", () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Bundled, this code lies in dist/ or dist/chunks/; run from sources, in server/src/embedded/. */
function findScript(): string {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const places = [here, join(here, ".."), join(here, "../../../dist")].map((folder) => join(folder, "embedded.js"));
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new OptimizerError({
    kind: "internal",
    message: "The program of the sample database is missing.",
    advice: "Run `npm run build`, or install the extension again.",
  });
}

function held(verdict: Extract<Verdict, { kind: "held" }>, dataDirectory: string): OptimizerError {
  return new OptimizerError({
    kind: "unreachable",
    message: `The sample database cannot be opened: ${verdict.why}. Two processes on one data directory would destroy it.`,
    advice: `End that process, or remove ${layout(dataDirectory).lock} when you are sure that it does not run.`,
  });
}

function died(child: ChildProcess | undefined, { dataDirectory }: AttachOptions): OptimizerError {
  const { log } = layout(dataDirectory);
  const end = child?.signalCode ?? (child?.exitCode === null || !child ? "no answer" : `exit code ${child.exitCode}`);
  const tail = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-3).join(" ") : "";
  return new OptimizerError({
    kind: "unreachable",
    message: `The process of the sample database did not start (${end}). ${tail}`.trim(),
    advice: `Its log is ${log}.`,
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
