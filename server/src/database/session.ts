import type { ConnectionProfile, ConnectionStatus } from "#protocol/connection";
import type { AskConsent } from "#protocol/messages";
import type { ParameterValue } from "#protocol/statement";
import type { Catalog, ColumnStatistics } from "../catalog/catalog.js";
import type { WorkloadSnapshot } from "../workload/workload.js";
import type { RunningStatements } from "./read/running.js";

export interface ExplainRequest {
  /** Exactly one statement, placeholders as $1 … . */
  readonly sql: string;
  readonly analyze: boolean;
  readonly parameters: readonly ParameterValue[];
  readonly genericPlan: boolean;
  readonly consent: (question: AskConsent.Params) => Promise<boolean>;
}

export interface ExplainAnswer {
  /** EXPLAIN (FORMAT JSON) as the server sent it. */
  readonly json: string;
  readonly notes: readonly string[];
}

export interface ColumnFacts {
  readonly type: string;
  /** reltuples; absent when the table was never analysed. */
  readonly rows?: number;
  readonly statistics?: ColumnStatistics;
}

/** An index that may not exist, for planning only. */
export interface IndexDefinition {
  readonly schema: string;
  readonly table: string;
  readonly method: string;
  /** Column names or expressions in parentheses, in order, each as SQL. */
  readonly keys: readonly string[];
  readonly include?: readonly string[];
  readonly predicate?: string;
}

export interface WhatIfAnswer {
  readonly method: "hypopg" | "rolled-back-index";
  readonly json: string;
  /** Bytes, where the method tells. */
  readonly sizeBytes?: number;
  /** What the plan calls each of the given indexes, in their order. */
  readonly names: readonly string[];
  /** Those of `names` that the plan uses. */
  readonly usedIndexes: readonly string[];
}

/** One leased backend. Every text from outside passes the guard inside these methods; there is no `query`. */
export interface Session {
  readonly profile: ConnectionProfile;
  readonly status: ConnectionStatus;
  readonly serverVersion: number;
  catalog(): Promise<Catalog>;
  workload(): Promise<WorkloadSnapshot>;
  /** Type, statistics and table size of one column; undefined when the name is found in no schema of the search path. */
  column(name: { readonly schema?: string; readonly table: string; readonly column: string }): Promise<ColumnFacts | undefined>;
  /** On request only: other sessions' texts can hold personal data. */
  running(): Promise<RunningStatements>;
  /** The user trusts these definitions on this connection (`Failure.trustable` names them): the guard lets them through from now on. */
  trust(definitionHashes: readonly string[]): void;
  explain(request: ExplainRequest): Promise<ExplainAnswer>;
  /** Plans `request` as if `indexes` existed; undefined with a reason where neither HypoPG nor the connection's class allows it. */
  whatIf(request: ExplainRequest, indexes: readonly IndexDefinition[]): Promise<WhatIfAnswer | { readonly unavailable: string }>;
  /** pg_settings as name → value with unit, and counters for the metrics. Fixed text only. */
  settings(): Promise<ReadonlyMap<string, { value: string; unit?: string; source: string }>>;
  counters(): Promise<DatabaseCounters>;
}

/** From pg_stat_database, pg_stat_activity and the statio views, of the current database. */
export interface DatabaseCounters {
  readonly blocksHit: number;
  readonly blocksRead: number;
  readonly indexBlocksHit: number;
  readonly indexBlocksRead: number;
  readonly connections: number;
  readonly maxConnections: number;
  readonly reservedConnections: number;
  readonly connectionsByState: readonly { state: string; application: string; count: number }[];
  readonly databaseBytes: number;
  readonly tempFiles: number;
  readonly tempBytes: number;
  readonly deadlocks: number;
  readonly statsReset?: string;
}
