import type { Finding, Fix, TextEdit } from "#protocol/finding";
import type { Recommendation } from "#protocol/report";
import type { Analyzer } from "../analyzer.js";
import { currentFindings, plural, recommend, recommendationId } from "../support.js";

/** The findings' own fixes as edits: the safe ones can be applied together, the others one by one after a look. */
export const codeGenerator: Analyzer = {
  name: "codeGenerator",
  phase: "implement",
  needs: ["project"],
  run: async (context) => {
    // Rewrites that want a look are the query rewriter's, who has compared their costs.
    const rewritten = new Set(context.earlier.get("queryRewriter")?.recommendations?.map(({ id }) => id));
    const open = (await currentFindings(context)).filter((finding) => !rewritten.has(recommendationId("rewrite", finding.id)));
    const recommendations = codeChanges(open);
    const safe = recommendations.filter(({ applicability }) => applicability === "safe").length;
    return {
      summary: `${plural(safe, "safe fix", "safe fixes")}, ${recommendations.length - safe} to be looked at first.`,
      recommendations,
    };
  },
};

/** One change per finding, its best fix. A safe one that would touch what another has changed waits for the next run. */
export function codeChanges(findings: readonly Finding[]): readonly Recommendation[] {
  const taken: TextEdit[] = [];
  return findings.flatMap((finding) => {
    const fix = bestFix(finding);
    if (!fix) return [];
    const applicable = fix.applicability === "safe" && !fix.edits.some((edit) => taken.some((other) => overlaps(edit, other)));
    if (applicable) taken.push(...fix.edits);
    if (fix.applicability === "safe" && !applicable) return [];
    return [toRecommendation(finding, fix)];
  });
}

const rank = { safe: 0, unsafe: 1, displayOnly: 2 } as const;

function bestFix(finding: Finding): Fix | undefined {
  return [...finding.fixes].filter(({ edits }) => edits.length > 0).sort((a, b) => rank[a.applicability] - rank[b.applicability])[0];
}

/** Equal insertions (two findings that need the same import) are one edit, not a conflict. */
function overlaps(a: TextEdit, b: TextEdit): boolean {
  if (a.file !== b.file || (a.newText === b.newText && JSON.stringify(a.range) === JSON.stringify(b.range))) return false;
  const starts = (edit: TextEdit): readonly [number, number] => [edit.range.line, edit.range.column];
  const ends = (edit: TextEdit): readonly [number, number] => [edit.range.endLine, edit.range.endColumn];
  const before = (first: readonly [number, number], second: readonly [number, number]): boolean =>
    first[0] < second[0] || (first[0] === second[0] && first[1] <= second[1]);
  return !(before(ends(a), starts(b)) || before(ends(b), starts(a))) || String(starts(a)) === String(starts(b));
}

function toRecommendation(finding: Finding, fix: Fix): Recommendation {
  return recommend({
    id: recommendationId("code", finding.id),
    kind: "code",
    title: `${finding.file}:${finding.line}: ${fix.title}`,
    why: finding.message,
    severity: finding.severity,
    evidence: finding.evidence,
    applicability: fix.applicability,
    edits: fix.edits,
  });
}
