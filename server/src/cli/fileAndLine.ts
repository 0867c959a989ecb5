import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { OptimizerError } from "#protocol/failure";

export interface FileAndLine {
  /** Absolute. */
  readonly file: string;
  readonly line?: number;
}

/**
 * `name:12` is line 12 of `name`, unless a file is really called so.
 * @throws OptimizerError (usage) for what does not exist, and for line 0
 */
export function fileAndLine(cwd: string, given: string): FileAndLine {
  const match = /^(.+):(\d+)$/.exec(given);
  const whole = resolve(cwd, given);
  const found = match && !existsSync(whole) ? { file: resolve(cwd, match[1]!), line: Number(match[2]) } : { file: whole };
  if (!existsSync(found.file))
    throw usage(`There is no file ${found.file}.`, "Check the spelling; paths are taken from the current folder.");
  if (found.line === 0) throw usage(`${given} names line 0.`, "Lines are counted from 1.");
  return found;
}

function usage(message: string, advice: string): OptimizerError {
  return new OptimizerError({ kind: "usage", message, advice });
}
