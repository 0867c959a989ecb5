import type { Finding } from "#protocol/finding";
import { codeFrame, linesOf } from "./frame.js";
import { oneLine, printable, severityStyle, type Style } from "./style.js";

/** The text of a file that findings speak about; undefined when it can no longer be had. */
export type SourceText = (file: string) => string | undefined;

/** Findings as a compiler prints them: place, message, the code, what else matters, what to do. */
export function findingsText(findings: readonly Finding[], source: SourceText, style: Style): string {
  const lines = new Map<string, readonly string[]>();
  const linesIn = (file: string): readonly string[] => {
    let known = lines.get(file);
    if (!known) lines.set(file, (known = linesOf(source(file) ?? "")));
    return known;
  };
  return findings.map((finding) => findingText(finding, linesIn(finding.file), style)).join("\n");
}

function findingText(finding: Finding, lines: readonly string[], style: Style): string {
  const paint = severityStyle(style, finding.severity);
  const gutter = " ".repeat(String(finding.line).length);
  const note = (label: string, text: string): string => `${gutter} ${style.dim("=")} ${style.bold(label)}: ${text}`;
  const place = style.bold(`${printable(finding.file)}:${finding.line}:${finding.column}`);
  const doubt = finding.certainty === "certain" ? "" : style.dim(` (${finding.certainty})`);
  const out = [`${place}: ${paint(`${finding.severity}[${finding.rule}]`)} ${oneLine(finding.message)}${doubt}`];
  out.push(...codeFrame(lines, finding, style, paint));
  for (const fact of finding.evidence.facts) out.push(note(finding.evidence.level, oneLine(fact)));
  for (const place of finding.related) {
    out.push(note("see", `${printable(place.file)}:${place.line}:${place.column} ${oneLine(place.message)}`));
  }
  for (const fix of finding.fixes) out.push(note(fixLabel(fix.applicability), oneLine(fix.title)));
  return out.join("\n") + "\n";
}

function fixLabel(applicability: Finding["fixes"][number]["applicability"]): string {
  return { safe: "fix (safe)", unsafe: "fix (check it)", displayOnly: "help" }[applicability];
}

/** The last line: how many, how severe, how long. */
export function summaryText(findings: readonly Finding[], files: number, elapsedMs: number, style: Style): string {
  const seconds = `${(elapsedMs / 1000).toFixed(elapsedMs < 10_000 ? 2 : 1)} s`;
  const where = `${count(files, "file")} in ${seconds}`;
  if (findings.length === 0) return `${style.green("No findings")} in ${where}.`;
  const by = (["error", "warning", "info", "hint"] as const)
    .map((severity) => ({ severity, n: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => severityStyle(style, severity)(severity === "info" ? `${n} info` : count(n, severity)));
  const safe = findings.filter((finding) => finding.fixes.some((fix) => fix.applicability === "safe")).length;
  const fixable = safe > 0 ? ` ${safe} can be fixed with --fix.` : "";
  return `${style.bold(`Found ${count(findings.length, "problem")}`)} (${by.join(", ")}) in ${where}.${fixable}`;
}

export function count(n: number, noun: string): string {
  return `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
}
