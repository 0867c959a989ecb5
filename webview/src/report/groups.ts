import type { Finding, Severity } from "#protocol/finding";
import type { AnalyzerOutcome, Report } from "#protocol/report";
import { bySeverity } from "../common/severityOrder.js";

export interface RuleGroup {
  readonly rule: string;
  readonly severity: Severity;
  readonly findings: readonly Finding[];
}

/** Worst rule first, then the one that is found most. */
export function byRule(findings: readonly Finding[]): RuleGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.rule);
    if (group) group.push(finding);
    else groups.set(finding.rule, [finding]);
  }
  return [...groups]
    .map(([rule, group]) => ({ rule, severity: [...group].sort(bySeverity)[0]?.severity ?? "info", findings: group }))
    .sort((a, b) => bySeverity(a, b) || b.findings.length - a.findings.length || a.rule.localeCompare(b.rule));
}

export type Phase = AnalyzerOutcome["phase"];
export const phases: readonly (readonly [Phase, string])[] = [
  ["profile", "Profile"],
  ["diagnose", "Diagnose"],
  ["optimize", "Optimize"],
  ["implement", "Implement"],
];

export const analyzerTitles: Record<AnalyzerOutcome["analyzer"], string> = {
  queryProfiler: "Query profiler",
  schemaAnalyzer: "Schema analyzer",
  indexScanner: "Index scanner",
  nPlusOneDetector: "N+1 detector",
  slowQueryAnalyzer: "Slow query analyzer",
  connectionPoolAnalyzer: "Connection pool analyzer",
  queryRewriter: "Query rewriter",
  indexAdvisor: "Index advisor",
  configTuner: "Configuration tuner",
  codeGenerator: "Code generator",
  migrationBuilder: "Migration builder",
};

/** What the report comes to, in figures. */
export function totals(report: Report): readonly { readonly label: string; readonly value: number; readonly bad: boolean }[] {
  const proved = report.recommendations.filter((one) => one.index && one.index.proof.method !== "none").length;
  const missed = report.metrics.filter((metric) => metric.ok === false).length;
  return [
    { label: "Findings", value: report.findings.length, bad: report.findings.length > 0 },
    { label: "Recommendations", value: report.recommendations.length, bad: false },
    { label: "Proved indexes", value: proved, bad: false },
    { label: "Targets missed", value: missed, bad: missed > 0 },
    { label: "Files read", value: report.files, bad: false },
  ];
}
