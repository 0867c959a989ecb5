import type { AnalyzerName } from "#protocol/report";

export type Focus = "profile" | "fix-n1" | "indexes" | "full";

/** How many analyzers a depth runs: a quick look, ORM loading, the standard, production tuning, everything. */
const howMany = [3, 5, 7, 9, 11] as const;

/** The analyzers by what the focus needs most. A depth takes the first of them. */
const order: Readonly<Record<Focus, readonly AnalyzerName[]>> = {
  profile: [
    ...(["queryProfiler", "schemaAnalyzer", "indexScanner"] as const),
    ...(["slowQueryAnalyzer", "connectionPoolAnalyzer"] as const),
    ...(["nPlusOneDetector", "configTuner"] as const),
    ...(["indexAdvisor", "queryRewriter"] as const),
    ...(["codeGenerator", "migrationBuilder"] as const),
  ],
  "fix-n1": [
    ...(["nPlusOneDetector", "codeGenerator", "queryProfiler"] as const),
    ...(["schemaAnalyzer", "slowQueryAnalyzer"] as const),
    ...(["queryRewriter", "indexAdvisor"] as const),
    ...(["indexScanner", "migrationBuilder"] as const),
    ...(["connectionPoolAnalyzer", "configTuner"] as const),
  ],
  indexes: [
    ...(["indexScanner", "indexAdvisor", "migrationBuilder"] as const),
    ...(["queryProfiler", "schemaAnalyzer"] as const),
    ...(["slowQueryAnalyzer", "queryRewriter"] as const),
    ...(["nPlusOneDetector", "codeGenerator"] as const),
    ...(["connectionPoolAnalyzer", "configTuner"] as const),
  ],
  full: [
    ...(["queryProfiler", "slowQueryAnalyzer", "indexAdvisor"] as const),
    ...(["nPlusOneDetector", "codeGenerator"] as const),
    ...(["schemaAnalyzer", "indexScanner"] as const),
    ...(["queryRewriter", "configTuner"] as const),
    ...(["connectionPoolAnalyzer", "migrationBuilder"] as const),
  ],
};

/** What a focus means where no depth is given. */
const usualDepth: Readonly<Record<Focus, Depth>> = { profile: 1, "fix-n1": 2, indexes: 2, full: 5 };

export type Depth = 1 | 2 | 3 | 4 | 5;

export interface Selection {
  readonly depth: Depth;
  readonly names: readonly AnalyzerName[];
}

export function selectAnalyzers(focus: Focus, depth?: number): Selection {
  const chosen = depth === undefined ? usualDepth[focus] : (Math.min(Math.max(Math.round(depth), 1), 5) as Depth);
  return { depth: chosen, names: order[focus].slice(0, howMany[chosen - 1]) };
}
