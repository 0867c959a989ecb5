import type { Duplex } from "node:stream";
import { types, type Client } from "pg";
import { OptimizerError } from "#protocol/failure";
import { requestCancel } from "./connect/cancel.js";
import { lost, statementFailure } from "./connect/failures.js";
import { cancelled, type OpenClient } from "./connect/open.js";
import { targetOf, type ConnectionParameters } from "./connect/parameters.js";

/** How a running statement is stopped when a cancel request does not end it. */
export type Terminate = (processId: number) => Promise<void>;

/** What a lease allows while it lasts. */
export interface Limits {
  readonly signal: AbortSignal;
  readonly statementTimeoutSeconds: number;
}

export type Row = Readonly<Record<string, unknown>>;
export type Value = string | number | boolean | null | readonly (string | null)[] | readonly string[] | readonly number[];

/** JSON stays text: EXPLAIN's output is handed on as the server sent it, digits and all. */
const asSent = {
  getTypeParser: ((oid, format) => (oid === jsonOid ? String : types.getTypeParser(oid, format))) as typeof types.getTypeParser,
};
const jsonOid = 114;

/** Stands in all that this tool sends, so that administrators and our own reading of pg_stat_statements tell it from the application's. */
export const ownMark = "/* db-optimize */";

const cancelGraceMs = 2_000;
/** Over the server's own statement timeout: after this the server is held to be hung. */
const hangGraceMs = 5_000;

/** More than any plan or catalog has. A folded constant can be 1 GB long, and a text of half of that breaks the process that receives it. */
const mostBytes = 128 * 1024 * 1024;

/** One server process behind one socket. Statements run one after the other; text goes out by the extended protocol only. */
export class Backend {
  private broken = false;
  private limits: Limits | undefined;
  readonly target: string;

  constructor(
    private readonly open: OpenClient,
    private readonly parameters: ConnectionParameters,
    private readonly terminate: Terminate,
    /** Set for the embedded server, which knows no cancel: ending its process is the only way. */
    private readonly cancelSample?: () => Promise<void>,
  ) {
    this.target = targetOf(parameters);
    this.client.once("error", () => (this.broken = true));
    this.client.once("end", () => (this.broken = true));
  }

  private get client(): Client {
    return this.open.client;
  }

  /** False once the socket is gone or a statement had to be stopped: such a backend is closed, never leased again. */
  get usable(): boolean {
    return !this.broken;
  }

  /** Not to be leased again, though it still works: it holds something that only its end takes away. */
  retire(): void {
    this.broken = true;
  }

  /** As it was told when the connection was made; a pooler makes one up for each of its clients, by which it knows whom to cancel. */
  get clientProcessId(): number {
    return (this.client as Client & { processID: number | null }).processID ?? 0;
  }

  /** The server process that works for the transaction that is open; behind a pooler it is another one for the next. */
  serverProcessId: number | undefined;

  begin(limits: Limits): void {
    this.limits = limits;
  }

  /**
   * Runs one statement. The text is this room's own, or has passed the guard.
   * @throws OptimizerError: cancelled, timed out, refused by the server, or the connection is gone.
   */
  async query(text: string, values: readonly Value[] = []): Promise<Row[]> {
    const { limits } = this;
    if (!limits) throw new Error("a backend was used outside of its lease");
    if (limits.signal.aborted) throw cancelled();
    if (this.broken) throw lost(this.target);
    const running = this.send(text, values);
    const watch = this.watch(running, limits);
    try {
      return await Promise.race([running, watch.broke]);
    } catch (error) {
      if (limits.signal.aborted) throw cancelled();
      // Stopping it made the error: what matters is why it had to be stopped.
      throw watch.stoppedFor() ?? statementFailure(error, this.target, limits.statementTimeoutSeconds);
    } finally {
      await watch.end();
    }
  }

  private async send(text: string, values: readonly Value[]): Promise<Row[]> {
    const config = { text: marked(text), values: [...values], queryMode: "extended", types: asSent };
    const result = await this.client.query(config);
    return result.rows as Row[];
  }

