import { posix, sep } from "node:path";
import type { FoundFile } from "./discovery.js";
import { roleOf } from "./role.js";

const templateExtensions = new Set([".jinja", ".jinja2", ".j2"]);
/** Templates only where their folder says so. */
const textExtensions = new Set([".html", ".htm", ".txt", ".xml", ".md"]);

/** `templates`, `email_templates`, `Templates-old`. */
const isTemplateFolder = (folder: string): boolean =>
  folder
    .toLowerCase()
    .split(/[^a-z]+/)
    .includes("templates");

/** Whether a file of this name may hold a template; most others are told apart by it alone. */
export function mayBeTemplate(name: string): boolean {
  const extension = posix.extname(name).toLowerCase();
  return templateExtensions.has(extension) || textExtensions.has(extension);
}

/** Whether a file, named by its path below the workspace's folder with `/`, holds a template. */
export function isTemplate(relativePath: string): boolean {
  const extension = posix.extname(relativePath).toLowerCase();
  if (templateExtensions.has(extension)) return true;
  return textExtensions.has(extension) && relativePath.split("/").slice(0, -1).some(isTemplateFolder);
}

const slashed = (path: string): string => (sep === "/" ? path : path.split(sep).join("/"));
const lastName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Files by the last part of their paths. */
export function byLastName(files: readonly FoundFile[]): ReadonlyMap<string, readonly FoundFile[]> {
  const groups = new Map<string, FoundFile[]>();
  for (const found of files) {
    const last = lastName(found.relative);
    const group = groups.get(last);
    if (group) group.push(found);
    else groups.set(last, [found]);
  }
  return groups;
}

interface Candidate {
  readonly found: FoundFile;
  /** Lower is better. */
  readonly rank: readonly number[];
}

/**
 * The template that `name` means in the file `from` (a path of the system). Which folders a project's loaders search is not known: a template
 * fits when its path ends with the name, best below a folder of templates, then the nearest to the asking file.
 */
export function resolveTemplate(name: string, from: string, named: (last: string) => readonly FoundFile[]): FoundFile | undefined {
  const asking = slashed(from);
  const beside = name.startsWith("./") || name.startsWith("../") ? posix.join(posix.dirname(asking), name) : undefined;
  const { folder, path } = withoutPackage(name);
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  const files = named(parts.at(-1) ?? "");
  const exact = beside === undefined ? undefined : files.find((found) => slashed(found.path) === beside);
  if (exact || parts.length === 0 || parts.includes("..")) return exact;
  const candidates = files.flatMap((found): Candidate[] => {
    const fit = howWell(slashed(found.path), folder, parts.join("/"));
    return fit === undefined ? [] : [{ found, rank: [isForTests(found, asking) ? 1 : 0, fit, ...distance(found, asking)] }];
  });
  candidates.sort((a, b) => compare(a.rank, b.rank) || (a.found.path < b.found.path ? -1 : 1));
  return candidates[0]?.found;
}

/** Pyramid's `package.sub:templates/x.html`, and names of plugins' templates: the package as a folder, and the path below it. */
function withoutPackage(name: string): { folder: string; path: string } {
  const match = /^([\w.-]+):(.+)$/s.exec(name);
  return match ? { folder: match[1]!.replaceAll(".", "/"), path: match[2]! } : { folder: "", path: name };
}

/** 0 is best; undefined: the path has another name. */
function howWell(path: string, folder: string, name: string): number | undefined {
  if (folder && endsWith(path, `${folder}/${name}`)) return 0;
  if (endsWith(path, name)) return isTemplateFolder(lastName(path.slice(0, -name.length - 1))) ? 1 : 2;
  // Some loaders leave the folder out: `shop/cart.html` for shop/templates/cart.html.
  const without = path.split("/").filter((part) => part !== "templates");
  return name.includes("/") && endsWith(without.join("/"), name) ? 3 : undefined;
}

const endsWith = (path: string, name: string): boolean => path === name || path.endsWith(`/${name}`);

/** Tests may have templates of the same names; the application does not mean them. */
function isForTests(found: FoundFile, asking: string): boolean {
  return found.role === "test" && roleOf(asking.slice(found.folder.length + 1)) !== "test";
}

/** Folders to climb from the asking file to one that holds both, then folders to go down. */
function distance(found: FoundFile, asking: string): [number, number] {
  const own = slashed(found.path).split("/");
  const other = asking.split("/");
  let common = 0;
  while (common < own.length - 1 && common < other.length - 1 && own[common] === other[common]) common++;
  return [other.length - common, own.length - common];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) if (value !== b[i]) return value - (b[i] ?? 0);
  return 0;
}
