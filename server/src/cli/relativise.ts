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
  // Titles and reasons name files too.
  const files = new Set([...report.findings.map(({ file }) => file), ...report.applied]);
  const inText = (text: string): string => {
    for (const file of files) if (text.includes(file)) text = text.replaceAll(file, path(file));
    return text;
  };
  return {
    ...report,
    findings: report.findings.map((finding) => relativiseFinding(finding, path)),
    recommendations: report.recommendations.map((recommendation) => ({
      ...recommendation,
      title: inText(recommendation.title),
      edits: recommendation.edits.map((edit) => ({ ...edit, file: path(edit.file) })),
    })),
    analyzers: report.analyzers.map((outcome) => ({
      ...outcome,
      ...(outcome.reason === undefined ? {} : { reason: inText(outcome.reason) }),
    })),
    applied: report.applied.map(path),
  };
}
