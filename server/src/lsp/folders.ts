import { sep } from "node:path";
import type { InitializeParams } from "vscode-languageserver/node";
import { pathOf } from "./uris.js";

export function folderPaths(params: InitializeParams): readonly string[] {
  const uris = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}

/** The innermost folder that holds `file`. */
export function folderOf(file: string, folders: readonly string[]): string | undefined {
  let best: string | undefined;
  for (const folder of folders) {
    const inside = file === folder || file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
    if (inside && (best === undefined || folder.length > best.length)) best = folder;
  }
  return best;
}
