import type { Finding, Fix } from "#protocol/finding";
import type { Recommendation } from "#protocol/report";
import type { Analyzer, AnalyzerResult } from "../analyzer.js";
import { codeChangeId, currentFindings, plural, recommend, recommendationId } from "../support.js";

/** The findings' own fixes as edits: the safe ones can be applied together, the others one by one after a look. */
export const codeGenerator: Analyzer = {
  name: "codeGenerator",
  phase: "implement",
  needs: ["project"],
  run: async (context) => {
    const rewriter = context.earlier.get("queryRewriter");
    // Rewrites that want a look are the query rewriter's, who has compared their costs; those that lost are nobody's.
    const rewritten = new Set(rewriter?.recommendations?.map(({ id }) => id));
    const declined = new Set(rewriter?.declined);
    const open = (await currentFindings(context)).filter(({ id }) => !rewritten.has(recommendationId("rewrite", id)) && !declined.has(id));
    const recommendations = codeChanges(open, context.earlier.get("nPlusOneDetector")?.loads);
    const safe = recommendations.filter(({ applicability }) => applicability === "safe").length;
    return {
      summary: `${plural(safe, "safe fix", "safe fixes")}, ${recommendations.length - safe} to be looked at first.`,
      recommendations,
    };
  },
};

/** One change per finding, its best fix; findings that one and the same edit ends share it. */
export function codeChanges(findings: readonly Finding[], loads?: AnalyzerResult["loads"]): readonly Recommendation[] {
  const groups = new Map<string, { readonly fix: Fix; readonly findings: Finding[] }>();
  for (const finding of findings) {
    const fix = bestFix(finding);
    if (!fix) continue;
    const key = JSON.stringify(fix.edits);
    const group = groups.get(key);
    if (group) group.findings.push(finding);
    else groups.set(key, { fix, findings: [finding] });
  }
  return [...groups.values()].map(({ fix, findings: [first, ...others] }) => {
    const load = loads?.get(first!.id);
    return { ...toRecommendation(first!, others, fix), ...(load ? { load } : {}) };
  });
}

const rank = { safe: 0, unsafe: 1, displayOnly: 2 } as const;

function bestFix(finding: Finding): Fix | undefined {
  return [...finding.fixes].filter(({ edits }) => edits.length > 0).sort((a, b) => rank[a.applicability] - rank[b.applicability])[0];
}

function toRecommendation(finding: Finding, others: readonly Finding[], fix: Fix): Recommendation {
  const { level, facts } = finding.evidence;
  return recommend({
    id: codeChangeId(finding),
    kind: "code",
    title: `${finding.file}:${finding.line}: ${fix.title}`,
    why: finding.message,
    severity: finding.severity,
    evidence: { level, facts: [...facts, ...others.map((other) => `The same edit ends ${other.file}:${other.line}: ${other.message}`)] },
    applicability: fix.applicability,
    edits: fix.edits,
  });
}
