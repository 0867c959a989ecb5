import { rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { BackendPaths, BackendTask, FromBackend, ToBackend } from "./backendMessages.js";
import { readMarker } from "./build.js";
import type { HostState } from "./control.js";
import { Gate, type GateBackend } from "./gate.js";

export interface EngineEvents {
  state(state: HostState): void;
  progress(message: string, share?: number): void;
  log(line: string): void;
}

const openPatienceMs = 180_000;
const closePatienceMs = 5_000;

/** Starts, restarts and rebuilds the backend. One worker at a time: the next starts when the last has ended. */
export class Engine implements GateBackend {
  readonly gate = new Gate(this);
  private generation = 0;
  private current: HostState = { kind: "preparing", generation: 0 };
  private worker: Worker | undefined;
  /** Raised by each restart: what an overtaken start still has to say does not count. */
  private epoch = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly script: URL,
    private readonly paths: BackendPaths,
    private readonly port: number,
    private readonly events: EngineEvents,
  ) {}

  get state(): HostState {
    return this.current;
  }

  start(): void {
    this.begin(false);
  }

  /** PGlite cannot be interrupted: cancelling ends the backend. */
  restart(): void {
    this.events.log("Restarting the backend to cancel what runs in it.");
    this.gate.lost("57014", "canceling statement due to user request", "The embedded backend was restarted.");
    this.begin(false);
  }

  reset(): void {
    this.events.log("Resetting the sample database.");
    this.gate.lost("57P01", "The sample database is being reset.");
    this.begin(true);
  }

  post(message: ToBackend): void {
    this.worker?.postMessage(message);
  }

  async shutdown(): Promise<void> {
    this.epoch++;
    this.gate.close();
    const { worker } = this;
    if (!worker) return;
    const closed = new Promise<void>((resolve) => {
      worker.on("message", (message: FromBackend) => message.type === "closed" && resolve());
      worker.on("exit", () => resolve());
    });
    this.post({ type: "shutdown" });
    // It does not answer while a statement runs, and not while it builds.
    const patience = this.current.kind === "ready" ? closePatienceMs : 0;
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, patience))]);
    await worker.terminate();
  }

  private begin(rebuild: boolean): void {
    const epoch = ++this.epoch;
    this.enter({ kind: "preparing", generation: ++this.generation });
    const ended = this.worker?.terminate();
    this.worker = undefined;
    this.last = Promise.all([this.last, ended]).then(() => this.bringUp(epoch, rebuild));
  }

  private async bringUp(epoch: number, rebuild: boolean): Promise<void> {
    if (rebuild) rmSync(this.paths.database, { recursive: true, force: true });
    try {
      const fresh = readMarker(this.paths) === undefined;
      if (fresh) await this.run(epoch, "build");
      try {
        await this.run(epoch, "serve");
      } catch (error) {
        if (fresh || epoch !== this.epoch) throw error;
        this.events.log(`The sample database could not be opened (${words(error)}); generating it anew.`);
        rmSync(this.paths.database, { recursive: true, force: true });
        await this.run(epoch, "build");
        await this.run(epoch, "serve");
      }
    } catch (error) {
      if (epoch !== this.epoch) return;
      this.events.log(`The sample database could not be started: ${words(error)}`);
      this.enter({ kind: "failed", message: words(error), generation: this.generation });
    }
  }

  /** Resolves when a build is complete, or when a server is ready: its worker stays. Rejects when the worker ends before. */
  private async run(epoch: number, task: BackendTask["task"]): Promise<void> {
    if (epoch !== this.epoch) throw new Error("overtaken");
    const worker = new Worker(this.script, { workerData: { task, paths: this.paths } satisfies BackendTask });
    this.worker = worker;
    let failure: string | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("it did not open in time")), openPatienceMs);
        worker.on("message", (message: FromBackend) => {
          if (epoch !== this.epoch) return;
          if (message.type === "failed") failure = message.message;
          if (message.type === "built" || message.type === "ready") {
            clearTimeout(timer);
            resolve();
          }
          this.handle(message);
        });
        worker.on("error", (error) => (failure ??= words(error)));
        worker.on("exit", () => {
          clearTimeout(timer);
          reject(new Error(failure ?? "its thread ended"));
          this.exited(epoch, worker, failure);
        });
      });
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    if (task === "build") await worker.terminate();
  }

  private handle(message: FromBackend): void {
    switch (message.type) {
      case "progress":
        return this.events.progress(message.message, message.share);
      case "log":
        return this.events.log(message.line);
      case "ready":
        this.enter({ kind: "ready", port: this.port, rows: message.rows, generation: this.generation });
        return this.gate.ready(message.parameters);
      default:
        return this.gate.handle(message);
    }
  }

  /** A statement can take PGlite down with it (COPY FROM STDIN does): the next client finds a new backend. */
  private exited(epoch: number, worker: Worker, failure: string | undefined): void {
    if (epoch !== this.epoch || this.worker !== worker) return;
    this.worker = undefined;
    if (this.current.kind !== "ready") return;
    this.events.log(`The backend ended unexpectedly (${failure ?? "no reason given"}); restarting it.`);
    this.gate.lost("57P02", "The embedded backend crashed while it ran this statement, and is restarted.");
    this.begin(false);
  }

  private enter(state: HostState): void {
    this.current = state;
    this.events.state(state);
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
