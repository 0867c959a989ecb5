import { execFile } from "node:child_process";
import { join } from "node:path";
import { OptimizerError } from "#protocol/failure";
import type { Range } from "#protocol/place";

/** Lines (from 1) of a file that are new or changed; "all" where the whole file is new. */
type Changed = "all" | readonly { readonly from: number; readonly to: number }[];

/** What changed in a git work tree since a revision, the uncommitted and the untracked included. */
export class ChangedLines {
  private constructor(private readonly files: ReadonlyMap<string, Changed>) {}

  /** @throws OptimizerError (usage) outside a repository, or where `revision` names no commit. */
  static async since(folders: readonly string[], revision: string, signal: AbortSignal): Promise<ChangedLines> {
    const files = new Map<string, Changed>();
    for (const folder of folders) await collect(folder, revision, signal, files);
    return new ChangedLines(files);
  }

  touches(file: string, range: Pick<Range, "line" | "endLine">): boolean {
    const changed = this.files.get(file);
    if (!changed) return false;
    return changed === "all" || changed.some(({ from, to }) => from <= range.endLine && to >= range.line);
  }
}

async function collect(folder: string, revision: string, signal: AbortSignal, files: Map<string, Changed>): Promise<void> {
  await git(folder, ["rev-parse", "--is-inside-work-tree"], signal).catch(rethrow(`${folder} is in no git work tree`));
  const commit = await git(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`], signal).catch(
    rethrow(`"${revision}" names no commit there`),
  );
  const range = [commit.trim(), "--", "."];
  const options = ["--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--relative", "-U0", "-M"];
  const diff = await git(folder, ["diff", ...options, ...range], signal);
  for (const [path, changed] of changesOf(diff)) files.set(join(folder, path), changed);
  const untracked = await git(folder, ["ls-files", "--others", "--exclude-standard", "-z"], signal);
  for (const path of untracked.split("\0")) if (path) files.set(join(folder, path), "all");
}

/** `git diff -U0` → for each file the lines of its new side. Paths are as git wrote them. */
export function changesOf(diff: string): Map<string, { from: number; to: number }[]> {
  const files = new Map<string, { from: number; to: number }[]>();
  let current: { from: number; to: number }[] | undefined;
  let left = 0;
  for (const line of diff.split("\n")) {
    // Inside a hunk a line of the project may look like a header; the hunk's own counts say how many lines are its.
    if (left > 0) {
      if (/^[-+ ]/.test(line)) left--;
      continue;
    }
    if (line.startsWith("+++ ")) {
      const path = unquote(line.slice(4).replace(/\t$/, ""));
      current = path.startsWith("b/") ? [] : undefined;
      if (current) files.set(path.slice(2), current);
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) continue;
    const [removed, from, added] = [Number(hunk[1] ?? 1), Number(hunk[2]), Number(hunk[3] ?? 1)];
    left = removed + added;
    if (added > 0) current?.push({ from, to: from + added - 1 });
  }
  return files;
}

const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "\\": 92 };

/** Git quotes a path with unusual characters as C does, each byte of UTF-8 for itself. */
function unquote(path: string): string {
  if (!path.startsWith('"')) return path;
  const bytes: number[] = [];
  for (const [piece, octal, letter] of path.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|[^\\]+/gs)) {
    if (octal) bytes.push(parseInt(octal, 8));
    else if (letter) bytes.push(escapes[letter] ?? letter.charCodeAt(0));
    else bytes.push(...Buffer.from(piece));
  }
  return Buffer.from(bytes).toString("utf8");
}

/** The repository may be foreign: nothing that its configuration names is executed. */
const harmless = ["-c", "core.fsmonitor=false", "-c", "core.quotePath=true"];

function git(cwd: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
    const options = { cwd, env, signal, maxBuffer: 1024 * 1024 * 1024, timeout: 60_000 };
    execFile("git", [...harmless, ...args], options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else
        reject(
          (error as NodeJS.ErrnoException).code === "ENOENT" ? noGit : signal.aborted ? error : new Error(stderr.trim() || error.message),
        );
    });
  });
}

const noGit = new OptimizerError({
  kind: "usage",
  message: "--since needs git, which was not found.",
  advice: "Install git, or leave --since out.",
});

function rethrow(message: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof OptimizerError || (error instanceof Error && error.name === "AbortError")) throw error;
    // That git ended with an error is what the message says already; that there is no git is news.
    const told = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "";
    const detail = told === "" || told.startsWith("Command failed") ? "" : ` (${told})`;
    throw new OptimizerError({
      kind: "usage",
      message: `--since cannot be answered: ${message}${detail}.`,
      advice: "Name a branch, a tag or a commit that exists, such as origin/main or HEAD~1, inside a git work tree.",
    });
  };
}
