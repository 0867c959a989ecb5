import { OptimizerError, type Failure } from "#protocol/failure";
import { attach, findRunning } from "./attach.js";
import type { ControlConnection, HostMessage, HostState, OwnerMessage } from "./control.js";
import { layout } from "./layout.js";
import { isAlive } from "./processes.js";

export interface SampleServerOptions {
  /** Holds everything of this sample database: lock, data, log. Made when missing. */
  readonly dataDirectory: string;
  /** The bundled host process; found beside the running program when absent. */
  readonly script?: string;
  /** One line per event worth a log: starts, rebuilds, stale locks. */
  readonly log: (line: string) => void;
}

export interface SampleStatus {
  readonly running: boolean;
  /** `postgresql://…`, without a password: the server listens on the loopback interface only. */
  readonly dsn?: string;
  readonly port?: number;
  /** Rows of all tables, as counted when the database was generated. */
  readonly rows?: number;
  /** Process id of the host. */
  readonly pid?: number;
  readonly dataDirectory: string;
}

export interface SampleStartOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (message: string, share?: number) => void;
}

/**
 * The embedded sample database as one owner sees it. Any number of owners (windows, terminals) share one host process per directory;
 * it ends when the last owner lets go or dies. Methods throw `OptimizerError`.
 */
export interface SampleServer {
  /** Starts the host or joins the running one; resolves when statements can be run. The first start generates the data. */
  start(options?: SampleStartOptions): Promise<SampleStatus>;
  /** Lets go. The host ends when no other owner is left: then it resolves after its end, otherwise at once. */
  stop(): Promise<SampleStatus>;
  /** Throws the data away and generates it again, starting the host where needed; a running host keeps its port. */
  reset(options?: SampleStartOptions): Promise<SampleStatus>;
  /** As this owner has it: not running where another one started it and this one did not join. */
  status(): SampleStatus;
  /** Whether anybody runs it; starts nothing, and keeps nothing running. */
  look(): Promise<SampleStatus>;
  /**
   * Ends what runs in the backend, for everybody: PGlite cannot be interrupted, so the backend is restarted on the same port.
   * The client that held it gets SQLSTATE 57014 and a closed connection. Resolves when statements can be run again.
   */
  cancel(): Promise<void>;
  /** Called when the host went away although this owner did not let go. */
  onLost(listener: () => void): void;
}

export function createSampleServer(options: SampleServerOptions): SampleServer {
  return new Owner(options);
}

interface Held {
  readonly connection: ControlConnection;
  state: HostState | undefined;
  /** How many owners stay, once the host has answered \`leave\`. */
  others: number | undefined;
}

class Owner implements SampleServer {
  private held: Promise<Held> | undefined;
  private current: Held | undefined;
  private stops = 0;
  private readonly watchers = new Set<() => void>();
  private readonly lost = new Set<() => void>();
  private readonly progress = new Set<NonNullable<SampleStartOptions["progress"]>>();

  constructor(private readonly options: SampleServerOptions) {}

  async start(start: SampleStartOptions = {}): Promise<SampleStatus> {
    return this.withProgress(start, async () => {
      const stops = this.stops;
      try {
        await this.ready(await this.join(start.signal), 0, start.signal);
      } catch (error) {
        // Once more where the host went away meanwhile: it may have lost a race for the lock, or been killed.
        if (this.current || this.stops !== stops || start.signal?.aborted || !(error instanceof HostLost)) throw error;
        await this.ready(await this.join(start.signal), 0, start.signal);
      }
      return this.status();
    });
  }

  async stop(): Promise<SampleStatus> {
    this.stops++;
    const held = this.current ?? (await this.held?.catch(() => undefined));
    this.forget();
    if (held) await leave(held);
    return this.status();
  }

  async reset(start: SampleStartOptions = {}): Promise<SampleStatus> {
    return this.withProgress(start, async () => {
      await this.renew(await this.join(start.signal), { type: "reset" }, start.signal);
      return this.status();
    });
  }

  status(): SampleStatus {
    return statusOf(this.current?.state, this.current?.connection.pid, this.options.dataDirectory);
  }

  async look(): Promise<SampleStatus> {
    if (this.held) return this.status();
    const found = await findRunning(this.options);
    if (!found) return this.status();
    const state = await firstState(found);
    found.close();
    return statusOf(state, found.pid, this.options.dataDirectory);
  }

