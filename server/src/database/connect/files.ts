import { readFileSync, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";

/** What resolving a connection may look at. Tests give their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly userName: string;
  /** Text and permission bits of a file; undefined when it cannot be read. */
  readonly read: (path: string) => { text: string; mode: number } | undefined;
  readonly exists: (path: string) => boolean;
  readonly windows: boolean;
}

export function realSurroundings(): Surroundings {
  return {
    env: process.env,
    home: homedir(),
    userName: nameOfUser(),
    read: readIfThere,
    exists: (path) => statSync(path, { throwIfNoEntry: false }) !== undefined,
    windows: process.platform === "win32",
  };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? "postgres"; // a container's user id without a line in /etc/passwd
  }
}

function readIfThere(path: string): { text: string; mode: number } | undefined {
  try {
    return { text: readFileSync(path, "utf8"), mode: statSync(path).mode & 0o777 };
  } catch {
    return undefined;
  }
}

/** libpq's folder for per-user files. */
export function userFile(around: Surroundings, unix: string, windows: string): string {
  if (!around.windows) return join(around.home, unix);
  return join(around.env.APPDATA ?? join(around.home, "AppData", "Roaming"), "postgresql", windows);
}
