import { homedir } from "node:os";
import { join } from "node:path";

const folder = "db-performance-optimizer";

/** Where the command keeps the sample database: the user's cache folder, as each system names it. The extension uses its own storage. */
export function defaultSampleDirectory(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  return join(cacheFolder(environment, platform), folder, "sample");
}

function cacheFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = environment["HOME"] || homedir();
  if (platform === "win32") return environment["LOCALAPPDATA"] || join(home, "AppData", "Local");
  if (platform === "darwin") return join(home, "Library", "Caches");
  const xdg = environment["XDG_CACHE_HOME"];
  return xdg?.startsWith("/") ? xdg : join(home, ".cache");
}
