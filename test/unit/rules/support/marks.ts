import type { Finding } from "#protocol/finding";
import type { Language } from "./fixture.js";

/** A diagnostic that a fixture expects: the caret line below the code says where, the words behind it what. */
export interface Mark {
  /** From 1, in the text without marks. */
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly severity: string;
  readonly rule: string;
  /** The message's beginning; undefined = any. */
  readonly message?: string;
}

const markLine = /^\s*(?:#|--|\{#)\s*(\^+) (error|warning|info|hint): \[([a-z0-9-]+)\](?: "(.*)")?\s*(?:#\})?\s*$/;

/** Takes the mark lines out. A mark belongs to the nearest line above it that reaches as far as its carets. */
export function readMarks(marked: string): { text: string; marks: Mark[] } {
  const kept: string[] = [];
  const marks: Mark[] = [];
  for (const line of marked.split("\n")) {
    const match = markLine.exec(line);
    if (!match) {
      kept.push(line);
      continue;
    }
    const [, carets = "", severity = "", rule = "", message] = match;
    const column = line.indexOf("^") + 1;
    const target = kept.findLastIndex((candidate) => candidate.length >= column + carets.length - 1);
    if (target < 0) throw new Error(`No line above reaches this mark: ${line}`);
    marks.push({
      line: target + 1,
      column,
      endColumn: column + carets.length,
      severity,
      rule,
      ...(message === undefined ? {} : { message }),
    });
  }
  return { text: kept.join("\n"), marks };
}

/** A finding as a mark: of several lines only the first is marked. */
export function markOf(finding: Finding, text: string): Mark {
  const line = text.split("\n")[finding.line - 1] ?? "";
  return {
    line: finding.line,
    column: finding.column,
    endColumn: finding.endLine === finding.line ? finding.endColumn : line.length + 1,
    severity: finding.severity,
    rule: finding.rule,
    message: finding.message,
  };
}

export function matches(expected: Mark, actual: Mark): boolean {
  return (
    expected.line === actual.line &&
    expected.column === actual.column &&
    expected.endColumn === actual.endColumn &&
    expected.severity === actual.severity &&
    expected.rule === actual.rule &&
    (actual.message ?? "").startsWith(expected.message ?? "")
  );
}

/** The text with a mark line under each finding. Marks inside a Python string that goes on are comments of its SQL. */
export function writeMarks(text: string, marks: readonly Mark[], language: Language): string {
  const lines = text.split("\n");
  const result: string[] = [];
  for (const [index, line] of lines.entries()) {
    result.push(line);
    const here = marks.filter((mark) => mark.line === index + 1).sort((a, b) => a.column - b.column);
    for (const mark of here) result.push(markText(mark, prefixIn(language, lines.slice(0, index + 1))));
  }
  return result.join("\n");
}

function prefixIn(language: Language, before: readonly string[]): string {
  if (language === "jinja") return "{#";
  return language === "sql" || inString(before) ? "--" : "#";
}

function markText(mark: Mark, prefix: string): string {
  if (mark.column <= prefix.length) throw new Error(`Indent the code: a mark cannot stand in column ${mark.column}.`);
  const carets = "^".repeat(Math.max(1, mark.endColumn - mark.column));
  const message = (mark.message ?? "").split(/(?<=[.:]) /)[0] ?? "";
  return `${prefix.padEnd(mark.column - 1)}${carets} ${mark.severity}: [${mark.rule}] "${message}"${prefix === "{#" ? " #}" : ""}`;
}

function inString(lines: readonly string[]): boolean {
  return lines.join("\n").split('"""').length % 2 === 0;
}
