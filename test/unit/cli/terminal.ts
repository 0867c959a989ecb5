import { PassThrough, Writable } from "node:stream";
import type { Environment } from "../../../server/src/cli/environment.js";
import { runCli } from "../../../server/src/cli/run.js";
import { makeTree } from "../workspace/tree.js";

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Terminal extends Partial<Pick<Environment, "cwd" | "env" | "signal">> {
  readonly input?: string;
  /** Somebody sits before it. */
  readonly isTTY?: boolean;
}

/** Runs a command line as a process would, with streams that are kept. */
export async function run(args: readonly string[], { input = "", isTTY = false, ...given }: Terminal = {}): Promise<Run> {
  const [out, err] = [new Kept(isTTY), new Kept(isTTY)];
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.end(input);
  const cache = makeTree({});
  const code = await runCli(args, {
    cwd: cache,
    signal: new AbortController().signal,
    ...given,
    env: { XDG_CACHE_HOME: cache, ...given.env },
    version: "1.2.3",
    stdin,
    stdout: out,
    stderr: err,
  });
  return { code, out: out.text, err: err.text };
}

class Kept extends Writable {
  text = "";

  constructor(readonly isTTY: boolean) {
    super();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
