import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { IgnoreRules } from "./gitignore.js";
import { roleOf, type FileRole } from "./role.js";
import { isTemplate, mayBeTemplate } from "./templateNames.js";
import { ioReason, type Warning } from "./warning.js";

export type Language = "python" | "sql" | "jinja";

export interface FoundFile {
  readonly path: string;
  readonly folder: string;
  /** Below `folder`, with `/` on every system: findings' ids are made of it. */
  readonly relative: string;
  readonly language: Language;
  readonly role: FileRole;
}

export interface Discovery {
  readonly files: readonly FoundFile[];
  /** Apart: they are read only when code names them. */
  readonly templates: readonly FoundFile[];
  readonly warnings: readonly Warning[];
}

const languages = new Map<string, Exclude<Language, "jinja">>([
  [".py", "python"],
  [".pyi", "python"],
  [".sql", "sql"],
]);

/** Never the project's own text, whether git knows or not. */
const skippedFolders = new Set([
  ...[".git", ".hg", ".svn", "node_modules", "bower_components", "site-packages", "__pycache__", "__pypackages__"],
  ...[".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".eggs", ".ipynb_checkpoints", ".direnv", ".pixi"],
  ...["build", "dist", "_build", "buck-out", "venv", ".venv"],
]);

/** The language of a file that is read for its own sake; templates are not. */
export function languageOf(path: string): "python" | "sql" | undefined {
  return languages.get(extname(path).toLowerCase());
}

/**
 * The files of a folder that are worth reading. Symbolic links to folders are not followed (circles, and text that is met twice);
 * links to files are, when they lead out of the folder.
 */
export async function discover(folder: string, exclude: readonly string[], signal: AbortSignal): Promise<Discovery> {
  const files: FoundFile[] = [];
  const templates: FoundFile[] = [];
  const warnings: Warning[] = [];
  const realFolder = await realpath(folder).catch(() => folder);

  async function walk(at: string, outer: IgnoreRules): Promise<void> {
    signal.throwIfAborted();
    let entries: Dirent[];
    try {
      entries = await readdir(at, { withFileTypes: true });
    } catch (error) {
      warnings.push({ file: at, message: `This folder was left out: ${ioReason(error)}.` });
      return;
    }
    if (at !== folder && entries.some((entry) => entry.name === "pyvenv.cfg")) return;
    const rules = outer.enter(
      at,
      entries.some((entry) => entry.name === ".gitignore"),
    );
    const isMigrations = isAlembicFolder(entries);
    const below: Promise<void>[] = [];
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name) && !rules.ignores(path, true)) below.push(walk(path, rules));
      } else if (languageOf(entry.name) && !rules.ignores(path, false)) {
        if (entry.isFile()) add(path);
        else if (entry.isSymbolicLink()) below.push(addLink(path));
      } else if (entry.isFile() && mayBeTemplate(entry.name) && isTemplate(local(path)) && !rules.ignores(path, false))
        templates.push(foundAs(path, "jinja"));
    }
    await Promise.all(below);
    if (isMigrations) markMigrations(files, at);
  }

  const local = (path: string): string => relative(folder, path).split(sep).join("/");

  function foundAs(path: string, language: Language): FoundFile {
    return { path, folder, relative: local(path), language, role: roleOf(local(path)) };
  }

  function add(path: string): void {
    files.push(foundAs(path, languageOf(path)!));
  }

  async function addLink(path: string): Promise<void> {
    try {
      const target = await realpath(path);
      if (!(await stat(target)).isFile()) return;
      if (!isBelow(target, realFolder)) add(path);
    } catch (error) {
      warnings.push({ file: path, message: `This link was left out: ${linkReason(error)}.` });
    }
  }

  await walk(folder, IgnoreRules.forFolder(folder, exclude));
  for (const list of [files, templates]) list.sort((a, b) => (a.relative < b.relative ? -1 : 1));
  return { files, templates, warnings };
}

function linkReason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code === "ENOENT" ? "what it points to does not exist" : ioReason(error);
}

/** Alembic's environment may be called anything; `env.py` beside the template or the folder of the revisions makes one. */
function isAlembicFolder(entries: readonly Dirent[]): boolean {
  const has = (name: string, folder = false): boolean => entries.some((entry) => entry.name === name && entry.isDirectory() === folder);
  return has("env.py") && (has("script.py.mako") || has("versions", true));
}

function markMigrations(files: FoundFile[], folder: string): void {
  for (const [i, file] of files.entries()) if (isBelow(file.path, folder)) files[i] = { ...file, role: "migration" };
}

export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
