import { existsSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { OptimizerError } from "#protocol/failure";

export interface Target {
  /** Absolute. */
  readonly paths: readonly string[];
  /** Folders whose files explain each other: entities are often declared outside the path that was named. */
  readonly folders: readonly string[];
  /** Paths in the output are relative to this. */
  readonly base: string;
}

/** What makes a folder the top of a project. */
const markers = ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "alembic.ini", ".git"];

/** @throws OptimizerError (usage) for a path that does not exist */
export function targetOf(given: readonly string[], cwd: string): Target {
  const paths = (given.length > 0 ? given : ["."]).map((path) => resolve(cwd, path));
  const missing = paths.find((path) => !existsSync(path));
  if (missing) {
    throw new OptimizerError({
      kind: "usage",
      message: `There is no file or folder ${missing}.`,
      advice: "Check the spelling; paths are taken from the current folder.",
    });
  }
  const folders = [...new Set(paths.map(projectOf))].filter(
    (folder, _, all) => !all.some((other) => other !== folder && isInside(folder, other)),
  );
  const [only] = paths;
  const base = paths.length === 1 && statSync(only!).isDirectory() ? only! : cwd;
  return { paths, folders, base };
}

/** The nearest folder at or above `path` that looks like a project's top; never the home folder or above, which belong to no project. */
function projectOf(path: string): string {
  const start = statSync(path).isDirectory() ? path : dirname(path);
  const home = real(homedir());
  for (let at = start; at !== dirname(at) && real(at) !== home; at = dirname(at)) {
    if (markers.some((marker) => existsSync(join(at, marker)))) return at;
  }
  return packageTop(start);
}

/** The folder from which a package's modules are imported, where nothing says what the project's top is. */
function packageTop(folder: string): string {
  let at = folder;
  while (existsSync(join(at, "__init__.py")) && at !== dirname(at)) at = dirname(at);
  return at;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** As it is shown: with `/` on every system, relative where the file lies below `base` or near it. */
export function relativeTo(base: string): (file: string) => string {
  return (file) => (resolve(file) === file ? relative(base, file).split(sep).join("/") || "." : file);
}
