import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, openSync, closeSync, readFileSync, statSync } from "node:fs";
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
/** A host that is just shutting down no longer answers, and still has its lock. */
const heldPatienceMs = 10_000;

/** Joins the host that runs on the directory, or starts one. */
export async function attach(options: AttachOptions): Promise<ControlConnection> {
  prepareFolder(options.dataDirectory);
  const deadline = Date.now() + patienceMs;
  const heldDeadline = Date.now() + heldPatienceMs;
  let child: Host | undefined;
  for (;;) {
    if (options.signal?.aborted) throw new OptimizerError({ kind: "cancelled", message: "Starting the sample database was cancelled." });
    const found = await joinRunning(options);
    if (found && "pid" in found) return found;
    if (found) {
      if (Date.now() > heldDeadline) throw held(found, options.dataDirectory);
      await pause(100);
      continue;
    }
    child ??= startHost(options);
    const end = child.ended();
    if (end === lockedExitCode) child = undefined;
    else if (end !== undefined) throw died(String(end), options);
    if (Date.now() > deadline) throw died("no answer", options);
    await pause(50);
  }
}

/** The host that runs on the directory; undefined when there is none that answers. */
export async function findRunning({ dataDirectory }: Pick<AttachOptions, "dataDirectory">): Promise<ControlConnection | undefined> {
  const lock = readLock(layout(dataDirectory).lock);
  if (lock === undefined || lock === "broken") return undefined;
  const connection = await openControl(lock.port, lock.token);
  return typeof connection === "object" ? connection : undefined;
}

type Held = Extract<Verdict, { kind: "held" }>;

/** Undefined when no host runs: a stale lock is out of the way then. */
async function joinRunning({ dataDirectory, log }: AttachOptions): Promise<ControlConnection | Held | undefined> {
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
  if (verdict.kind === "held") return verdict;
  if (verdict.kind === "stale" && readLock(path) !== undefined) {
    log(`Removed the lock file of a sample database that was not shut down: ${verdict.why}.`);
    removeStale(path, lock);
  }
  return undefined;
}

interface Host {
  /** Exit code, or signal, or why it could not be run; undefined while it runs. */
  ended(): number | string | undefined;
}

function startHost({ dataDirectory, script }: AttachOptions): Host {
  const file = script ?? findScript();
  const log = openLog(dataDirectory);
  let failure: string | undefined;
  try {
    // Detached: Ctrl+C in one terminal must not end a server that a window shares. It watches its owners itself.
    const child = spawn(process.execPath, [file, dataDirectory], {
      detached: true,
      stdio: ["ignore", log, log],
      windowsHide: true,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: "" },
    });
    child.on("error", (error) => (failure = error.message));
    child.unref();
    return { ended: () => failure ?? child.signalCode ?? child.exitCode ?? undefined };
  } finally {
    closeSync(log);
  }
}

const longestLog = 1_000_000;

function openLog(dataDirectory: string): number {
  const { log } = layout(dataDirectory);
  const long = existsSync(log) && statSync(log).size > longestLog;
  return openSync(log, long ? "w" : "a");
}

function prepareFolder(dataDirectory: string): void {
  try {
    mkdirSync(dataDirectory, { recursive: true });
    accessSync(dataDirectory, constants.W_OK);
  } catch (error) {
    throw new OptimizerError({
      kind: "unreachable",
      message: `The sample database needs a folder that it can write to, and cannot use ${dataDirectory}: ${words(error)}.`,
      advice: "Mend the folder's permissions, or choose another one.",
    });
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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

function held(verdict: Held, dataDirectory: string): OptimizerError {
  return new OptimizerError({
    kind: "unreachable",
    message: `The sample database cannot be opened: ${verdict.why}. Two processes on one data directory would destroy it.`,
    advice: `End that process, or remove ${layout(dataDirectory).lock} when you are sure that it does not run.`,
  });
}

function died(end: string, { dataDirectory }: AttachOptions): OptimizerError {
  const { log } = layout(dataDirectory);
  const tail = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-3).join(" ") : "";
  return new OptimizerError({
    kind: "unreachable",
    message: `The process of the sample database ended early (${end}). ${tail}`.trim(),
    advice: `Its log is ${log}.`,
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
