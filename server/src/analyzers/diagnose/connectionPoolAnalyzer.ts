import type { Metric, Recommendation } from "#protocol/report";
import type { DatabaseCounters } from "../../database/session.js";
import { format } from "../../plan/index.js";
import type { Analyzer, PoolSetup } from "../analyzer.js";
import { plural, recommend } from "../support.js";

/** SQLAlchemy's own defaults, from its documentation. */
const defaults = "SQLAlchemy's defaults are pool_size=5, max_overflow=10, pool_timeout=30, no pool_recycle";

/** How near the server is to its limit of connections, who holds them, and whether the pools can exceed it. */
export const connectionPoolAnalyzer: Analyzer = {
  name: "connectionPoolAnalyzer",
  phase: "diagnose",
  needs: ["database"],
  run: async (context) => {
    const read = await context.withSession?.(async (session) => ({
      counters: await session.counters(),
      settings: await session.settings(),
    }));
    if (!read) return { summary: "No connection." };
    const { settings } = read;
    const counters = withoutOwn(read.counters);
    const recommendations = [
      ...usage(counters),
      ...idleInTransaction(counters, settings.get("idle_in_transaction_session_timeout")?.value),
      ...poolArithmetic(counters, context.pools),
    ];
    return {
      summary: `${plural(counters.connections, "connection")} of ${available(counters)} in use.`,
      metrics: [usageMetric(counters)],
      recommendations,
      notes: context.pools ? [] : [`Pool sizes are not known, so their sum was not checked against max_connections; ${defaults}.`],
    };
  },
};

/** What this product's own connections call themselves. They are there because somebody looks, and gone when the look is over. */
const ownApplication = "db-optimize";

function withoutOwn(counters: DatabaseCounters): DatabaseCounters {
  const connectionsByState = counters.connectionsByState.filter(({ application }) => application !== ownApplication);
  const own = counters.connectionsByState.filter(({ application }) => application === ownApplication);
  const connections = counters.connections - own.reduce((sum, { count }) => sum + count, 0);
  return { ...counters, connections, connectionsByState };
}

/** What ordinary users may open: some are kept for superusers. */
export function available({ maxConnections, reservedConnections }: DatabaseCounters): number {
  return Math.max(maxConnections - reservedConnections, 1);
}

function usageMetric(counters: DatabaseCounters): Metric {
  const share = counters.connections / available(counters);
  return {
    name: "connection_pool_usage",
    label: "Connections in use",
    value: 100 * share,
    unit: "%",
    target: "< 70 %",
    ok: share < 0.7,
    note: "Of max_connections less the reserved ones, at this moment. The application's own pools are not seen from here.",
  };
}

function usage(counters: DatabaseCounters): readonly Recommendation[] {
  const share = counters.connections / available(counters);
  if (share <= 0.7) return [];
  const full = share > 0.9;
  return [
    recommend({
      kind: "pool",
      title: `${format.percent(share)} of the connections are in use`,
      why:
        `${full ? "The next burst will be refused" : "A burst can exhaust them"}: ${counters.connections} of ${available(counters)}. ` +
        "Lower pool sizes, close what is idle, or put PgBouncer in transaction mode in front; raising max_connections costs memory per connection.",
      severity: full ? "error" : "warning",
      evidence: {
        level: "measured",
        facts: counters.connectionsByState.map(({ state, application, count }) => `${count} × ${state} (${application || "no name"})`),
      },
    }),
  ];
}

function idleInTransaction(counters: DatabaseCounters, timeout: string | undefined): readonly Recommendation[] {
  const held = counters.connectionsByState.filter(({ state }) => state.startsWith("idle in transaction"));
  const count = held.reduce((sum, entry) => sum + entry.count, 0);
  if (count === 0) return [];
  const unlimited = timeout === "0";
  return [
    recommend({
      kind: "pool",
      title: `${plural(count, "connection")} idle in an open transaction`,
      why: "They hold locks and keep vacuum from removing dead rows. End the transaction before doing other work (close the session, commit, or leave the with block before calling out).",
      severity: count >= 5 ? "warning" : "info",
      evidence: { level: "measured", facts: held.map((entry) => `${entry.count} × ${entry.application || "no application name"}`) },
      ...(unlimited ? { action: "ALTER DATABASE … SET idle_in_transaction_session_timeout = '60s';" } : {}),
    }),
  ];
}

function poolArithmetic(counters: DatabaseCounters, pools: PoolSetup | undefined): readonly Recommendation[] {
  if (!pools) return [];
  const room = available(counters);
  const evidence = {
    level: "code",
    facts: [`${pools.pools} pools × (${pools.poolSize} + ${pools.maxOverflow}); ${room} connections available.`],
  } as const;
  if (pools.maxOverflow < 0) {
    const why =
      "max_overflow = -1 opens a connection for every waiting thread: a burst takes all that the server has, for everyone. Give it a number.";
    return [
      recommend({
        kind: "pool",
        title: "A pool without an upper bound",
        why,
        severity: "warning",
        evidence: { ...evidence, facts: [...evidence.facts] },
      }),
    ];
  }
  const most = pools.pools * (pools.poolSize + pools.maxOverflow);
  if (most <= room) return [];
  return [
    recommend({
      kind: "pool",
      title: `The pools may open ${format.count(most)} connections, the server allows ${format.count(room)}`,
      why: `Under load the rest fail with “too many clients”. Keep processes × (pool_size + max_overflow) below ${format.count(room)}, or pool outside with PgBouncer.`,
      severity: "warning",
      evidence: { ...evidence, facts: [...evidence.facts] },
    }),
  ];
}
