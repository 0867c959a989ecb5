import type { Log } from "./failures.js";
import { defaults, readSettings, type Settings } from "./settings.js";

export interface SettingsSource {
  /** What the editor answers for `dbOptimize` of a resource. */
  read(uri: string | undefined): Promise<unknown>;
  knownRules(): ReadonlySet<string>;
}

/** Settings per resource, asked for once until they change. Each complaint is made once until it changes. */
export class SettingsCache {
  readonly #cache = new Map<string, Promise<Settings>>();
  readonly #told = new Set<string>();

  constructor(
    private readonly source: SettingsSource,
    private readonly log: Log,
  ) {}

  of(uri: string | undefined): Promise<Settings> {
    const key = uri ?? "";
    const known = this.#cache.get(key);
    if (known) return known;
    const asked = this.#ask(uri);
    this.#cache.set(key, asked);
    return asked;
  }

  forget(uri: string): void {
    this.#cache.delete(uri);
  }

  clear(): void {
    this.#cache.clear();
  }

  async #ask(uri: string | undefined): Promise<Settings> {
    try {
      const { settings, problems } = readSettings(await this.source.read(uri), this.source.knownRules());
      for (const problem of problems) this.#tell(problem);
      return settings;
    } catch (error) {
      this.#cache.delete(uri ?? "");
      this.#tell(`The settings could not be read (${error instanceof Error ? error.message : String(error)}); the defaults are used.`);
      return defaults;
    }
  }

  #tell(problem: string): void {
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    this.log.warn(problem);
  }
}
