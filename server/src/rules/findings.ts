import type { Finding, Fix, RelatedPlace } from "#protocol/finding";
import type { Span } from "#protocol/place";
import { hash64 } from "../sql/index.js";
import type { RuleProblem } from "./check.js";
import { LineIndex } from "./lines.js";
import { severityOf, type RuleLevels } from "./registry.js";
import type { EditDraft, FixDraft, Message, NamedPlace, NewText, Problem } from "./rule.js";
import { shortName } from "./shortName.js";
import { isSuppressed, type Suppression } from "./suppressions.js";

/** What turning offsets into places takes to know of a file. */
export interface FileView {
  readonly text: string;
  /** The file's name in ids: the same on every machine, so relative to its folder, with `/`. */
  readonly stableName: string;
  readonly suppressions: readonly Suppression[];
}

/**
 * Problems → findings: severities as configured, silenced ones left out, ids that do not change when lines are added above. `viewOf` answers
 * undefined for a file that is not known any more; what lies there cannot be shown and is left out.
 */
export function toFindings(
  problems: readonly RuleProblem[],
  viewOf: (file: string) => FileView | undefined,
  levels: RuleLevels,
): Finding[] {
  const views = new Views(viewOf);
  const sorted = [...problems].sort(byPlace);
  const seen = new Map<string, number>();
  const findings: Finding[] = [];
  for (const { rule, problem } of sorted) {
    const view = views.get(problem.file);
    const severity = severityOf(levels, rule);
    if (!view || severity === undefined) continue;
    const base = [rule, view.stableName, problem.anchor].join("\n");
    // Counted before silencing, so that a comment does not rename the findings after it.
    const ordinal = seen.get(base) ?? 0;
    seen.set(base, ordinal + 1);
    if (isSuppressed(rule, linesOf(problem, view.lines), view.suppressions)) continue;
    findings.push({
      id: hash64(`${base}\n${ordinal}`),
      rule,
      severity,
      certainty: problem.certainty,
      message: written(problem.message, views),
      file: problem.file,
      ...view.lines.range(problem.span),
      silenceLine: view.lines.lineAt(problem.within?.start ?? problem.span.start),
      evidence: problem.evidence,
      related: distinctPlaces(problem.related).flatMap((related) => relatedPlace(related, views)),
      fixes: problem.fixes.flatMap((fix) => toFix(fix, views)),
      ...(problem.sends && problem.sends.length > 0 ? { sends: [...problem.sends] } : {}),
    });
  }
  return findings;
}

/** A place is shown once, with what was said of it first. */
const distinctPlaces = (related: Problem["related"]): Problem["related"] =>
  related.filter(
    (one, at) =>
      related.findIndex((other) => other.file === one.file && other.span.start === one.span.start && other.span.end === one.span.end) ===
      at,
  );

/** `repo.py:41` for each place that the message names. */
function written(message: Message, views: Views): string {
  if (typeof message === "string") return message;
  return message.map((part) => (typeof part === "string" ? part : nameOf(part, views))).join("");
}

function nameOf({ file, at }: NamedPlace, views: Views): string {
  const view = views.get(file);
  const name = shortName(file);
  return view ? `${name}:${view.lines.lineAt(at)}` : name;
}

function byPlace(a: RuleProblem, b: RuleProblem): number {
  if (a.problem.file !== b.problem.file) return a.problem.file < b.problem.file ? -1 : 1;
  return a.problem.span.start - b.problem.span.start || a.problem.span.end - b.problem.span.end || (a.rule < b.rule ? -1 : 1);
}

/** A comment silences at the problem's own line, or at the first line of the statement around it. */
function linesOf(problem: Problem, lines: LineIndex): number[] {
  const own = lines.lineAt(problem.span.start);
  return problem.within ? [own, lines.lineAt(problem.within.start)] : [own];
}

function relatedPlace(related: Problem["related"][number], views: Views): RelatedPlace[] {
  const view = views.get(related.file);
  return view ? [{ file: related.file, message: related.message, ...view.lines.range(related.span) }] : [];
}

/** A fix with an edit that cannot be placed is no fix. */
function toFix(fix: FixDraft, views: Views): Fix[] {
  const edits = fix.edits.flatMap((edit) => {
    const view = views.get(edit.file);
    const span = view && spanOf(edit, view);
    return view && span ? [{ file: edit.file, range: view.lines.range(span), newText: textOf(edit.newText, view) }] : [];
  });
  return edits.length === fix.edits.length ? [{ title: fix.title, applicability: fix.applicability, edits }] : [];
}

function spanOf({ span, withIndent }: EditDraft, { text, lines }: FileView & { lines: LineIndex }): Span | undefined {
  if (!withIndent) return span;
  const start = lines.startOf(lines.lineAt(span.start));
  return text.slice(start, span.start).trim() === "" ? { start, end: span.end } : undefined;
}

function textOf(newText: NewText, { text, lines }: FileView & { lines: LineIndex }): string {
  if (typeof newText === "string") return newText;
  const written = newText.map((piece) => {
    if (typeof piece === "string") return piece;
    if ("copy" in piece) return text.slice(piece.copy.start, piece.copy.end);
    return /^[ \t]*/.exec(text.slice(lines.startOf(lines.lineAt(piece.indentOf))))?.[0] ?? "";
  });
  return written.join("");
}

class Views {
  readonly #known = new Map<string, (FileView & { lines: LineIndex }) | undefined>();

  constructor(private readonly viewOf: (file: string) => FileView | undefined) {}

  get(file: string): (FileView & { lines: LineIndex }) | undefined {
    if (!this.#known.has(file)) {
      const view = this.viewOf(file);
      this.#known.set(file, view && { ...view, lines: new LineIndex(view.text) });
    }
    return this.#known.get(file);
  }
}
