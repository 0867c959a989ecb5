import { isAbsolute, resolve } from "node:path";
import type { Workspace } from "../workspace/workspace.js";

/** Paths of an input → absolute; a relative one is taken from the workspace's first folder. */
export function absoluteIn({ folders }: Workspace): (path: string) => string {
  return (path) => (isAbsolute(path) ? path : resolve(folders[0] ?? ".", path));
}
