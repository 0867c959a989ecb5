import type { Metric } from "#protocol/report";
import type { DatabaseCounters } from "../../database/session.js";
import { format } from "../../plan/index.js";
import type { Analyzer } from "../analyzer.js";
import { plural, shortened } from "../support.js";
import { slowQueriesOf } from "./slowQueries.js";

const shown = 20;

/** Which statements take the time, and how well the caches serve them. */
export const queryProfiler: Analyzer = {
  name: "queryProfiler",
  phase: "profile",
  needs: ["database"],
  run: async (context) => {
    const counters = context.withSession ? await context.withSession((session) => session.counters()) : undefined;
    const workload = await context.workload?.();
    const slowQueries = workload?.available ? slowQueriesOf(workload.statements).slice(0, shown) : [];
    return {
      summary: summary(slowQueries.length, workload?.available ?? false, slowQueries[0]),
      slowQueries,
      metrics: [...(counters ? cacheMetrics(counters) : []), ...percentiles()],
      notes: workload?.available === false && workload.reason !== undefined ? [workload.reason] : [],
    };
  },
};

function summary(count: number, available: boolean, top: { query: string; share: number } | undefined): string {
  if (!available) return "Cache figures only: pg_stat_statements is not available.";
  if (!top) return "pg_stat_statements has no statements yet.";
  return `${plural(count, "statement")} looked at; the first takes ${format.percent(top.share)} of all time: ${shortened(top.query, 80)}`;
}

function cacheMetrics(counters: DatabaseCounters): readonly Metric[] {
  return [
    ratioMetric("cache_hit_ratio", "Buffer cache hit ratio", counters.blocksHit, counters.blocksRead, 0.95),
    ratioMetric("index_hit_ratio", "Index cache hit ratio", counters.indexBlocksHit, counters.indexBlocksRead, 0.99),
  ];
}

function ratioMetric(name: string, label: string, hit: number, read: number, least: number): Metric {
  const base = { name, label, unit: "%", target: `> ${least * 100} %` };
  const total = hit + read;
  if (total === 0) return { ...base, note: "No blocks have been read since the statistics were reset." };
  const note =
    total < 10_000
      ? "Fewer than 10,000 blocks so far: too few to judge by."
      : "Of shared buffers; the operating system's cache is not counted.";
  return { ...base, value: (100 * hit) / total, ok: total < 10_000 ? undefined : hit / total > least, note };
}

const notFromStatements =
  "pg_stat_statements keeps mean, deviation, minimum and maximum only: percentiles have to be measured (benchmark, log or profiler).";

function percentiles(): readonly Metric[] {
  return [
    { name: "query_time_p95", label: "Query time, 95th percentile", unit: "ms", target: "< 100 ms", note: notFromStatements },
    { name: "query_time_p99", label: "Query time, 99th percentile", unit: "ms", target: "< 500 ms", note: notFromStatements },
  ];
}
