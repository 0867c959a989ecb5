import type { ConnectionProfile, ConnectionStatus } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import type { Catalog } from "../catalog/catalog.js";
import type { WorkloadSnapshot } from "../workload/workload.js";
import { explainPassed } from "./explain.js";
import { passGuard, type GuardContext } from "./guard/guard.js";
import { checkOwnGround } from "./guard/ownGround.js";
import type { TrustStore } from "./guard/trust.js";
import type { LeasedBackend } from "./openBackend.js";
import { readCatalog } from "./read/catalog.js";
import { readColumnFacts } from "./read/columnFacts.js";
import { readCounters, readSettings } from "./read/counters.js";
import { readRunning, type RunningStatements } from "./read/running.js";
import { readWorkload } from "./read/workload.js";
import type { ColumnFacts, DatabaseCounters, ExplainAnswer, ExplainRequest, IndexDefinition, Session, WhatIfAnswer } from "./session.js";
import { inTransaction } from "./transaction.js";
import { planWithIndexes } from "./whatIf.js";

/** One leased backend behind the guard. */
export class LeasedSession implements Session {
  constructor(
    readonly profile: ConnectionProfile,
    readonly status: ConnectionStatus,
    private readonly leased: LeasedBackend,
    private readonly trusted: TrustStore,
  ) {}

  get serverVersion(): number {
    return this.leased.facts.version;
  }

  private get context(): GuardContext {
    return { ...this.leased, profile: this.profile, trust: this.trusted };
  }

  trust(definitionHashes: readonly string[]): void {
    for (const hash of definitionHashes) this.trusted.add(this.profile.id, hash);
  }

  explain(request: ExplainRequest): Promise<ExplainAnswer> {
    const { backend, facts } = this.leased;
    const purpose = request.analyze ? "analyze" : "plan";
    return passGuard(this.context, { sql: request.sql, purpose, consent: request.consent }, async (passed) => {
      checkParameters(passed.parameters, request);
      return { json: await explainPassed(backend, facts, passed, request), notes: passed.notes };
    });
  }

  whatIf(request: ExplainRequest, indexes: readonly IndexDefinition[]): Promise<WhatIfAnswer | { readonly unavailable: string }> {
    return planWithIndexes(this.context, request, indexes);
  }

  catalog(): Promise<Catalog> {
    return this.reading(() => readCatalog(this.leased.backend, this.leased.facts, this.profile));
  }

  column(name: { readonly schema?: string; readonly table: string; readonly column: string }): Promise<ColumnFacts | undefined> {
    return this.reading(() => readColumnFacts(this.leased.backend, this.leased.facts, name));
  }

  workload(): Promise<WorkloadSnapshot> {
    return this.reading(() => readWorkload(this.leased.backend, this.leased.facts));
  }

  running(): Promise<RunningStatements> {
    return this.reading(() => readRunning(this.leased.backend));
  }

  settings(): Promise<ReadonlyMap<string, { value: string; unit?: string; source: string }>> {
    return this.reading(() => readSettings(this.leased.backend));
  }

  counters(): Promise<DatabaseCounters> {
    return this.reading(() => readCounters(this.leased.backend, this.leased.facts));
  }

  private reading<T>(work: () => Promise<T>): Promise<T> {
    const { backend } = this.leased;
    return inTransaction(backend, { mode: "READ ONLY", statementTimeoutSeconds: this.profile.statementTimeout }, async () => {
      await checkOwnGround(backend);
      return work();
    });
  }
}

export function checkParameters(expected: number, { parameters, genericPlan }: Pick<ExplainRequest, "parameters" | "genericPlan">): void {
  if (genericPlan || parameters.length === expected) return;
  throw new OptimizerError({
    kind: "usage",
    message: `The statement has ${expected} placeholder${expected === 1 ? "" : "s"}, and ${parameters.length} value${parameters.length === 1 ? " was" : "s were"} given.`,
    advice: "Give one value for each placeholder, or ask for the generic plan.",
  });
}
