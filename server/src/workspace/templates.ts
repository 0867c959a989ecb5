import type { FileFacts } from "../python/index.js";
import { parseTemplate } from "../templates/index.js";
import type { FoundFile } from "./discovery.js";
import { hashOf, hasChanged, readProjectFile, type FileStamp } from "./reading.js";
import { byLastName, resolveTemplate } from "./templateNames.js";

/** A template's text, parsed when its facts are asked for. */
export class TemplateFile {
  private parsed: FileFacts | undefined;

  constructor(
    readonly found: FoundFile,
    readonly text: string,
    readonly hash: string,
  ) {}

  get facts(): FileFacts {
    return (this.parsed ??= parseTemplate(this.text));
  }
}

/** The template of that name, as the code or template in the file `from` means it; files as the engine names them. */
export type TemplateLookup = (name: string, from: string) => { readonly file: string; readonly facts: FileFacts } | undefined;

interface Loaded {
  readonly stamp?: FileStamp;
  readonly file?: TemplateFile;
  /** Why there is no text. */
  readonly warning?: string;
}

interface Entry {
  readonly found: FoundFile;
  /** Absent until somebody asks. */
  loaded?: Loaded;
}

/** The templates of the workspace: their names are known, their texts are read only when they are asked for. */
export class TemplateFiles {
  /** Rises whenever an answer that was given may have changed. */
  version = 0;
  private entries = new Map<string, Entry>();
  private readonly overlays = new Map<string, TemplateFile>();
  private readonly named = new Set<string>();
  private byName: ReadonlyMap<string, readonly FoundFile[]> | undefined;
  /** What names mean in the files that ask: every name is asked for again after each edit. Empty when files come or go. */
  private readonly meanings = new Map<string, FoundFile | undefined>();
  /** Names that were looked for in vain, and told. */
  private readonly missing = new Set<string>();

  /** @param log is told of each name that code gives and no file has */
  constructor(private readonly log: (line: string) => void = () => undefined) {}

  /** The files that the walk found; what was read of them stays. */
  setFound(files: readonly FoundFile[]): void {
    const entries = new Map(files.map((found) => [found.path, this.entries.get(found.path) ?? { found }]));
    const same = entries.size === this.entries.size && [...entries.keys()].every((path) => this.entries.has(path));
    this.entries = entries;
    if (same) return;
    this.listChanged();
    this.version++;
  }

  has(path: string): boolean {
    return this.entries.has(path) || this.overlays.has(path);
  }

  found(path: string): FoundFile | undefined {
    return this.entries.get(path)?.found;
  }

  /** Of all templates, whether or not somebody has asked for them. */
  *paths(): Iterable<string> {
    yield* this.entries.keys();
    yield* this.overlays.keys();
  }

  /** The template at this path; reads it when that was not done yet. */
  get(path: string): TemplateFile | undefined {
    const overlay = this.overlays.get(path);
    if (overlay) return overlay;
    const entry = this.entries.get(path);
    if (!entry) return undefined;
    entry.loaded ??= read(entry.found);
    return entry.loaded.file;
  }

  /** The template of that name for `from`; both paths as the system writes them. */
  find(name: string, from: string): TemplateFile | undefined {
    const found = this.meaning(name, from);
    return found && this.ask(found.path);
  }

  private meaning(name: string, from: string): FoundFile | undefined {
    const known = (this.byName ??= byLastName([...this.entries.values(), ...this.overlays.values()].map(({ found }) => found)));
    const key = `${from}\n${name}`;
    if (!this.meanings.has(key))
      this.meanings.set(
        key,
        resolveTemplate(name, from, (last) => known.get(last) ?? []),
      );
    const found = this.meanings.get(key);
    if (!found && !this.missing.has(key)) {
      this.missing.add(key);
      this.log(`The template "${name}", which ${from} names, is no file of the project: what it reads is not looked at.`);
    }
    return found;
  }

  /** As `get`, by somebody whose answers depend on it. */
  ask(path: string): TemplateFile | undefined {
    this.named.add(path);
    return this.get(path);
  }

  /** Looks at the disk again for everything that was read. */
  refresh(): void {
    for (const path of this.entries.keys()) this.reread(path);
  }

  reread(path: string): void {
    const entry = this.entries.get(path);
    if (!entry?.loaded || this.overlays.has(path)) return;
    const { file } = entry.loaded;
    if (!hasChanged(path, entry.loaded.stamp)) return;
    entry.loaded = read(entry.found, file);
    if (entry.loaded.file !== file) this.version++;
  }

  /** Answers whether anything may be another now: texts that nobody has asked for change nothing. */
  setOverlay(found: FoundFile, text: string | undefined): boolean {
    const { path } = found;
    const wasThere = this.has(path);
    const before = this.overlays.get(path) ?? this.entries.get(path)?.loaded?.file;
    if (text === undefined) this.overlays.delete(path);
    else this.overlays.set(path, before?.text === text ? before : new TemplateFile(found, text, hashOf(text)));
    // A name that meant nothing, or another file, may mean this one now, or not any more.
    if (wasThere !== this.has(path)) this.listChanged();
    else if (!this.named.has(path) || (text !== undefined && before === this.overlays.get(path))) return false;
    this.version++;
    return true;
  }

  /** The templates that somebody found by their names, since the first time. */
  *asked(): Iterable<{ readonly found: FoundFile; readonly file?: TemplateFile; readonly warning?: string }> {
    for (const path of this.named) {
      const found = this.overlays.get(path)?.found ?? this.entries.get(path)?.found;
      const file = this.get(path);
      const warning = file ? undefined : this.entries.get(path)?.loaded?.warning;
      if (found) yield { found, ...(file ? { file } : {}), ...(warning === undefined ? {} : { warning }) };
    }
  }

  private listChanged(): void {
    this.byName = undefined;
    this.meanings.clear();
  }
}

/** `known` is what the file held before. */
function read(found: FoundFile, known?: TemplateFile): Loaded {
  const result = readProjectFile(found.path);
  if (!("ok" in result)) return result;
  const { text, hash } = result.ok;
  return { stamp: result.stamp, file: known?.hash === hash ? known : new TemplateFile(found, text, hash) };
}
