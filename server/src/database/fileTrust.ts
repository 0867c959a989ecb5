import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { TrustStore } from "./guard/trust.js";

const Contents = z.record(z.string(), z.array(z.string()));

/**
 * Trust that outlives the process: connection → hashes of definitions, as JSON. A file that cannot be read trusts nothing; one that cannot be
 * written costs only the memory of it.
 */
export function fileTrust(file: string, log: (line: string) => void): TrustStore {
  const trusted = read(file, log);
  return {
    has: (connection, hash) => trusted.get(connection)?.has(hash) ?? false,
    add: (connection, hash) => {
      const hashes = trusted.get(connection) ?? new Set();
      trusted.set(connection, hashes.add(hash));
      write(file, trusted, log);
    },
  };
}

function read(file: string, log: (line: string) => void): Map<string, Set<string>> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") log(`Trusted definitions were not read: ${String(error)}. None is trusted.`);
    return new Map();
  }
  try {
    return new Map(Object.entries(Contents.parse(JSON.parse(text))).map(([connection, hashes]) => [connection, new Set(hashes)]));
  } catch {
    log(`Trusted definitions in ${file} cannot be understood. None is trusted.`);
    return new Map();
  }
}

function write(file: string, trusted: ReadonlyMap<string, ReadonlySet<string>>, log: (line: string) => void): void {
  const contents = Object.fromEntries([...trusted].map(([connection, hashes]) => [connection, [...hashes]]));
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(contents, undefined, 1));
    renameSync(`${file}.new`, file);
  } catch (error) {
    log(`Trusted definitions were not kept: ${String(error)}. They are asked for again after a restart.`);
  }
}
