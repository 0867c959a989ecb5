import type { Finding } from "#protocol/finding";
import type { Recommendation, Report } from "#protocol/report";
import { format } from "../plan/index.js";
import { costs } from "./planText.js";
import { metricValue, subtitle } from "./fullReportText.js";
import { summaryOf } from "./summary.js";
import { slowColumns, slowRow } from "./slowText.js";
import { fenced, inMarkdown, inMarkdownCell, markdownTable } from "./table.js";

/** One report as Markdown, for a pull request or a wiki. Nothing of foreign origin becomes markup. */
export function reportMarkdown(report: Report): string {
  const out: string[] = [`# ${inMarkdown(report.title)}`, "", `${inMarkdown(subtitle(report))}. Made ${report.createdAt}.`];
  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) out.push("", `## ${title}`, "", ...lines);
  };
  const { counts, first } = summaryOf(report);
  section("Summary", [
    ...counts.map((line) => `- ${inMarkdown(line)}`),
    ...first.map(({ title }, i) => `- ${i === 0 ? "Start with" : "Then"}: ${inMarkdown(title)}`),
  ]);
  section("Recommendations", report.recommendations.flatMap(recommendationMarkdown));
  section("Findings", findingLines(report.findings));
  section("Slow queries", report.slowQueries.length > 0 ? slowLines(report) : []);
  section("Metrics", report.metrics.length > 0 ? metricLines(report) : []);
  section("Analyzers", report.analyzers.length > 0 ? analyzerLines(report) : []);
  section(
    "Written",
    report.applied.map((file) => `- ${code(file)}`),
  );
  return `${out.join("\n")}\n`;
}

function recommendationMarkdown(recommendation: Recommendation, i: number): string[] {
  const { title, severity, why, evidence, action, index, kind, applicability } = recommendation;
  const out = [`### ${i + 1}. ${inMarkdown(title)}`, "", `**${severity}**, evidence: ${evidence.level}. ${inMarkdown(why)}`, ""];
  for (const fact of evidence.facts) out.push(`- ${inMarkdown(fact)}`);
  if (index && index.proof.method !== "none") {
    out.push(`- Planner cost ${costs(index.proof.costBefore, index.proof.costAfter)} (${index.proof.method})`);
  } else if (index) out.push(`- Unproved${index.proof.note ? `: ${inMarkdown(index.proof.note)}` : ""}`);
  if (applicability === "unsafe") out.push("- May change behaviour: read it before you use it.");
  if (action) out.push("", fenced(action, kind === "code" ? "python" : "sql"));
  return [...out, ""];
}

function findingLines(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  return markdownTable(
    [{ title: "place" }, { title: "rule" }, { title: "severity" }, { title: "certainty" }, { title: "message" }],
    findings.map((finding) => [`${finding.file}:${finding.line}`, finding.rule, finding.severity, finding.certainty, finding.message]),
  );
}

function slowLines(report: Report): string[] {
  return markdownTable(
    slowColumns,
    report.slowQueries.map((query) => slowRow(query, 200)),
  );
}

function metricLines(report: Report): string[] {
  return markdownTable(
    [{ title: "metric" }, { title: "value", right: true }, { title: "target" }, { title: "ok" }, { title: "note" }],
    report.metrics.map((metric) => [
      metric.label,
      metricValue(metric),
      metric.target,
      metric.ok === undefined ? "" : metric.ok ? "yes" : "no",
      metric.note ?? "",
    ]),
  );
}

function analyzerLines(report: Report): string[] {
  return markdownTable(
    [{ title: "phase" }, { title: "analyzer" }, { title: "status" }, { title: "time", right: true }, { title: "result" }],
    report.analyzers.map(({ phase, analyzer, status, elapsedMs, summary, reason }) => [
      phase,
      analyzer,
      status,
      format.milliseconds(elapsedMs),
      [summary, reason].filter(Boolean).join(" "),
    ]),
  );
}

function code(text: string): string {
  return `\`${inMarkdownCell(text).replaceAll("`", "'")}\``;
}
