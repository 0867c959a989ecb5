import type { Recommendation, Report } from "#protocol/report";
import { format } from "../plan/index.js";
import { count, type SourceText } from "./findingText.js";
import { metricValue, subtitle } from "./fullReportText.js";
import { costs } from "./planText.js";
import { slowText } from "./slowText.js";
import { oneLine, printable, severityStyle, type Style } from "./style.js";
import { isProved, loadText, openFindings, summaryOf } from "./summary.js";
import { textTable } from "./table.js";

const mostSlow = 10;

/** One report for a terminal, as much as a person reads: what to do first, then the rest by kind, a line or two each. */
export function reportText(report: Report, _source: SourceText, width: number, style: Style): string {
  const out: string[] = [style.bold(report.title), style.dim(subtitle(report)), ""];
  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) out.push(style.bold(style.cyan(title)), "", ...lines, "");
  };
  const { counts, first } = summaryOf(report);
  out.push(...counts, ...(counts.length > 0 ? [""] : []));
  section(
    "Start with",
    first.flatMap((recommendation, i) => startText(recommendation, i + 1, style)),
  );
  for (const [title, belongs] of groups) {
    const members = report.recommendations.filter(belongs);
    section(
      `${title} (${members.length})`,
      members.flatMap((recommendation) => entry(recommendation, style)),
    );
  }
  const open = openFindings(report);
  const { length } = open;
  section(
    length === report.findings.length ? `Findings (${length})` : `Other findings (${length})`,
    open.map((finding) => {
      const place = `${printable(finding.file)}:${finding.line}`;
      return `  ${severityStyle(style, finding.severity)(finding.severity.padEnd(7))}  ${place}  ${style.bold(finding.rule)}  ${firstSentence(finding.message)}`;
    }),
  );
  section("Slow statements", report.slowQueries.length > 0 ? [slowText(report.slowQueries.slice(0, mostSlow), width, style)] : []);
  section("Metrics", metricLines(report, style));
  section("Analyzers", analyzerLines(report, width, style));
  section(
    "Written",
    report.applied.map((file) => `  ${printable(file)}`),
  );
  if (out.length > 3) out.push(style.dim("Everything in full: --verbose, --format markdown or --format json."));
  return out.join("\n").trimEnd();
}

type Group = readonly [title: string, has: (recommendation: Recommendation) => boolean];

const groups: readonly Group[] = [
  ["Changes to the code", ({ kind, edits }) => kind === "code" || (kind === "rewrite" && edits.length > 0)],
  ["Indexes that the planner has confirmed", ({ index }) => index !== undefined && isProved(index)],
  ["Indexes without proof", ({ index }) => index !== undefined && !isProved(index)],
  ["Slow statements with a visible cause", ({ kind, edits, index }) => kind === "rewrite" && edits.length === 0 && !index],
  ["Other advice", ({ kind, index }) => !index && !["code", "rewrite", "migration"].includes(kind)],
  ["Migration", ({ kind }) => kind === "migration"],
];

function startText(recommendation: Recommendation, n: number, style: Style): string[] {
  const { severity, title, why } = recommendation;
  // What the planner said stands in the reason already.
  const own = recommendation.index ? atStake(recommendation) : details(recommendation);
  return [
    `  ${n}. ${severityStyle(style, severity)(severity)} ${style.bold(oneLine(title))}`,
    `     ${oneLine(why)}`,
    ...(own.length > 0 ? [`     ${style.dim(joined(own))}`] : []),
    ...shortAction(recommendation).map((line) => `     ${style.green(line)}`),
  ];
}

function entry(recommendation: Recommendation, style: Style): string[] {
  const { severity, title, index, kind, why } = recommendation;
  const own = details(recommendation);
  if (kind === "migration") {
    return [`  ${oneLine(title)}. --apply writes it.`];
  }
  const paint = severityStyle(style, severity);
  const heading = index ? style.green(printable(index.ddl)) : oneLine(title);
  const lines = [`  ${paint(severity.padEnd(7))}  ${heading}`];
  const told = index || kind === "code" ? own : [oneLine(why), ...own];
  if (index && !isProved(index)) told.unshift(oneLine(title));
  if (told.length > 0) lines.push(`           ${style.dim(joined(told))}`);
  if (!index) lines.push(...shortAction(recommendation).map((line) => `           ${style.green(line)}`));
  return lines;
}

/** Sentences and phrases as one line. */
const joined = (parts: readonly string[]): string => parts.map((part) => part.replace(/\.$/, "")).join("; ");

/** The proof and what is at stake. */
function details(recommendation: Recommendation): string[] {
  const { index, evidence, edits } = recommendation;
  const out: string[] = [];
  if (index && isProved(index)) out.push(`planner cost ${costs(index.proof.costBefore, index.proof.costAfter)}`);
  if (edits.length > 0 && evidence.level === "planner") out.push(oneLine(evidence.facts.at(-1) ?? ""));
  return [...out, ...atStake(recommendation)];
}

function atStake({ load, kind, applicability }: Recommendation): string[] {
  const out: string[] = [];
  if (load)
    out.push(kind === "code" ? `its statement: ${count(load.calls, "call")}, ${format.percent(load.share)} of all time` : loadText(load));
  if (applicability === "unsafe") out.push("may change behaviour: look first");
  return out;
}

/** What fits on a line is worth copying from here; more is printed in full elsewhere. */
function shortAction({ action }: Recommendation): string[] {
  const lines = printable(action ?? "")
    .trim()
    .split("\n");
  return lines.length === 1 && lines[0] ? [lines[0]] : [];
}

function firstSentence(message: string): string {
  const line = oneLine(message);
  const end = /[.:] (?=[A-Z`])/.exec(line);
  return end ? `${line.slice(0, end.index)}.` : line;
}

/** Only what is known; the reason why the rest is not stands in the full report. */
function metricLines({ metrics }: Report, style: Style): string[] {
  const known = metrics.filter(({ value }) => value !== undefined);
  if (known.length === 0) return [];
  const mark = ({ ok }: (typeof known)[number]): string => (ok === undefined ? "" : ok ? "ok" : "off target");
  return textTable(
    [{ title: "metric" }, { title: "value", right: true }, { title: "target" }, { title: "" }],
    known.map((metric) => [oneLine(metric.label), metricValue(metric), metric.target, mark(metric)]),
    style,
  ).map((line) => `  ${line}`);
}

function analyzerLines({ analyzers }: Report, width: number, style: Style): string[] {
  const name = Math.max(0, ...analyzers.map(({ analyzer }) => analyzer.length));
  const widest = Math.max(40, width - name - 6);
  return analyzers.map(({ analyzer, status, summary, reason }) => {
    const text = oneLine([status === "done" ? summary : `${status}:`, reason].filter(Boolean).join(" "));
    const shown = text.length > widest && status === "done" ? `${text.slice(0, widest - 1)}…` : text;
    return `  ${analyzer.padEnd(name)}  ${status === "failed" ? style.red(shown) : shown}`;
  });
}
