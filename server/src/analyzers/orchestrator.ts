import { OptimizerError } from "#protocol/failure";
import type { Finding } from "#protocol/finding";
import type { AnalyzerName, AnalyzerOutcome, Report } from "#protocol/report";
import { analyzers as allAnalyzers } from "./analyzers.js";
import type { Analyzer, AnalyzerContext, AnalyzerResult, Phase } from "./analyzer.js";
import { nPlusOneRules } from "./diagnose/nPlusOneDetector.js";
import { selectAnalyzers, type Focus } from "./selection.js";
import { mergeRecommendations } from "./mergeRecommendations.js";
import { currentFindings, isCancelled } from "./support.js";

export interface Orchestration {
  readonly focus: Focus;
  readonly depth?: number;
  /** Instead of what focus and depth choose. */
  readonly names?: readonly AnalyzerName[];
  readonly context: Omit<AnalyzerContext, "earlier" | "progress">;
  /** `share` counts analyzers that have ended, 0 to 1. */
  readonly progress: (message: string, share?: number) => void;
  readonly now: () => Date;
  /** `user@host:port/database`, without a password. */
  readonly database?: string;
  /** For tests. */
  readonly analyzers?: Readonly<Record<AnalyzerName, Analyzer>>;
}

const phases: readonly Phase[] = ["profile", "diagnose", "optimize", "implement"];
const titles: Readonly<Record<Focus, string>> = {
  profile: "Profile",
  "fix-n1": "N+1 and loading",
  indexes: "Indexes",
  full: "Full report",
};

/**
 * Runs the analyzers that a focus and a depth choose, side by side within a phase; a later phase sees the results of the earlier ones.
 * One that fails or is skipped says why and stops nobody. Rejects only when it is cancelled.
 */
export async function orchestrate(given: Orchestration): Promise<Report> {
  const asked = given.focus === "fix-n1" ? { ...given, context: onlyLoading(given.context) } : given;
  const started = asked.now();
  const selection = selectAnalyzers(asked.focus, asked.depth);
  const names = asked.names ?? selection.names;
  const chosen = names.map((name) => (asked.analyzers ?? allAnalyzers)[name]);
  const results = new Map<AnalyzerName, AnalyzerResult>();
  const outcomes: AnalyzerOutcome[] = [];
  for (const phase of phases) {
    const members = chosen.filter((analyzer) => analyzer.phase === phase);
    const earlier: ReadonlyMap<AnalyzerName, AnalyzerResult> = new Map(results);
    const ended = await Promise.all(members.map((member) => runOne(member, earlier, asked, () => outcomes.length / chosen.length)));
    for (const { outcome, result } of ended) {
      outcomes.push(outcome);
      if (result) results.set(outcome.analyzer, result);
    }
  }
  return report({ asked, started, depth: selection.depth, outcomes, results });
}

/** Who asks for N+1 queries wants no other code touched. */
function onlyLoading(context: Orchestration["context"]): Orchestration["context"] {
  const { project } = context;
  if (!project) return context;
  const isLoading = ({ rule }: Finding): boolean => nPlusOneRules.has(rule) || rule === "load-all-columns";
  return {
    ...context,
    project: async () => {
      const check = await project();
      return { ...check, findings: check.findings.filter(isLoading) };
    },
  };
}

interface Ended {
  readonly outcome: AnalyzerOutcome;
  readonly result?: AnalyzerResult;
}

async function runOne(analyzer: Analyzer, earlier: AnalyzerContext["earlier"], asked: Orchestration, share: () => number): Promise<Ended> {
  const { signal } = asked.context;
  signal.throwIfAborted();
  const started = asked.now().getTime();
  const outcome = (status: AnalyzerOutcome["status"], summary: string, reason?: string): AnalyzerOutcome => {
    const elapsedMs = asked.now().getTime() - started;
    return { analyzer: analyzer.name, phase: analyzer.phase, status, elapsedMs, summary, ...(reason === undefined ? {} : { reason }) };
  };
  const progress = (message: string): void => asked.progress(`${analyzer.name}: ${message}`, share());
  try {
    const missing = await missingNeed(analyzer, asked.context);
    if (missing !== undefined) return { outcome: outcome("skipped", "Skipped.", missing) };
    progress("started");
    const result = await analyzer.run({ ...asked.context, earlier, progress });
    return { result, outcome: outcome("done", [result.summary, ...(result.notes ?? [])].join(" ")) };
  } catch (error) {
    if (isCancelled(error, signal)) throw error;
    return { outcome: outcome("failed", "Failed.", reasonOf(error)) };
  }
}

async function missingNeed({ needs }: Analyzer, context: Orchestration["context"]): Promise<string | undefined> {
  if (needs.includes("project") && !context.project) return "There are no project files to look at.";
  if ((needs.includes("database") || needs.includes("workload")) && !context.withSession) return "No connection was given.";
  if (!needs.includes("workload")) return undefined;
  const workload = await context.workload?.();
  if (!workload) return "No connection was given.";
  return workload.available ? undefined : (workload.reason ?? "pg_stat_statements is not available.");
}

function reasonOf(error: unknown): string {
  if (error instanceof OptimizerError) return [error.failure.message, error.failure.advice].filter((part) => part !== undefined).join(" ");
  return `Internal error: ${error instanceof Error ? error.message : String(error)}`;
}

interface Finished {
  readonly asked: Orchestration;
  readonly started: Date;
  readonly depth: number;
  readonly outcomes: readonly AnalyzerOutcome[];
  readonly results: ReadonlyMap<AnalyzerName, AnalyzerResult>;
}

async function report({ asked, started, depth, outcomes, results }: Finished): Promise<Report> {
  const all = [...results.values()];
  const context: AnalyzerContext = { ...asked.context, earlier: results, progress: () => undefined };
  const usesProject = outcomes.some(
    ({ analyzer, status }) => status === "done" && (asked.analyzers ?? allAnalyzers)[analyzer].needs.includes("project"),
  );
  const project = usesProject ? await asked.context.project?.() : undefined;
  return {
    title: titles[asked.focus],
    createdAt: started.toISOString(),
    depth,
    database: asked.database,
    analyzers: [...outcomes],
    metrics: all.flatMap(({ metrics }) => metrics ?? []),
    findings: usesProject ? [...(await currentFindings(context))] : [],
    slowQueries: all.flatMap(({ slowQueries }) => slowQueries ?? []),
    recommendations: mergeRecommendations(all.flatMap(({ recommendations }) => recommendations ?? [])),
    applied: [],
    files: project?.files ?? 0,
    elapsedMs: asked.now().getTime() - started.getTime(),
  };
}
