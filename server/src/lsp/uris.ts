import { fileURLToPath, pathToFileURL } from "node:url";

/** The path of a `file:` URI; undefined for documents that are no files (untitled, git, notebook cells, virtual file systems). */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // A host on a system that knows none, or an encoded slash.
    return undefined;
  }
}

/** Editors spell one file's URI in several ways; the spelling under which a document is open wins. */
export function uriOf(path: string, openUris: Iterable<string> = []): string {
  for (const uri of openUris) if (pathOf(uri) === path) return uri;
  return path.includes("://") || path.startsWith("untitled:") ? path : pathToFileURL(path).href;
}
