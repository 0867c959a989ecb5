import type { Span } from "#protocol/place";
import { LineIndex } from "./lines.js";

/** A comment of a file with its marks: `# ...`, `-- ...` or a block comment. */
export interface Comment extends Span {
  readonly text: string;
}

/** `db-optimize: ignore[rule, rule] reason` on a line or above it; `ignore-file[...]` anywhere in a file. */
export interface Suppression {
  readonly comment: Comment;
  readonly scope: "line" | "file";
  readonly rules: readonly string[];
  readonly reason: string;
  /** The lines that it silences, from 1; empty for a whole file. */
  readonly lines: readonly number[];
}

const directive = /^(?:#+|--|\/\*)\s*db-optimize:\s*(ignore-file|ignore)\b\s*(?:\[([^\]]*)\])?(.*)$/s;

/** The suppressions among a file's comments. A comment alone on its line speaks for the next line that holds more than comments. */
export function readSuppressions(text: string, comments: readonly Comment[]): Suppression[] {
  if (comments.length === 0) return [];
  const lines = new LineIndex(text);
  const alone = new Set(comments.filter((comment) => isAlone(text, lines, comment)).flatMap((comment) => linesOf(lines, comment)));
  return comments.flatMap((comment): Suppression[] => {
    const match = directive.exec(comment.text.replace(/\s*\*\/\s*$/, "").trim());
    if (!match) return [];
    const [, verb, rules = "", rest = ""] = match;
    const line = lines.lineAt(comment.start);
    return [
      {
        comment,
        scope: verb === "ignore-file" ? "file" : "line",
        rules: rules.split(",").flatMap((rule) => rule.trim() || []),
        reason: rest.replace(/^[\s:,–—-]+/, "").trim(),
        lines: verb === "ignore-file" ? [] : [line, ...(alone.has(line) ? [nextCodeLine(line, alone)] : [])],
      },
    ];
  });
}

/** Nothing else stands on its lines. */
function isAlone(text: string, lines: LineIndex, { start, end }: Comment): boolean {
  const before = text.slice(lines.startOf(lines.lineAt(start)), start);
  const after = text.slice(end, lines.startOf(lines.lineAt(end) + 1));
  return before.trim() === "" && after.trim() === "";
}

function linesOf(lines: LineIndex, { start, end }: Comment): number[] {
  const first = lines.lineAt(start);
  return Array.from({ length: lines.lineAt(Math.max(start, end - 1)) - first + 1 }, (_one, at) => first + at);
}

function nextCodeLine(line: number, alone: ReadonlySet<number>): number {
  let next = line + 1;
  while (alone.has(next)) next++;
  return next;
}

/** Whether a problem on one of these lines is silenced. */
export function isSuppressed(rule: string, lines: readonly number[], suppressions: readonly Suppression[]): boolean {
  return suppressions.some(
    (suppression) =>
      suppression.rules.includes(rule) && (suppression.scope === "file" || lines.some((line) => suppression.lines.includes(line))),
  );
}
