import * as vscode from "vscode";
import type { ConnectionStatus } from "#protocol/connection";
import type { OperationInput, OperationName, OperationOutput } from "#protocol/operations";
import { OperationFailed } from "./failure.js";
import type { Work } from "./work.js";

/** A message for a person and, where it is known, how much is done, in percent. */
export type ReportProgress = (message: string | undefined, percentage?: number) => void;

/** The running language client, as far as the features need it. */
export interface Running {
  run(operation: string, input: unknown, token: vscode.CancellationToken, progress: ReportProgress): Promise<unknown>;
  stop(): Promise<void>;
}

export interface RunOptions {
  readonly token?: vscode.CancellationToken;
  /** Shown in the status bar while it runs and, with `notify`, as a notification with a cancel button. */
  readonly title?: string;
  readonly notify?: boolean;
}

export type StartServer = (server: Server) => Promise<Running>;

/**
 * The language server as the features see it. It starts beside activation, not within it: whoever needs it waits for it, and when it could
 * not start everybody gets the reason.
 */
export class Server {
  #running: Promise<Running> | undefined;
  readonly #status = new vscode.EventEmitter<ConnectionStatus>();
  readonly #started = new vscode.EventEmitter<void>();
  readonly onConnectionStatus = this.#status.event;
  /** Started, or started again: what was told to an earlier server must be told again. */
  readonly onStarted = this.#started.event;

  constructor(
    private readonly startServer: StartServer,
    private readonly work: Work,
  ) {}

  start(): Promise<Running> {
    this.#running ??= this.#start();
    return this.#running;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    // One that never came up needs no stopping; its error was told to whoever waited for it.
    const client = await running?.catch(() => undefined);
    await client?.stop();
  }

  statusArrived(status: ConnectionStatus): void {
    this.#status.fire(status);
  }

  /** @throws OperationFailed with the server's reason, or `cancelled`. */
  async run<N extends OperationName>(operation: N, input: OperationInput<N>, options: RunOptions = {}): Promise<OperationOutput<N>> {
    const call = (token: vscode.CancellationToken, progress: ReportProgress) => this.#call(operation, input, token, progress);
    if (!options.title) return call(options.token ?? none, () => undefined);
    const { title } = options;
    return this.work.during(title, () => (options.notify ? notified(title, call) : call(options.token ?? none, () => undefined)));
  }

  async #call<N extends OperationName>(
    operation: N,
    input: OperationInput<N>,
    token: vscode.CancellationToken,
    progress: ReportProgress,
  ): Promise<OperationOutput<N>> {
    const running = await this.start();
    if (token.isCancellationRequested) throw new OperationFailed({ kind: "cancelled", message: vscode.l10n.t("Cancelled.") });
    return (await running.run(operation, input, token, progress)) as OperationOutput<N>;
  }

  async #start(): Promise<Running> {
    try {
      const running = await this.startServer(this);
      this.#started.fire();
      return running;
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
  }
}

const none = new vscode.CancellationTokenSource().token;

/** A notification with a cancel button, shown only when the work takes longer than half a second. */
async function notified<T>(title: string, call: (token: vscode.CancellationToken, progress: ReportProgress) => Promise<T>): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  let report: ReportProgress = () => undefined;
  const result = call(source.token, (message, percentage) => report(message, percentage));
  const settled = result.then(
    () => undefined,
    () => undefined,
  );
  const timer = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (progress, token) => {
      token.onCancellationRequested(() => source.cancel());
      let done = 0;
      report = (message, percentage) => {
        const increment = percentage === undefined ? undefined : Math.max(0, percentage - done);
        done += increment ?? 0;
        progress.report({ message, increment });
      };
      return settled;
    });
  }, 500);
  try {
    return await result;
  } finally {
    clearTimeout(timer);
    source.dispose();
  }
}
