import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import { factsVersion, readDirectly, type FileFacts } from "../../python/index.js";
import { assetPath, workerPath } from "../assets.js";
import type { ProjectFile } from "../files.js";
import { FactsCache } from "./cache.js";
import { createFactsEngine, type FactsEngine, type FactsResult } from "./engine.js";
import { FactsPool } from "./pool.js";

export interface FactsStoreOptions {
  readonly folders: readonly string[];
  /** No cache on disk without it. */
  readonly cacheDirectory?: string;
  /** 0 computes in this thread. */
  readonly workers?: number;
  /** One line about what went wrong without harm to the result. */
  readonly log: (line: string) => void;
}

/** Fewer characters than this are computed here sooner than a worker is up. */
const worthWorkers = 400_000;
/** So many new files make writing the cache again worth it before the end. */
const worthSaving = 50;
/** Longer than this without a pause, and an editor's requests wait noticeably. */
const longestTurnMs = 20;

/**
 * Facts of Python texts by content, computed once per content. What can be read directly is: that takes less time than getting facts from a
 * disk or from another thread. The others (old Python, errors) need a parser of many times the cost: they are computed in worker threads when
 * there are many, and kept on disk.
 */
export class FactsStore {
  private readonly known = new Map<string, FactsResult>();
  private readonly cache: FactsCache | undefined;
  private readonly pool: FactsPool | undefined;
  private engine: Promise<FactsEngine> | undefined;
  private loaded = false;
  private unsaved = new Map<string, string>();

  constructor(private readonly options: FactsStoreOptions) {
    const worker = workerPath();
    const workers = options.workers ?? Math.min(4, availableParallelism());
    if (worker !== undefined && workers > 0) this.pool = new FactsPool(worker, workers);
    if (options.cacheDirectory !== undefined) this.cache = new FactsCache(options.cacheDirectory, engineVersion(worker), options.folders);
  }

  /** Makes sure that the facts of these files are known. */
  async ensure(files: readonly ProjectFile[], signal: AbortSignal, progress: (done: number, all: number) => void): Promise<void> {
    await this.read(this.missing(files), signal, progress);
    let missing = this.missing(files);
    if (missing.size === 0) return;
    const stored = this.loaded ? undefined : await this.cache?.load();
    this.loaded = true;
    let hits = 0;
    if (stored) {
      for (const [hash, json] of stored) if (missing.has(hash) && this.remember(hash, json)) hits++;
      missing = this.missing(files);
    }
    await this.compute(missing, signal, progress);
    // Files that are gone leave the cache with the next saving.
    const keep = new Map([...(stored ?? [])].filter(([hash]) => this.known.has(hash)));
    if (this.unsaved.size >= worthSaving || (stored && this.unsaved.size > 0 && hits === 0)) await this.save(keep);
  }

  get(file: ProjectFile): FactsResult | undefined {
    return this.known.get(file.hash);
  }

  /** Forgets the facts of texts that no file has any more. */
  prune(files: Iterable<ProjectFile>): void {
    const used = new Set<string>();
    for (const file of files) used.add(file.hash);
    if (this.known.size <= used.size * 1.2 + 50) return;
    for (const hash of this.known.keys()) if (!used.has(hash)) this.known.delete(hash);
  }

  async dispose(): Promise<void> {
    this.pool?.dispose();
    if (this.unsaved.size > 0) await this.save(undefined);
  }

  private missing(files: readonly ProjectFile[]): Map<string, ProjectFile> {
    return new Map(files.filter((file) => !this.known.has(file.hash)).map((file) => [file.hash, file]));
  }

  private async read(
    missing: ReadonlyMap<string, ProjectFile>,
    signal: AbortSignal,
    progress: (done: number, all: number) => void,
  ): Promise<void> {
    let done = 0;
    let pause = performance.now() + longestTurnMs;
    for (const [hash, { text }] of missing) {
      if (performance.now() > pause) {
        progress(done, missing.size);
        await nextTurn();
        signal.throwIfAborted();
        pause = performance.now() + longestTurnMs;
      }
      const facts = readDirectly(text);
      if (facts) this.known.set(hash, { facts });
      done++;
    }
  }

  private async compute(
    missing: ReadonlyMap<string, ProjectFile>,
    signal: AbortSignal,
    progress: (done: number, all: number) => void,
  ): Promise<void> {
    const files = [...missing.values()];
    const size = files.reduce((sum, file) => sum + file.text.length, 0);
    if (this.pool && size >= worthWorkers) await this.computeInWorkers(this.pool, files, signal, progress);
    else if (files.length > 0) await this.computeHere(files, signal);
  }

  private async computeInWorkers(
    pool: FactsPool,
    files: readonly ProjectFile[],
    signal: AbortSignal,
    progress: (done: number, all: number) => void,
  ): Promise<void> {
    const texts = files.map((file) => file.text);
    let done = 0;
    const outcomes = await pool.compute(texts, signal, (count) => progress((done += count), texts.length));
    for (const [i, file] of files.entries()) {
      const outcome = outcomes[i]!;
      if ("failed" in outcome) this.known.set(file.hash, outcome);
      else if (this.remember(file.hash, outcome.json)) this.keep(file, () => outcome.json);
    }
  }

  private async computeHere(files: readonly ProjectFile[], signal: AbortSignal): Promise<void> {
    const compute = await (this.engine ??= createFactsEngine());
    let pause = performance.now() + longestTurnMs;
    for (const file of files) {
      if (performance.now() > pause) {
        await nextTurn();
        signal.throwIfAborted();
        pause = performance.now() + longestTurnMs;
      }
      const result = compute(file.text);
      this.known.set(file.hash, result);
      if ("facts" in result) this.keep(file, () => JSON.stringify(result.facts));
    }
  }

  /** For the next saving. What is only in an editor is not worth it. */
  private keep(file: ProjectFile, json: () => string): void {
    if (this.cache && file.onDisk) this.unsaved.set(file.hash, json());
  }

  /** False when the JSON cannot be used: damaged on disk in a way that the digest did not show. */
  private remember(hash: string, json: string): boolean {
    try {
      const facts = JSON.parse(json) as FileFacts;
      if (facts.version !== factsVersion) return false;
      this.known.set(hash, { facts });
      return true;
    } catch {
      return false;
    }
  }

  private async save(stored: ReadonlyMap<string, string> | undefined): Promise<void> {
    const unsaved = this.unsaved;
    this.unsaved = new Map();
    try {
      const kept = stored ?? new Map([...((await this.cache?.load()) ?? [])].filter(([hash]) => this.known.has(hash)));
      await this.cache?.save(new Map([...kept, ...unsaved]));
    } catch (error) {
      this.options.log(
        `The cache was not written: ${error instanceof Error ? error.message : String(error)}. The next start computes anew.`,
      );
    }
  }
}

/** The worker's bundle names its chunks by their content: its bytes change whenever the code that makes facts does. */
function engineVersion(worker: string | undefined): string {
  const code = worker === undefined ? `sources ${factsVersion}` : readFileSync(worker);
  const grammar = readFileSync(assetPath("tree-sitter-python.wasm"));
  return createHash("sha1").update(code).update(grammar).digest("hex").slice(0, 16);
}
