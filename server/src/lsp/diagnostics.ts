import { createHash } from "node:crypto";
import { DiagnosticSeverity, type Diagnostic } from "vscode-languageserver/node";
import type { Finding, Severity } from "#protocol/finding";
import { toLspRange } from "./positions.js";

export const source = "DB Optimize";

/** Travels with the diagnostic and comes back with a request for code actions, so that fixes are looked up and not recomputed. */
export interface DiagnosticData {
  readonly finding: string;
}

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export interface DiagnosticEnvironment {
  readonly ruleUrl: (rule: string) => string | undefined;
  readonly uriOf: (path: string) => string;
}

export function toDiagnostic(finding: Finding, { ruleUrl, uriOf }: DiagnosticEnvironment): Diagnostic {
  const href = ruleUrl(finding.rule);
  const data: DiagnosticData = { finding: finding.id };
  return {
    range: toLspRange(finding),
    severity: severities[finding.severity],
    source,
    code: finding.rule,
    message: finding.message,
    data,
    ...(href ? { codeDescription: { href } } : {}),
    ...(finding.related.length > 0
      ? {
          relatedInformation: finding.related.map((place) => ({
            location: { uri: uriOf(place.file), range: toLspRange(place) },
            message: place.message,
          })),
        }
      : {}),
  };
}

export function dataOf(diagnostic: Diagnostic): DiagnosticData | undefined {
  const data: unknown = diagnostic.data;
  if (diagnostic.source !== source || typeof data !== "object" || data === null || !("finding" in data)) return undefined;
  return typeof data.finding === "string" ? { finding: data.finding } : undefined;
}

/** Equal diagnostics have equal ids, so that "unchanged" survives edits elsewhere and a restart of the server. */
export function resultId(diagnostics: readonly Diagnostic[]): string {
  return createHash("sha256").update(JSON.stringify(diagnostics)).digest("base64url").slice(0, 22);
}
