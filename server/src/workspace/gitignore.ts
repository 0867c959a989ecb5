import ignore, { type Ignore } from "ignore";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

interface Level {
  readonly base: string;
  readonly rules: Ignore;
}

/** The .gitignore files that speak about a folder, outermost first. The deepest one that says anything decides, as in git. */
export class IgnoreRules {
  private constructor(private readonly levels: readonly Level[]) {}

  /** What holds for `folder` itself: .gitignore files above it up to the repository's top, `.git/info/exclude`, and `extra` patterns. */
  static forFolder(folder: string, extra: readonly string[] = []): IgnoreRules {
    const levels: Level[] = [];
    const top = repositoryTop(folder);
    if (top) {
      addLevel(levels, top, join(top, ".git", "info", "exclude"));
      for (const parent of foldersBetween(top, folder)) addLevel(levels, parent, join(parent, ".gitignore"));
    }
    if (extra.length > 0) levels.push({ base: folder, rules: ignore().add([...extra]) });
    return new IgnoreRules(levels);
  }

  /** The rules inside `folder`, which may bring its own .gitignore. */
  enter(folder: string, hasOwnFile: boolean): IgnoreRules {
    if (!hasOwnFile) return this;
    const levels = [...this.levels];
    addLevel(levels, folder, join(folder, ".gitignore"));
    return new IgnoreRules(levels);
  }

  ignores(path: string, isFolder: boolean): boolean {
    for (let i = this.levels.length - 1; i >= 0; i--) {
      const level = this.levels[i]!;
      const local = relative(level.base, path).split(sep).join("/");
      const { ignored, unignored } = level.rules.test(isFolder ? `${local}/` : local);
      if (ignored) return true;
      if (unignored) return false;
    }
    return false;
  }
}

function addLevel(levels: Level[], base: string, file: string): void {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return; // Absent or unreadable: git ignores nothing by it either.
  }
  levels.push({ base, rules: ignore().add(text) });
}

function repositoryTop(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Folders from `top` down to the parent of `folder`; the folder's own file is read when it is entered. */
function foldersBetween(top: string, folder: string): string[] {
  const between: string[] = [];
  for (let at = folder; at !== top; at = dirname(at)) between.unshift(dirname(at));
  return between;
}
