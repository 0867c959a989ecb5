import { homedir } from "node:os";
import { join } from "node:path";
import type { OperationName } from "#protocol/operations";
import { coloured, plain, type Style } from "../report/index.js";
import { noHistory } from "../history/index.js";
import { createWorkspace, type Workspace } from "../workspace/index.js";
import { runOperation, type OperationContext, type RunInput, type RunOutput } from "../operations/index.js";
import { openConnections, type ConnectionChoice } from "./connection.js";
import { askOnTerminal } from "./consent.js";
import { type Environment, wantsColour, write } from "./environment.js";
import { startProgress } from "./progress.js";

/** What a command works with; everything in it is closed when the command ends. */
export interface Session {
  readonly workspace: Workspace;
  readonly context: OperationContext;
  readonly style: Style;
  /** The id of the connection that the command line chose. */
  connect(): Promise<string>;
  run<N extends OperationName>(name: N, input: RunInput<N>): Promise<RunOutput<N>>;
  /** To standard output: the result. */
  print(text: string): Promise<void>;
  /** To standard error: what a person should know beside the result. */
  note(text: string): Promise<void>;
}

export interface SessionOptions {
  readonly folders?: readonly string[];
  readonly cache?: boolean;
  readonly connection?: ConnectionChoice;
}

export async function withSession<T>(environment: Environment, options: SessionOptions, use: (session: Session) => Promise<T>): Promise<T> {
  const style = wantsColour(environment) ? coloured : plain;
  const progress = startProgress(environment);
  const note = async (text: string): Promise<void> => {
    progress.end();
    await write(environment.stderr, `${text}\n`);
  };
  const consent = askOnTerminal(environment, progress.end);
  const workspace = await createWorkspace({
    folders: options.folders ?? [],
    ...(options.cache === false ? {} : { cacheDirectory: cacheDirectory(environment) }),
    log: () => undefined,
  });
  const { connections, sample, connect } = openConnections(options.connection, environment, progress.end);
  const context: OperationContext = {
    ...{ workspace, connections, sample, consent },
    // What a command explains is in its output: keeping it is for its caller to decide.
    history: noHistory,
    signal: environment.signal,
    now: () => new Date(),
    progress: progress.report,
  };
  try {
    return await use({
      ...{ workspace, context, style, note },
      connect: () => connect(progress.report),
      run: (name, input) => runOperation(name, input, context),
      print: async (text) => {
        progress.end();
        await write(environment.stdout, `${text}\n`);
      },
    });
  } finally {
    progress.end();
    await Promise.allSettled([workspace.dispose(), connections.close().then(() => sample.stop())]);
  }
}

function cacheDirectory({ env }: Environment): string {
  const home = homedir();
  if (env["XDG_CACHE_HOME"]) return join(env["XDG_CACHE_HOME"], "db-optimize");
  if (process.platform === "darwin") return join(home, "Library", "Caches", "db-optimize");
  if (process.platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "db-optimize", "cache");
  return join(home, ".cache", "db-optimize");
}
