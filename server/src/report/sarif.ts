import type { Finding, Severity } from "#protocol/finding";
import type { Range } from "#protocol/place";

export interface SarifRule {
  readonly id: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly url: string;
}

const levels: Record<Severity, "error" | "warning" | "note"> = { error: "error", warning: "warning", info: "note", hint: "note" };

/** SARIF 2.1.0, as code scanning services read it. Files are relative to `root`, which SARIF writes as a URI with a slash at its end. */
export function sarif(findings: readonly Finding[], rules: readonly SarifRule[], version: string, root: string): string {
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "db-optimize", version, semanticVersion: version, rules: rules.map(descriptor) } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { ROOT: { uri: root } },
        results: findings.map((finding) => result(finding, indexes.get(finding.rule))),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function descriptor({ id, summary, severity, url }: SarifRule): object {
  return {
    id,
    shortDescription: { text: summary },
    ...(/^https?:/.test(url) ? { helpUri: url } : {}),
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ["performance", "database"] },
  };
}

function result(finding: Finding, ruleIndex: number | undefined): object {
  const fixes = finding.fixes.filter((fix) => fix.edits.length > 0);
  return {
    ruleId: finding.rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levels[finding.severity],
    message: { text: [finding.message, ...finding.evidence.facts].join("\n") },
    locations: [{ physicalLocation: location(finding.file, finding) }],
    partialFingerprints: { "dbOptimizeId/v1": finding.id },
    ...(finding.related.length > 0
      ? {
          relatedLocations: finding.related.map((place, index) => ({
            id: index + 1,
            message: { text: place.message },
            physicalLocation: location(place.file, place),
          })),
        }
      : {}),
    ...(fixes.length > 0 ? { fixes: fixes.map(fixOf) } : {}),
    properties: { certainty: finding.certainty, evidence: finding.evidence.level },
  };
}

function fixOf(fix: Finding["fixes"][number]): object {
  const files = [...new Set(fix.edits.map((edit) => edit.file))];
  return {
    description: { text: fix.title },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifact(file),
      replacements: fix.edits
        .filter((edit) => edit.file === file)
        .map((edit) => ({ deletedRegion: region(edit.range), insertedContent: { text: edit.newText } })),
    })),
  };
}

function location(file: string, range: Range): object {
  return { artifactLocation: artifact(file), region: region(range) };
}

function artifact(file: string): object {
  const uri = file.split(/[\\/]/).map(encodeURIComponent).join("/");
  return file.startsWith("/") ? { uri: `file://${uri}` } : { uri, uriBaseId: "ROOT" };
}

function region({ line, column, endLine, endColumn }: Range): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}
