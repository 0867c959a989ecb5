import type { Finding } from "#protocol/finding";

/**
 * The contract of `check --format json`. Spelled out field by field: what the engine adds to a finding for its own use must not leak into
 * what scripts rely on.
 */
export function checkJson(findings: readonly Finding[], files: number, elapsedMs: number): string {
  return JSON.stringify({ findings: findings.map(findingJson), files, elapsedMs: Math.round(elapsedMs) }, null, 2);
}

export function findingJson(finding: Finding): object {
  const { id, rule, severity, certainty, message, file, line, column, endLine, endColumn, evidence } = finding;
  return {
    ...{ id, rule, severity, certainty, message, file, line, column, endLine, endColumn },
    evidence: { level: evidence.level, facts: evidence.facts },
    related: finding.related.map(({ file, line, message }) => ({ file, line, message })),
    fixes: finding.fixes.map(({ title, applicability, edits }) => ({
      title,
      applicability,
      edits: edits.map(({ file, range, newText }) => ({
        file,
        range: { line: range.line, column: range.column, endLine: range.endLine, endColumn: range.endColumn },
        newText,
      })),
    })),
  };
}
