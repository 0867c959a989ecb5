import { createHash } from "node:crypto";
import type { Analysis, AnalysisRequest, AnalysisResult } from "./analysis.js";
import { bundleVersion, ResultCache } from "./resultCache.js";
import type { TemplateFiles } from "./templates.js";

export interface KeptResultsOptions {
  readonly folders: readonly string[];
  /** Nothing is kept without it. */
  readonly cacheDirectory?: string;
  readonly log: (line: string) => void;
}

/** The first check of a process, from the last one's result where nothing has changed since. Later checks know more than a file could tell. */
export class KeptResults {
  private readonly version = bundleVersion();
  private readonly cache: ResultCache<AnalysisResult> | undefined;
  /** Something was analysed: what is in memory is better than what is on disk. */
  private warm = false;

  constructor(
    private readonly options: KeptResultsOptions,
    private readonly templates: TemplateFiles,
    private readonly analysis: Pick<Analysis, "usesServers">,
  ) {
    const { cacheDirectory, folders } = options;
    if (cacheDirectory !== undefined && this.version !== undefined) this.cache = new ResultCache(cacheDirectory, folders);
  }

  /** @param more what the result depends on beside the request; plain values */
  async result(request: AnalysisRequest, more: unknown, analyse: () => Promise<AnalysisResult>): Promise<AnalysisResult> {
    const { cache, analysis } = this;
    if (!cache || this.warm || analysis.usesServers) {
      this.warm = true;
      return analyse();
    }
    const inputs = digest(this.version, request, more);
    const before = await cache.load(inputs, (path) => this.templates.ask(path)?.hash);
    if (before) return before;
    const result = await analyse();
    this.warm = true;
    const asked = [...this.templates.asked()].map(({ found, file }) => [found.path, file?.hash] as const);
    await cache.save(inputs, asked, result).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      this.options.log(`The result was not kept: ${why}. The next start computes anew.`);
    });
    return result;
  }
}

function digest(version: string | undefined, { files, reported, levels, includePossible }: AnalysisRequest, more: unknown): string {
  const hash = createHash("sha1").update(JSON.stringify([version, [...levels], includePossible, more]));
  for (const file of files) hash.update(`\n${file.found.path} ${file.found.relative} ${file.hash} ${reported.has(file)}`);
  return hash.digest("hex");
}
