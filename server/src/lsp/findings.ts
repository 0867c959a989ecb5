import ignore, { type Ignore } from "ignore";
import { relative, sep } from "node:path";
import type { Finding } from "#protocol/finding";
import type { CheckOptions, CheckResult } from "../workspace/workspace.js";
import { unlessAborted } from "./cancellation.js";
import type { Settings } from "./settings.js";

export interface FindingsSource {
  check(options: CheckOptions): Promise<CheckResult>;
  /** The folder of the window that holds a file. */
  folderOf(file: string): string | undefined;
  settingsOf(path: string): Promise<Settings>;
  warn(message: string): void;
}

interface Task {
  readonly epoch: number;
  readonly controller: AbortController;
  readonly result: Promise<readonly Finding[]>;
  /** The result, once it is there. */
  findings?: readonly Finding[];
}

/**
 * The findings as the editor sees them: per document and per folder, each computed once per state of the text. An edit anywhere may change
 * findings everywhere, so every edit begins a new epoch; a request of a newer epoch makes the running one of the same target moot.
 */
export class Findings {
  #epoch = 0;
  readonly #tasks = new Map<string, Task>();
  readonly #listeners = new Set<() => void>();
  readonly #warned = new Set<string>();

  constructor(private readonly source: FindingsSource) {}

  get epoch(): number {
    return this.#epoch;
  }

  /** Text, settings, files or folders changed. */
  changed(): void {
    this.#epoch++;
    for (const listener of [...this.#listeners]) listener();
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Rejects with an AbortError when `signal` aborts or a newer request makes this one moot. */
  ofDocument(file: string, signal: AbortSignal): Promise<readonly Finding[]> {
    return this.#shared(file, signal, (own) => this.#check(file, file, own));
  }

  /** The findings in a document where they were computed already; of the text as it is now. */
  knownOf(file: string): readonly Finding[] | undefined {
    const task = this.#tasks.get(file);
    return task?.epoch === this.#epoch ? task.findings : undefined;
  }

  ofFolder(folder: string, signal: AbortSignal, progress?: CheckOptions["progress"]): Promise<readonly Finding[]> {
    return this.#shared(`${folder}${sep}`, signal, (own) => this.#check(folder, folder, own, progress));
  }

  dispose(): void {
    for (const task of this.#tasks.values()) task.controller.abort();
    this.#tasks.clear();
    this.#listeners.clear();
  }

  #shared(target: string, signal: AbortSignal, work: (own: AbortSignal) => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
    const running = this.#tasks.get(target);
    if (running && running.epoch === this.#epoch) return unlessAborted(running.result, signal);
    running?.controller.abort();
    const controller = new AbortController();
    const result = work(controller.signal);
    const task: Task = { epoch: this.#epoch, controller, result };
    this.#tasks.set(target, task);
    // A failure is not an answer: the next request tries again.
    result.then(
      (findings) => (task.findings = findings),
      () => this.#tasks.get(target) === task && this.#tasks.delete(target),
    );
    return unlessAborted(result, signal);
  }

  async #check(target: string, owner: string, signal: AbortSignal, progress?: CheckOptions["progress"]): Promise<readonly Finding[]> {
    const settings = await this.source.settingsOf(owner);
    if (!settings.enable) return [];
    const result = await this.source.check({
      paths: [target],
      includeTests: settings.includeTests,
      includePossible: settings.includePossible,
      severities: settings.rules,
      signal,
      ...(progress ? { progress } : {}),
    });
    this.#warn(result.warnings);
    const excluded = ignore().add([...settings.exclude]);
    return result.findings.filter((finding) => !this.#isExcluded(finding.file, excluded));
  }

  #isExcluded(file: string, excluded: Ignore): boolean {
    const folder = this.source.folderOf(file);
    if (!folder || folder === file) return false;
    return excluded.ignores(relative(folder, file).split(sep).join("/"));
  }

  #warn(warnings: CheckResult["warnings"]): void {
    for (const { file, message } of warnings) {
      const text = file ? `${file}: ${message}` : message;
      if (this.#warned.has(text)) continue;
      this.#warned.add(text);
      this.source.warn(text);
    }
  }
}
