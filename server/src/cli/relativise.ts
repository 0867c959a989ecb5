import type { Finding } from "#protocol/finding";
import type { Report } from "#protocol/report";

/** Absolute paths of the engine → paths as the command shows them. */
export function relativiseFinding(finding: Finding, path: (file: string) => string): Finding {
  return {
    ...finding,
    file: path(finding.file),
    related: finding.related.map((place) => ({ ...place, file: path(place.file) })),
    fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, file: path(edit.file) })) })),
  };
}

export function relativiseReport(report: Report, path: (file: string) => string): Report {
  return {
    ...report,
    findings: report.findings.map((finding) => relativiseFinding(finding, path)),
    recommendations: report.recommendations.map((recommendation) => ({
      ...recommendation,
      edits: recommendation.edits.map((edit) => ({ ...edit, file: path(edit.file) })),
    })),
    applied: report.applied.map(path),
  };
}
