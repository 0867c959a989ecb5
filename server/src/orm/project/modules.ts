/** Which file an import means. Paths use `/`; the project may hold several packages, `src/` layouts and plain script folders. */
export class Modules {
  private readonly files: ReadonlySet<string>;
  private readonly packages = new Set<string>();
  /** Folders from which absolute imports of some package start. */
  private readonly roots: readonly string[];
  /** Last parts of every module's name: most imports are of something outside, and end in none of them. */
  private readonly names = new Set<string>();
  private readonly memo = new Map<string, Map<string, string | undefined>>();

  constructor(files: Iterable<string>) {
    this.files = new Set(files);
    for (const file of this.files) {
      const folder = folderOf(file);
      const base = file.slice(folder ? folder.length + 1 : 0);
      if (base === "__init__.py") this.packages.add(folder);
      this.names.add(base === "__init__.py" ? lastPart(folder, "/") : base.slice(0, -".py".length));
    }
    const roots = new Set<string>();
    for (const folder of this.packages) {
      const parent = folderOf(folder);
      if (!this.packages.has(parent)) roots.add(parent);
    }
    this.roots = [...roots].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  }

  /** `level` leading dots, then `module`; undefined for what lies outside the project. */
  resolve(from: string, level: number, module: string): string | undefined {
    if (level > 0) {
      let folder = folderOf(from);
      for (let up = 1; up < level; up++) folder = folderOf(folder);
      return this.once(folder, `.${module}`, () => this.at(folder, module));
    }
    if (!this.names.has(lastPart(module, "."))) return undefined;
    const folder = folderOf(from);
    return this.once(folder, module, () => this.absolute(folder, module));
  }

  private once(folder: string, key: string, find: () => string | undefined): string | undefined {
    let known = this.memo.get(folder);
    if (!known) this.memo.set(folder, (known = new Map()));
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before;
    const found = find();
    known.set(key, found);
    return found;
  }

  isPackage(file: string): boolean {
    return file.endsWith("/__init__.py") || file === "__init__.py";
  }

  /** Dotted name under which `from` can import the module in `file`; undefined where none is known. */
  nameOf(file: string): string | undefined {
    const parts: string[] = [];
    let folder = folderOf(file);
    const base = file.slice(folder ? folder.length + 1 : 0, -".py".length);
    if (base !== "__init__") parts.unshift(base);
    while (this.packages.has(folder)) {
      parts.unshift(folder.slice(folder.lastIndexOf("/") + 1));
      folder = folderOf(folder);
    }
    return parts.length ? parts.join(".") : undefined;
  }

  private absolute(folder: string, module: string): string | undefined {
    // A package's own folder is on the path only when a script beside it is run: look above it first.
    const folders: string[] = [];
    const own: string[] = [];
    for (let at: string | undefined = folder; at !== undefined; at = parentOf(at)) (this.packages.has(at) ? own : folders).push(at);
    for (const at of [...folders, ...folders.map((f) => join(f, "src")), ...this.roots, ...own]) {
      const found = this.at(at, module);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private at(folder: string, module: string): string | undefined {
    const base = module ? join(folder, module.replaceAll(".", "/")) : folder;
    for (const candidate of [join(base, "__init__.py"), `${base}.py`]) if (this.files.has(candidate)) return candidate;
    return undefined;
  }
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}
const lastPart = (path: string, separator: string) => path.slice(path.lastIndexOf(separator) + 1);
const parentOf = (path: string) => (path === "" ? undefined : folderOf(path));
const join = (folder: string, rest: string) => (folder ? `${folder}/${rest}` : rest);
