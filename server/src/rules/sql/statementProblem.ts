import type { Certainty, Evidence } from "#protocol/finding";
import type { Span } from "#protocol/place";
import { tablesOf, type SqlStatement } from "../../sql/index.js";
import type { FixDraft, Problem } from "../rule.js";

export interface Described {
  /** Of the statement's text. */
  readonly span: Span;
  readonly message: string;
  readonly certainty: Certainty;
  readonly evidence: Evidence;
  readonly fixes?: readonly FixDraft[];
  /** What is wrong, in words that edits elsewhere do not change: `users.email`. */
  readonly anchor: string;
}

/** A problem in a statement, in the file's terms. */
export function statementProblem(statement: SqlStatement, described: Described): Problem {
  const [table] = tablesOf(statement);
  const { file, scope, literalStart } = statement.source;
  const within = statement.fileSpan({ start: 0, end: statement.text.length });
  return {
    file,
    span: statement.fileSpan(described.span),
    message: described.message,
    certainty: described.certainty,
    evidence: described.evidence,
    related: [],
    fixes: described.fixes ?? [],
    within: { ...within, start: literalStart ?? within.start },
    anchor: `${scope}/${statement.kind} ${table?.name ?? ""}/${described.anchor}`,
  };
}

/**
 * A fix that replaces stretches of the statement's text. Undefined where a stretch is not written in the file letter by letter, or where
 * the new words would need escapes inside the string that holds them.
 */
export function statementFix(
  statement: SqlStatement,
  title: string,
  applicability: FixDraft["applicability"],
  replacements: readonly { span: Span; newText: string }[],
): FixDraft | undefined {
  const { file, origin } = statement.source;
  const edits: { file: string; span: Span; newText: string }[] = [];
  for (const { span, newText } of replacements) {
    const editable = statement.editableSpan(span);
    if (!editable || (origin !== "file" && addsMarks(statement.originalText(span), newText))) return undefined;
    edits.push({ file, span: editable, newText });
  }
  return { title, applicability, edits };
}

/** Characters with a meaning of their own in Python strings or to drivers: what was there before may stay, more may not come. */
function addsMarks(before: string, after: string): boolean {
  return [..."'\"\\%?{}\n"].some((mark) => after.split(mark).length > before.split(mark).length);
}
