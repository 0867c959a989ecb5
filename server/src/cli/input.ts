import { OptimizerError } from "#protocol/failure";
import type { Environment } from "./environment.js";

/**
 * What stands on standard input.
 * @param megabytes are the most that is taken: a file that was piped in by mistake shall not fill the memory
 * @throws OptimizerError (usage) with the advice where there is more
 */
export async function readInput({ stdin }: Environment, megabytes: number, advice: string): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    // Put together as bytes: a character may be cut in two between chunks.
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += part.length;
    if (length > megabytes * 1024 ** 2) {
      throw new OptimizerError({ kind: "usage", message: `Standard input is longer than ${megabytes} MB.`, advice });
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
