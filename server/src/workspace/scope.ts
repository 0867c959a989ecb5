import { relative, sep } from "node:path";
import { isBelow, type FoundFile } from "./discovery.js";
import { isAskedForByName } from "./role.js";

/** Which files a check speaks about. */
export interface Scope {
  /** Absolute files and folders; empty = everything. */
  readonly paths: readonly string[];
  readonly includeTests: boolean;
}

/** Whether findings of a file are wanted. Tests and migrations are wanted when asked for, and naming them or their folder is asking. */
export function inScope(file: FoundFile, scope: Scope): boolean {
  const naming = scope.paths.filter((path) => isBelow(file.path, path));
  if (scope.paths.length > 0 && naming.length === 0) return false;
  if (file.role === "source" || scope.includeTests) return true;
  return naming.some((path) => path === file.path || isAskedForByName(relative(file.folder, path).split(sep).join("/")));
}
