import { z } from "zod";
import { Evidence, Finding, Severity, Applicability, TextEdit } from "./finding.js";
import { IndexSuggestion } from "./advice.js";
import { SlowQuery } from "./workload.js";

export const AnalyzerName = z.enum([
  "queryProfiler",
  "schemaAnalyzer",
  "indexScanner",
  "nPlusOneDetector",
  "slowQueryAnalyzer",
  "connectionPoolAnalyzer",
  "queryRewriter",
  "indexAdvisor",
  "configTuner",
  "codeGenerator",
  "migrationBuilder",
]);
export type AnalyzerName = z.infer<typeof AnalyzerName>;

/** What the user says of the server's machine; a server does not tell. */
export const Machine = z.object({
  memoryBytes: z.number().positive().optional(),
  cpus: z.number().int().positive().optional(),
  storage: z.enum(["hdd", "ssd", "san", "nvme"]).optional(),
  purpose: z.enum(["web", "oltp", "dw", "desktop", "mixed"]).optional(),
});
export type Machine = z.infer<typeof Machine>;

/** What statements have cost so far, as the workload counts them. */
export const Load = z.object({ statements: z.number(), calls: z.number(), totalTimeMs: z.number(), share: z.number() });
export type Load = z.infer<typeof Load>;

/** A concrete change with its proof. */
export const Recommendation = z.object({
  id: z.string(),
  kind: z.enum(["index", "drop-index", "rewrite", "setting", "code", "migration", "schema", "pool"]),
  title: z.string(),
  why: z.string(),
  severity: Severity,
  evidence: Evidence,
  /** What to run or paste: DDL, a setting, code. */
  action: z.string().optional(),
  applicability: Applicability,
  edits: z.array(TextEdit),
  index: IndexSuggestion.optional(),
  /** Of the statements that it concerns: what is at stake, not what it saves. */
  load: Load.optional(),
});
export type Recommendation = z.infer<typeof Recommendation>;

/** A metric of the database against its target; `value` is absent when it cannot be known, and `note` says why. */
export const Metric = z.object({
  name: z.string(),
  label: z.string(),
  value: z.number().optional(),
  unit: z.string(),
  target: z.string(),
  ok: z.boolean().optional(),
  note: z.string().optional(),
});
export type Metric = z.infer<typeof Metric>;

export const AnalyzerOutcome = z.object({
  analyzer: AnalyzerName,
  phase: z.enum(["profile", "diagnose", "optimize", "implement"]),
  status: z.enum(["done", "skipped", "failed"]),
  /** Why it was skipped or failed. */
  reason: z.string().optional(),
  elapsedMs: z.number(),
  summary: z.string(),
});
export type AnalyzerOutcome = z.infer<typeof AnalyzerOutcome>;

export const Report = z.object({
  title: z.string(),
  createdAt: z.string(),
  depth: z.number().int().min(1).max(5),
  database: z.string().optional(),
  analyzers: z.array(AnalyzerOutcome),
  metrics: z.array(Metric),
  findings: z.array(Finding),
  slowQueries: z.array(SlowQuery),
  recommendations: z.array(Recommendation),
  /** Files written or changed by `--apply`. */
  applied: z.array(z.string()),
  files: z.number(),
  elapsedMs: z.number(),
});
export type Report = z.infer<typeof Report>;
