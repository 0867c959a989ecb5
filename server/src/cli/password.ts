import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { printable } from "../report/index.js";
import type { Environment } from "./environment.js";

/** Asks for a password without showing it; undefined where nobody can be asked or the line is empty. */
export function askPassword(environment: Environment, name: string, beforeAsking: () => void): Promise<string | undefined> {
  const { stdin, stderr, signal } = environment;
  if (!stdin.isTTY || !stderr.isTTY || signal.aborted) return Promise.resolve(undefined);
  beforeAsking();
  stderr.write(`Password for ${printable(name)}: `);
  // readline echoes what is typed to its output: this one swallows it.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: true });
  return new Promise((resolve) => {
    const end = (answer: string | undefined): void => {
      signal.removeEventListener("abort", cancel);
      lines.close();
      stderr.write("\n");
      resolve(answer === "" ? undefined : answer);
    };
    const cancel = (): void => end(undefined);
    signal.addEventListener("abort", cancel, { once: true });
    lines.once("SIGINT", () => {
      end(undefined);
      process.kill(process.pid, "SIGINT");
    });
    lines.question("", end);
  });
}
