import { count, percent } from "../format.js";
import { evidence, selfTime } from "./costs.js";
import { detail, numberDetail } from "./details.js";
import { negligibleMs, type InsightRule } from "./insight.js";
import { memoryAdvice } from "./memory.js";

const leastMisses = 1000;
const mostHits = 0.1;

/** A cache of the inner side of a join that nearly never has what is asked for. */
export const memoizeFewHits: InsightRule = {
  id: "memoize-few-hits",
  docs: {
    summary: "The cache of a nested loop's inner side hardly ever had the answer.",
    whatItMeans: "Memoize keeps the inner side's rows by key. The planner expected keys to repeat; fewer than one in ten did.",
    whyItCosts: "Keys and rows are hashed and copied for nothing, and the plan was chosen because the cache made it look cheap.",
    whatToDo:
      "`ANALYZE` the table that gives the keys (its number of distinct values is wrong). Where entries were evicted, raise `work_mem` for the statement. Else `SET LOCAL enable_memoize = off`.",
    silentWhen: "At least a tenth of the lookups hit, fewer than 1,000 missed, or the join took less than 1 ms.",
    references: ["https://www.postgresql.org/docs/current/runtime-config-query.html#GUC-ENABLE-MEMOIZE"],
  },
  replaces: { above: ["nested-loop-many-index-scans"] },
  inspect: (node, subject) => {
    const hits = numberDetail(node, "Cache Hits") ?? 0;
    const misses = numberDetail(node, "Cache Misses") ?? 0;
    if (node.type !== "Memoize" || misses < leastMisses || hits / (hits + misses) >= mostHits || (node.wallTimeMs ?? 0) < negligibleMs)
      return undefined;
    const evictions = numberDetail(node, "Cache Evictions") ?? 0;
    const peak = (numberDetail(node, "Peak Memory Usage") ?? 0) * 1024;
    const memory =
      evictions > 0 ? memoryAdvice(subject, (peak * misses) / Math.max(misses - evictions, 1), node.participants ?? 1, true) : undefined;
    const key = detail(node, "Cache Key");
    return {
      message: `${node.title} had the answer for ${count(hits)} of ${count(hits + misses)} lookups (${percent(hits / (hits + misses))})${evictions > 0 ? ` and threw ${count(evictions)} entries out for lack of memory` : ""}: the planner expected ${key ?? "the keys"} to repeat.`,
      advice: memory
        ? `${memory.text} Or SET LOCAL enable_memoize = off.`
        : `ANALYZE the table of ${key ?? "the key"}, whose number of distinct values the planner guesses too low; else SET LOCAL enable_memoize = off for this statement.`,
      share: subject.share(node),
      sql: memory ? memory.sql : "SET LOCAL enable_memoize = off;",
      evidence: evidence(
        ["Hits", count(hits)],
        ["Misses", count(misses)],
        ["Evictions", count(evictions)],
        ["Cache key", key],
        selfTime(node, subject),
      ),
    };
  },
};