  /** Stops the statement when the signal says so or the server hangs. `broke` rejects when even that did not end it. */
  private watch(running: Promise<unknown>, limits: Limits) {
    let stopping: Promise<void> | undefined;
    let stoppedFor: OptimizerError | undefined;
    let giveUp: (error: Error) => void = () => undefined;
    const broke = new Promise<never>((_, reject) => (giveUp = reject));
    broke.catch(() => undefined);
    const ended = running.then(
      () => true,
      () => true,
    );
    const stop = (reason: OptimizerError) => {
      stoppedFor ??= reason;
      stopping ??= this.stop(ended).then((done) => {
        if (!done) giveUp(reason);
      });
    };
    const onAbort = () => stop(cancelled());
    limits.signal.addEventListener("abort", onAbort, { once: true });
    const { stream } = this;
    let received = 0;
    const onData = (chunk: Buffer) => {
      received += chunk.length;
      if (received <= mostBytes) return;
      giveUp(tooLong(this.target));
      this.destroy();
    };
    stream.on("data", onData);
    const hang = setTimeout(() => stop(hung(this.target, limits)), limits.statementTimeoutSeconds * 1000 + hangGraceMs);
    const end = async () => {
      clearTimeout(hang);
      stream.off("data", onData);
      limits.signal.removeEventListener("abort", onAbort);
      await stopping;
    };
    return { broke, end, stoppedFor: () => stoppedFor };
  }

  /** Cancel, then terminate, then drop the socket. True when the statement ended by the first two. */
  private async stop(ended: Promise<boolean>): Promise<boolean> {
    this.broken = true;
    const within = (ms: number) => Promise.race([ended, delay(ms)]);
    const steps = this.cancelSample ? [this.cancelSample] : [() => this.cancel(), () => this.cancel(), () => this.end()];
    for (const step of steps) {
      await step().catch(() => undefined); // the next step is harder; the last one drops the socket
      if (await within(cancelGraceMs)) return true;
    }
    this.destroy();
    return false;
  }

  private cancel(): Promise<void> {
    const secretKey = (this.client as Client & { secretKey: number | null }).secretKey ?? 0;
    const { host, port } = this.parameters;
    return requestCancel({ host, port, processId: this.clientProcessId, secretKey, tls: this.open.tls }, cancelGraceMs);
  }

  /** Only of a process that is known to be ours: behind a pooler another client's work may follow in it. */
  private async end(): Promise<void> {
    if (this.serverProcessId !== undefined) await this.terminate(this.serverProcessId);
  }

  private get stream(): Duplex {
    return (this.client as Client & { connection: { stream: Duplex } }).connection.stream;
  }

  private destroy(): void {
    this.broken = true;
    this.stream.destroy();
  }

  /** Says goodbye, and after a moment drops the socket. */
  async close(): Promise<void> {
    this.broken = true;
    const bye = this.client.end().then(
      () => true,
      () => true,
    );
    if (!(await Promise.race([bye, delay(cancelGraceMs)]))) this.destroy();
  }
}

/** After the first word: servers cut off what stands before it when they keep a statement's text. */
function marked(text: string): string {
  const word = /^\s*\w+/.exec(text)?.[0] ?? "";
  return `${word} ${ownMark}${text.slice(word.length)}`;
}

function hung(target: string, limits: Limits): OptimizerError {
  return new OptimizerError({
    kind: "unreachable",
    message: `${target} gave no answer for ${limits.statementTimeoutSeconds + hangGraceMs / 1000} s; the connection was dropped.`,
    advice: "Check the server and the network, then try again; the next request connects anew.",
  });
}

function tooLong(target: string): OptimizerError {
  return new OptimizerError({
    kind: "database",
    message: `The answer of ${target} is longer than ${mostBytes / 1024 / 1024} MB; the connection was dropped.`,
    advice: "Leave out constants that grow so large, such as repeat(…): a plan shows them in full.",
  });
}

function delay(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}
