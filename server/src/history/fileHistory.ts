import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { KeptRun } from "#protocol/history";
import type { NewRun, PlanHistory } from "./planHistory.js";

/** Of all statements together, so that a long life in a busy editor does not fill the disk. */
export interface Bounds {
  readonly runs: number;
  /** Of the packed plans. */
  readonly bytes: number;
}
const defaults: Bounds = { runs: 2000, bytes: 200 * 1024 ** 2 };

const pack = promisify(gzip);
const unpack = promisify(gunzip);
const summaryEnd = ".json";
const planEnd = ".plan.gz";

/**
 * A run is two files, `<statement>-<time>-<random>.json` with what a list shows and `.plan.gz` with the plan. The plan is written first: a run
 * whose summary is there is whole. Statements and values may be personal, so only the user may read them.
 */
export function fileHistory(directory: string, bounds: Bounds = defaults): PlanHistory {
  const at = (name: string): string => join(directory, name);

  async function write(name: string, content: string | Buffer): Promise<void> {
    const temporary = at(`${name}.${randomBytes(4).toString("hex")}.tmp`);
    try {
      await writeFile(temporary, content, { mode: 0o600 });
      await rename(temporary, at(name));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** Ids by age, oldest first: they begin with the statement, then have the time. */
  async function ids(statement?: string): Promise<string[]> {
    const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return names
      .filter((name) => name.endsWith(summaryEnd) && (statement === undefined || name.startsWith(`${statement}-`)))
      .map((name) => name.slice(0, -summaryEnd.length))
      .sort((a, b) => compare(ageOf(a), ageOf(b)) || compare(a, b));
  }

  /** A summary that is torn or of another version is no run. */
  async function summary(id: string): Promise<KeptRun | undefined> {
    const text = await readFile(at(id + summaryEnd), "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return KeptRun.parse(JSON.parse(text));
    } catch {
      return undefined;
    }
  }

  async function removeRun(id: string): Promise<boolean> {
    const known = (await stat(at(id + summaryEnd)).catch(() => undefined)) !== undefined;
    await rm(at(id + summaryEnd), { force: true });
    await rm(at(id + planEnd), { force: true });
    return known;
  }

  async function removeAll(list: readonly string[]): Promise<number> {
    let count = 0;
    for (const id of list) if (await removeRun(id)) count++;
    return count;
  }

  async function prune(statement: string, perStatement: number): Promise<void> {
    await removeAll((await ids(statement)).slice(0, -perStatement));
    const all = await ids();
    const sizes = await Promise.all(all.map(async (id) => (await stat(at(id + planEnd)).catch(() => undefined))?.size ?? 0));
    let bytes = sizes.reduce((sum, size) => sum + size, 0);
    // The newest stays whatever its size: it is what the user has just asked for.
    for (let index = 0; index < all.length - 1; index++) {
      if (all.length - index <= bounds.runs && bytes <= bounds.bytes) break;
      await removeRun(all[index]!);
      bytes -= sizes[index]!;
    }
  }

  return {
    async add(run: NewRun, plan, perStatement) {
      if (perStatement <= 0) return undefined;
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const statement = digest(run.key);
      const id = `${statement}-${stamp(run.time)}-${randomBytes(4).toString("hex")}`;
      const kept: KeptRun = { ...run, id };
      await write(id + planEnd, await pack(plan));
      await write(id + summaryEnd, JSON.stringify(kept));
      await prune(statement, perStatement);
      return kept;
    },
    async list(key) {
      const runs = await Promise.all((await ids(key === undefined ? undefined : digest(key))).map(summary));
      return runs.filter((run) => run !== undefined && (key === undefined || run.key === key)).reverse() as KeptRun[];
    },
    async plan(id) {
      if (!isId(id)) return undefined;
      const packed = await readFile(at(id + planEnd)).catch(() => undefined);
      return packed && (await unpack(packed).catch(() => undefined))?.toString("utf8");
    },
    remove: (list) => removeAll(list.filter(isId)),
    clear: async () => removeAll(await ids()),
  };
}

/** Ids come back from outside: one that is no name of ours must not lead out of the folder. */
const isId = (id: string): boolean => /^[0-9a-f]{16}-\d{17}-[0-9a-f]{8}$/.test(id);
const digest = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 16);
/** Digits of the time down to milliseconds, so that names sort by age. */
const stamp = (time: string): string => new Date(time).toISOString().replaceAll(/\D/g, "");
const ageOf = (id: string): string => id.slice(17);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
