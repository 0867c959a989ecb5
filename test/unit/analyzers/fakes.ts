import type { Catalog, Column, Index, Table } from "../../../server/src/catalog/catalog.js";
import type { DatabaseCounters, ExplainRequest, IndexDefinition, Session, WhatIfAnswer } from "../../../server/src/database/session.js";
import type { AnalyzerContext } from "../../../server/src/analyzers/index.js";
import type { WorkloadSnapshot, WorkloadStatement } from "../../../server/src/workload/workload.js";

export function column(name: string, type = "bigint", statistics: Partial<NonNullable<Column["statistics"]>> = {}): Column {
  const usual = { nullFraction: 0, distinct: -1, averageWidth: 8, mostCommon: [], histogram: [] };
  return { name, type, notNull: true, statistics: { ...usual, ...statistics } };
}

export function index(name: string, columns: readonly string[], more: Partial<Index> = {}): Index {
  const keys = columns.map((key) => ({ column: key, descending: false }));
  const definition = `CREATE INDEX ${name} ON t (${columns.join(", ")})`;
  return { schema: "public", name, method: "btree", unique: false, primary: false, valid: true, keys, include: [], definition, ...more };
}

export function table(name: string, columns: readonly (Column | string)[], more: Partial<Table> = {}): Table {
  return {
    schema: "public",
    name,
    kind: "table",
    columns: columns.map((entry) => (typeof entry === "string" ? column(entry) : entry)),
    primaryKey: ["id"],
    uniques: [],
    foreignKeys: [],
    indexes: [index(`${name}_pkey`, ["id"], { unique: true, primary: true })],
    size: { rows: 100_000, pages: 2000, bytes: 16_000_000 },
    ...more,
  };
}

export function catalog(...tables: readonly Table[]): Catalog {
  return { source: { kind: "server", connection: "test", readAt: "2026-01-01T00:00:00Z" }, tables, extensions: [] };
}

export const counters: DatabaseCounters = {
  blocksHit: 99_000,
  blocksRead: 1_000,
  indexBlocksHit: 50_000,
  indexBlocksRead: 10,
  connections: 20,
  maxConnections: 103,
  reservedConnections: 3,
  connectionsByState: [],
  databaseBytes: 1024 ** 3,
  tempFiles: 0,
  tempBytes: 0,
  deadlocks: 0,
};

/** EXPLAIN's answer of one scan. */
export function scanPlan(relation: string, keys: Record<string, unknown> = {}): string {
  const node = { "Node Type": "Seq Scan", "Relation Name": relation, Schema: "public", Alias: relation };
  return JSON.stringify([{ Plan: { ...node, "Startup Cost": 0, "Total Cost": 4000, "Plan Rows": 10, "Plan Width": 8, ...keys } }]);
}

export interface FakeAnswers {
  readonly explain?: (sql: string) => string;
  /** Cost with these indexes, as `table(key,key)`; undefined = the indexes are not used. */
  readonly cost?: (sql: string, indexes: readonly string[]) => number | undefined;
  readonly unavailable?: string;
  readonly method?: WhatIfAnswer["method"];
  readonly settings?: Readonly<Record<string, string | [value: string, unit: string]>>;
  readonly counters?: Partial<DatabaseCounters>;
}

const keyText = (definition: IndexDefinition): string =>
  `${definition.table}(${definition.keys.join(",").replaceAll('"', "")})` +
  (definition.include ? ` include ${definition.include.join(",")}` : "") +
  (definition.predicate === undefined ? "" : ` where ${definition.predicate.replaceAll('"', "")}`);

export interface FakeSession extends Session {
  /** Each what-if question, as `sql: indexes`. */
  readonly asked: string[];
}

export function fakeSession(answers: FakeAnswers = {}): FakeSession {
  const asked: string[] = [];
  let running = false;
  const method = answers.method ?? "hypopg";
  const whatIf = async (request: ExplainRequest, definitions: readonly IndexDefinition[]) => {
    if (running) throw new Error("two questions at once: hypothetical indexes live in the session");
    running = true;
    await Promise.resolve();
    running = false;
    if (answers.unavailable !== undefined) return { unavailable: answers.unavailable };
    const keys = definitions.map(keyText);
    asked.push(`${request.sql}: ${keys.join(" + ")}`);
    const cost = answers.cost?.(request.sql, keys);
    const plan = answers.explain?.(request.sql) ?? scanPlan("t");
    const used = cost === undefined ? [] : definitions.map((_, position) => `<${position}>btree`);
    const json = cost === undefined ? plan : scanPlan("t", { "Node Type": "Index Scan", "Index Name": used[0], "Total Cost": cost });
    return { method, json, usedIndexes: used, names: used };
  };
  const settings = Object.entries(answers.settings ?? {}).map(([name, setting]) => {
    const [value, unit] = typeof setting === "string" ? [setting, undefined] : setting;
    return [name, { value, unit, source: "configuration file" }] as const;
  });
  return {
    asked,
    profile: { id: "test", name: "test", class: "normal", source: "parameters", tls: "disable", connectTimeout: 1, statementTimeout: 1 },
    status: {
      id: "test",
      name: "test",
      class: "normal",
      target: "test",
      state: "connected",
      hypopg: method === "hypopg" ? "1.4.0" : undefined,
    },
    serverVersion: 150000,
    catalog: () => Promise.resolve(catalog()),
    workload: () => Promise.resolve(snapshot([])),
    trust: () => undefined,
    column: () => Promise.resolve(undefined),
    explain: (request) => Promise.resolve().then(() => ({ json: answers.explain?.(request.sql) ?? scanPlan("t"), notes: [] })),
    whatIf,
    settings: () => Promise.resolve(new Map(settings)),
    running: () => Promise.resolve({ texts: [], hidden: 0 }),
    counters: () => Promise.resolve({ ...counters, ...answers.counters }),
  };
}

export function statement(query: string, more: Partial<WorkloadStatement> = {}): WorkloadStatement {
  const blocks = {
    sharedBlocksHit: 0,
    sharedBlocksRead: 0,
    sharedBlocksDirtied: 0,
    sharedBlocksWritten: 0,
    tempBlocksRead: 0,
    tempBlocksWritten: 0,
  };
  return { queryId: query, query, calls: 100, totalTimeMs: 1000, meanTimeMs: 10, rows: 100, ...blocks, ...more };
}

export function snapshot(statements: readonly WorkloadStatement[], more: Partial<WorkloadSnapshot> = {}): WorkloadSnapshot {
  return { source: "pg_stat_statements", takenAt: "2026-01-01T00:00:00Z", available: true, statements, ...more };
}

export function context(more: Partial<AnalyzerContext> & { session?: Session } = {}): AnalyzerContext {
  const { session, ...rest } = more;
  return {
    catalog: () => Promise.resolve(catalog()),
    consent: () => Promise.resolve(false),
    signal: new AbortController().signal,
    progress: () => undefined,
    earlier: new Map(),
    ...(session ? { withSession: (use) => use(session) } : {}),
    ...rest,
  };
}
