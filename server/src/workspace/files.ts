import { statSync } from "node:fs";
import { basename, relative, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { discover, isBelow, languageOf, type FoundFile } from "./discovery.js";
import { hasChanged, hashOf, readProjectFile, type FileStamp } from "./reading.js";
import { roleOf } from "./role.js";
import { isTemplate } from "./templateNames.js";
import { TemplateFiles } from "./templates.js";
import type { Warning } from "./warning.js";

/** A file of the project with its text, or the reason why there is none. */
export interface ProjectFile {
  readonly found: FoundFile;
  readonly text: string;
  readonly hash: string;
  /** The text is the file's; otherwise it is an editor's and gone with the next key. */
  readonly onDisk: boolean;
}

interface Entry {
  readonly found: FoundFile;
  stamp?: FileStamp;
  file?: ProjectFile;
  warning?: string;
}

/** Between two turns of the event loop, so that a language server answers while it reads. */
const filesPerTurn = 64;

/** The texts of the workspace's files: what is on disk, shadowed by what is open in an editor. */
export class ProjectFiles {
  /** Not among `all`: nobody pays for templates that no code names. */
  readonly templates: TemplateFiles;
  private entries = new Map<string, Entry>();
  private readonly overlays = new Map<string, ProjectFile>();
  private walkWarnings: readonly Warning[] = [];
  /** Files may have come or gone since the last walk. */
  private listIsOld = true;
  private readonly stale = new Set<string>();

  constructor(
    readonly folders: readonly string[],
    private readonly excludeOf: (folder: string) => readonly string[],
    log?: (line: string) => void,
  ) {
    this.templates = new TemplateFiles(log);
  }

  /** Brings everything up to date with the disk. */
  async refresh(signal: AbortSignal): Promise<void> {
    if (this.listIsOld) await this.walk(signal);
    this.stale.clear();
    this.templates.refresh();
    let n = 0;
    for (const entry of this.entries.values()) {
      if (++n % filesPerTurn === 0) await nextTurn();
      signal.throwIfAborted();
      if (!this.overlays.has(entry.found.path) && hasChanged(entry.found.path, entry.stamp)) read(entry);
    }
  }

  /** Brings up to date only what is known to have changed: the quick way after a keystroke. Walks when nothing was walked yet. */
  async refreshStale(signal: AbortSignal): Promise<void> {
    if (this.listIsOld) return this.refresh(signal);
    for (const path of this.stale) {
      const entry = this.entries.get(path);
      if (entry && !this.overlays.has(path)) read(entry);
      else this.templates.reread(path);
    }
    this.stale.clear();
  }

  /** Every file with a text, in a stable order; open documents that the walk does not know come last. */
  *all(): Iterable<ProjectFile> {
    for (const entry of this.entries.values()) {
      const file = this.overlays.get(entry.found.path) ?? entry.file;
      if (file) yield file;
    }
    for (const [path, file] of this.overlays) if (!this.entries.has(path)) yield file;
  }

  get(path: string): ProjectFile | undefined {
    return this.overlays.get(path) ?? this.entries.get(path)?.file;
  }

  /** A file that is asked for by name although the walk left it out (ignored by git, say). Undefined: it has no text; see `warnings`. */
  include(path: string): ProjectFile | undefined {
    const known = this.get(path);
    if (known) return known;
    const language = languageOf(path);
    if (!language || this.entries.has(path)) return undefined;
    const entry: Entry = { found: this.foundAs(path, language) };
    this.entries.set(path, entry);
    read(entry);
    return entry.file;
  }

  /** A text under a path without a trace in the workspace: it is not what the file holds, only what somebody asks about. */
  standIn(path: string, text: string): ProjectFile | undefined {
    const known = this.get(path);
    if (known?.text === text) return known;
    const language = languageOf(path);
    return language && { found: this.foundAs(path, language), text, hash: hashOf(text), onDisk: false };
  }

  /** Looks at the disk again for one file, whatever was known of it. */
  reread(path: string): void {
    const entry = this.entries.get(path);
    if (entry && !this.overlays.has(path) && hasChanged(entry.found.path, entry.stamp)) read(entry);
  }

  warnings(): Warning[] {
    const own = [...this.entries.values()].filter((entry) => entry.warning !== undefined && !this.overlays.has(entry.found.path));
    return [...this.walkWarnings, ...own.map((entry) => ({ file: entry.found.path, message: entry.warning! }))];
  }

  /** Answers whether anything that was computed may be another now. */
  setOverlay(path: string, text: string | undefined): boolean {
    const file = text === undefined ? undefined : this.standIn(path, text);
    if (file) this.overlays.set(path, file);
    else if (this.overlays.delete(path)) this.stale.add(path);
    else return this.setTemplateOverlay(path, text);
    return true;
  }

  private setTemplateOverlay(path: string, text: string | undefined): boolean {
    const found = this.templates.found(path) ?? this.foundAs(path, "jinja");
    if (!isTemplate(found.relative)) return false;
    if (text === undefined) this.stale.add(path);
    return this.templates.setOverlay(found, text);
  }

  invalidate(paths: readonly string[]): void {
    for (const path of paths) {
      this.stale.add(path);
      const decidesOnOthers = [".gitignore", "pyproject.toml", "pyvenv.cfg"].includes(basename(path));
      const isKnown = (this.entries.has(path) || this.templates.has(path)) && statSync(path, { throwIfNoEntry: false }) !== undefined;
      if (decidesOnOthers || !isKnown) this.listIsOld = true;
    }
  }

  private async walk(signal: AbortSignal): Promise<void> {
    const discoveries = await Promise.all(this.folders.map((folder) => discover(folder, this.excludeOf(folder), signal)));
    const entries = new Map<string, Entry>();
    for (const found of discoveries.flatMap((discovery) => discovery.files)) {
      // A folder inside another one of the same window: the first that has a file keeps it.
      if (!entries.has(found.path)) entries.set(found.path, this.entries.get(found.path) ?? { found });
    }
    this.entries = entries;
    this.templates.setFound(discoveries.flatMap((discovery) => discovery.templates));
    this.walkWarnings = discoveries.flatMap((discovery) => discovery.warnings);
    this.listIsOld = false;
  }

  private foundAs(path: string, language: FoundFile["language"]): FoundFile {
    const known = this.entries.get(path)?.found;
    if (known) return known;
    const folder = this.folders.find((candidate) => isBelow(path, candidate));
    const local = folder === undefined ? basename(path) : relative(folder, path).split(sep).join("/");
    return { path, folder: folder ?? path.slice(0, -local.length - 1), relative: local, language, role: roleOf(local) };
  }
}

function read(entry: Entry): void {
  const result = readProjectFile(entry.found.path);
  entry.stamp = result.stamp;
  if ("ok" in result) {
    const { text, hash } = result.ok;
    entry.warning = undefined;
    if (entry.file?.hash !== hash) entry.file = { found: entry.found, text, hash, onDisk: true };
  } else {
    entry.file = undefined;
    entry.warning = result.warning;
  }
}
