import type { Metric, Recommendation, Report } from "#protocol/report";
import { count, findingsText, type SourceText } from "./findingText.js";
import { format } from "../plan/index.js";
import { costs } from "./planText.js";
import { summaryOf } from "./summary.js";
import { slowText } from "./slowText.js";
import { oneLine, printable, severityStyle, type Style } from "./style.js";
import { textTable } from "./table.js";

/** The whole report for a terminal: conclusions first, then what they rest on. */
export function fullReportText(report: Report, source: SourceText, width: number, style: Style): string {
  const out: string[] = [style.bold(report.title), style.dim(subtitle(report)), ""];
  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) out.push(style.bold(style.cyan(title)), "", ...lines, "");
  };
  const { counts, first } = summaryOf(report);
  section("Summary", [...counts, ...first.map(({ title }, i) => `${i === 0 ? "Start with" : "Then"}: ${oneLine(title)}`)]);
  section(
    `Recommendations (${report.recommendations.length})`,
    report.recommendations.flatMap((recommendation, i) => [...recommendationText(recommendation, i + 1, style), ""]).slice(0, -1),
  );
  section(
    `Findings (${report.findings.length})`,
    report.findings.length > 0 ? [findingsText(report.findings, source, style).trimEnd()] : [],
  );
  section("Slow queries", report.slowQueries.length > 0 ? [slowText(report.slowQueries, width, style)] : []);
  section("Metrics", metricLines(report.metrics, style));
  section("Analyzers", report.analyzers.length > 0 ? analyzerLines(report, style) : []);
  section(
    "Written",
    report.applied.map((file) => printable(file)),
  );
  return out.join("\n").trimEnd();
}

export function subtitle(report: Report): string {
  const database = report.database ? `, database ${printable(report.database)}` : ", no database";
  return `Depth ${report.depth}, ${count(report.files, "file")}${database}, ${format.milliseconds(report.elapsedMs)}`;
}

function recommendationText(recommendation: Recommendation, n: number, style: Style): string[] {
  const { severity, title, why, evidence, action, index, applicability } = recommendation;
  const indent = " ".repeat(String(n).length + 2);
  const out = [`${n}. ${severityStyle(style, severity)(severity)} ${style.bold(oneLine(title))}`, `${indent}${oneLine(why)}`];
  out.push(`${indent}${style.dim(`Evidence: ${evidence.level}`)}`);
  for (const fact of evidence.facts) out.push(`${indent}${style.dim(`- ${oneLine(fact)}`)}`);
  if (index && index.proof.method !== "none") {
    out.push(`${indent}Planner cost ${costs(index.proof.costBefore, index.proof.costAfter)}`);
  } else if (index) out.push(`${indent}${style.yellow("Unproved")}${index.proof.note ? `: ${oneLine(index.proof.note)}` : ""}`);
  if (action)
    out.push(
      ...printable(action)
        .trimEnd()
        .split("\n")
        .map((line) => `${indent}${style.green(line)}`),
    );
  if (applicability === "unsafe") out.push(`${indent}${style.yellow("May change behaviour: read it before you use it.")}`);
  return out;
}

export function metricValue(metric: Metric): string {
  if (metric.value !== undefined && metric.unit === "%") return `${Number(metric.value.toFixed(2))} %`;
  return metric.value === undefined ? "unknown" : `${figure(metric.value)}${metric.unit ? ` ${metric.unit}` : ""}`;
}

/** Ratios and percentages need their decimals, counts do not. */
function figure(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? format.count(value) : String(Number(value.toPrecision(4)));
}

function metricLines(metrics: readonly Metric[], style: Style): string[] {
  if (metrics.length === 0) return [];
  const mark = (metric: Metric): string => (metric.ok === undefined ? "-" : metric.ok ? "ok" : "off target");
  return textTable(
    [{ title: "metric" }, { title: "value", right: true }, { title: "target" }, { title: "" }, { title: "note" }],
    metrics.map((metric) => [oneLine(metric.label), metricValue(metric), metric.target, mark(metric), oneLine(metric.note ?? "")]),
    style,
  );
}

function analyzerLines(report: Report, style: Style): string[] {
  return textTable(
    [{ title: "phase" }, { title: "analyzer" }, { title: "status" }, { title: "time", right: true }, { title: "result" }],
    report.analyzers.map(({ phase, analyzer, status, elapsedMs, summary, reason }) => [
      phase,
      analyzer,
      status,
      format.milliseconds(elapsedMs),
      oneLine([summary, reason].filter(Boolean).join(" ")),
    ]),
    style,
  );
}
