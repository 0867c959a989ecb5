import type { Finding, Fix } from "#protocol/finding";
import type { AskConsent } from "#protocol/messages";
import type { AnalyzerName, AnalyzerOutcome, Load, Machine, Metric, Recommendation } from "#protocol/report";
import type { SlowQuery } from "#protocol/workload";
import type { Catalog } from "../catalog/catalog.js";
import type { Session } from "../database/session.js";
import type { WorkloadSnapshot } from "../workload/workload.js";
import type { Candidate } from "./optimize/indexes/candidate.js";

export type Phase = AnalyzerOutcome["phase"];

/** What an analyzer cannot do without; it is skipped with the reason where the context lacks it. */
export type Need = "project" | "database" | "workload";

/** One of the eleven workers: asks, measures, and yields findings and recommendations. */
export interface Analyzer {
  readonly name: AnalyzerName;
  readonly phase: Phase;
  readonly needs: readonly Need[];
  /** May throw: the orchestrator turns it into a failed outcome that stops nobody else. */
  readonly run: (context: AnalyzerContext) => Promise<AnalyzerResult>;
}

export interface AnalyzerResult {
  /** One sentence for the report. */
  readonly summary: string;
  readonly metrics?: readonly Metric[];
  readonly findings?: readonly Finding[];
  readonly slowQueries?: readonly SlowQuery[];
  readonly recommendations?: readonly Recommendation[];
  /** Indexes to be created, in full: a migration needs more of them than their DDL. */
  readonly indexes?: readonly NewIndex[];
  /** Ids of findings whose own fix is not worth making: the planner's cost does not fall. */
  readonly declined?: readonly string[];
  /** By a finding's id: what the statement that it sends has cost. */
  readonly loads?: ReadonlyMap<string, Load>;
  /** What limits the result: statements that could not be planned, statistics that are too young, … */
  readonly notes?: readonly string[];
}

export interface NewIndex {
  readonly name: string;
  readonly candidate: Candidate;
}

/** The part of a check of the project's files that analyzers use. */
export interface ProjectCheck {
  readonly findings: readonly Finding[];
  readonly files: number;
  /** Tables as entities and DDL files declare them. */
  readonly catalog: Catalog;
}

/** How the application's pools are set up, where the project or the user tells. */
export interface PoolSetup {
  readonly poolSize: number;
  /** −1 is unbounded. */
  readonly maxOverflow: number;
  /** Processes × replicas × engines. */
  readonly pools: number;
}

export interface AnalyzerContext {
  /** Findings of the project's files; undefined where there is no project. One check serves all analyzers. */
  readonly project?: () => Promise<ProjectCheck>;
  /** The SQL statement in which a finding stands, with `$n`; with `fix`, as it would be after that. Undefined where there is none. */
  readonly statementOf?: (finding: Finding, fix?: Fix) => Promise<string | undefined>;
  /** Leases one backend for the time of `use`; undefined without a connection. */
  readonly withSession?: <T>(use: (session: Session) => Promise<T>) => Promise<T>;
  /** The server's catalog where there is a connection, else the project's. Read once. */
  readonly catalog: () => Promise<Catalog>;
  /** Undefined without a connection; `available` may still be false. Read once. */
  readonly workload?: () => Promise<WorkloadSnapshot>;
  readonly consent: (question: AskConsent.Params) => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  /** Results of earlier phases. */
  readonly earlier: ReadonlyMap<AnalyzerName, AnalyzerResult>;
  readonly machine?: Machine;
  readonly pools?: PoolSetup;
  /** Where a migration file would continue; undefined = to be filled in by the user. */
  readonly migration?: MigrationSettings;
}

export interface MigrationSettings {
  /** The current head, or null for the first revision of a project. */
  readonly downRevision: string | null;
  /** Of the new migration. */
  readonly revision: string;
  /** ISO 8601. */
  readonly createdAt: string;
}