  async cancel(): Promise<void> {
    if (this.current) await this.renew(this.current, { type: "cancel" });
  }

  onLost(listener: () => void): void {
    this.lost.add(listener);
  }

  private join(signal?: AbortSignal): Promise<Held> {
    this.held ??= attach({ ...this.options, signal }).then(
      (connection) => this.hold(connection),
      (error: unknown) => {
        this.held = undefined;
        throw error;
      },
    );
    return this.held;
  }

  private hold(connection: ControlConnection): Held {
    const held: Held = { connection, state: undefined, others: undefined };
    this.current = held;
    connection.listen(
      (message) => this.receive(held, message),
      () => this.closed(held),
    );
    return held;
  }

  private receive(held: Held, message: HostMessage): void {
    if (message.type === "left") held.others = message.others;
    if (message.type === "log") this.options.log(message.line);
    if (message.type === "progress") for (const listener of this.progress) listener(message.message, message.share);
    if (message.type !== "state") return;
    held.state = message.state;
    this.wake();
  }

  private closed(held: Held): void {
    if (this.current !== held) return;
    this.forget();
    for (const listener of this.lost) listener();
  }

  private forget(): void {
    this.current = undefined;
    this.held = undefined;
    this.wake();
  }

  private wake(): void {
    for (const watcher of [...this.watchers]) watcher();
  }

  /** Asks for a new backend and waits for it. */
  private async renew(held: Held, message: OwnerMessage, signal?: AbortSignal): Promise<void> {
    await this.until(held, (state) => state !== undefined, signal);
    const generation = (held.state?.generation ?? 0) + 1;
    held.connection.send(message);
    await this.ready(held, generation, signal);
  }

  private async ready(held: Held, generation: number, signal?: AbortSignal): Promise<void> {
    const settled = (state: HostState | undefined): boolean =>
      state !== undefined && state.generation >= generation && state.kind !== "preparing";
    await this.until(held, settled, signal);
    if (held.state?.kind === "failed") throw new OptimizerError(failure(held.state.message, this.options.dataDirectory));
  }

  private until(held: Held, done: (state: HostState | undefined) => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (finish: () => void): void => {
        this.watchers.delete(check);
        signal?.removeEventListener("abort", check);
        finish();
      };
      const check = (): void => {
        if (signal?.aborted) end(() => reject(cancelled()));
        else if (this.current !== held) end(() => reject(new HostLost(failure("its process ended", this.options.dataDirectory))));
        else if (done(held.state)) end(resolve);
      };
      this.watchers.add(check);
      signal?.addEventListener("abort", check);
      check();
    });
  }

  private async withProgress<T>({ progress }: SampleStartOptions, run: () => Promise<T>): Promise<T> {
    if (progress) this.progress.add(progress);
    try {
      return await run();
    } finally {
      if (progress) this.progress.delete(progress);
    }
  }
}

function statusOf(state: HostState | undefined, pid: number | undefined, dataDirectory: string): SampleStatus {
  if (state?.kind !== "ready") return { running: false, dataDirectory };
  const dsn = `postgresql://postgres@127.0.0.1:${state.port}/postgres?sslmode=disable`;
  return { running: true, dsn, port: state.port, rows: state.rows, pid, dataDirectory };
}

/** What the host says right after its greeting; undefined when it ends instead. */
function firstState(connection: ControlConnection): Promise<HostState | undefined> {
  return new Promise((resolve) => {
    connection.listen(
      (message) => message.type === "state" && resolve(message.state),
      () => resolve(undefined),
    );
  });
}

const leavePatienceMs = 15_000;

/** Lets go; waits for the end of the process where nobody else keeps it. */
async function leave(held: Held): Promise<void> {
  held.connection.send({ type: "leave" });
  const deadline = Date.now() + leavePatienceMs;
  while (held.others === undefined && isAlive(held.connection.pid) && Date.now() < deadline) await pause(20);
  held.connection.close();
  while (!held.others && isAlive(held.connection.pid) && Date.now() < deadline) await pause(20);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function cancelled(): OptimizerError {
  return new OptimizerError({ kind: "cancelled", message: "Starting the sample database was cancelled." });
}

class HostLost extends OptimizerError {}

function failure(why: string, dataDirectory: string): Failure {
  return {
    kind: "unreachable",
    message: `The sample database could not be started: ${why}.`,
    advice: `Its log is ${layout(dataDirectory).log}. Reset the sample database, or choose another folder for it.`,
  };
}
