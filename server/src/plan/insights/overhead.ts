import { count, milliseconds, percent } from "../format.js";
import { evidence } from "./costs.js";
import type { InsightRule } from "./insight.js";

const leastJitMs = 20;
const leastJitShare = 0.3;

/** Compiling expressions took longer than it can have saved. */
export const jitCost: InsightRule = {
  id: "jit-costs-more",
  docs: {
    summary: "Compiling the statement's expressions (JIT) took a large part of its time.",
    whatItMeans: "The planner's cost was above `jit_above_cost`, so expressions were compiled with LLVM before and while it ran.",
    whyItCosts:
      "Compilation takes tens to hundreds of milliseconds per statement, in each process. It pays only where many millions of rows are computed; a high cost from many partitions or a wrong estimate does not mean that.",
    whatToDo: "`SET LOCAL jit = off` for this statement and compare; raise `jit_above_cost` (default 100,000) for the server.",
    silentWhen: "JIT took less than 20 ms or less than 30 % of the execution.",
    references: ["https://www.postgresql.org/docs/current/jit-decision.html"],
  },
  inspect: (node, subject) => {
    const ms = subject.plan.jitMs ?? 0;
    const share = subject.shareOf(ms);
    if (!subject.isRoot(node) || ms < leastJitMs || share < leastJitShare) return undefined;
    const rest = (subject.totalTime ?? 0) - ms;
    return {
      message: `JIT compilation took ${milliseconds(ms)}, ${percent(share)} of the execution; everything else took ${milliseconds(rest)}, of which compiled expressions can save only a part.`,
      advice: "SET LOCAL jit = off for this statement and compare; raise jit_above_cost where statements like this are common.",
      share,
      sql: "SET LOCAL jit = off;",
      evidence: evidence(
        ["JIT", milliseconds(ms)],
        ["Execution without it", milliseconds(rest)],
        ["Planner's cost", node.totalCost === undefined ? undefined : count(node.totalCost)],
      ),
    };
  },
};

const leastPlanningMs = 10;

/** Planning takes longer than the statement itself. */
export const planningTime: InsightRule = {
  id: "planning-longer-than-execution",
  docs: {
    summary: "Planning took longer than running.",
    whatItMeans: "The planner needed more time to choose the plan than the plan needed.",
    whyItCosts:
      "A statement that is planned for each execution pays it each time. Many partitions, joins or indexes make it long; so does a new connection whose caches are empty.",
    whatToDo:
      "Use prepared statements, which can keep a plan; touch fewer partitions (prune by constants); lower `join_collapse_limit` for statements with very many joins; keep connections open (a pool).",
    silentWhen: "Planning took less than 10 ms or less than the execution.",
    references: ["https://www.postgresql.org/docs/current/sql-prepare.html"],
  },
  inspect: (node, subject) => {
    const planning = subject.plan.planningTimeMs ?? 0;
    const execution = subject.plan.executionTimeMs;
    if (!subject.isRoot(node) || execution === undefined || planning < leastPlanningMs || planning <= execution) return undefined;
    const relations = subject.plan.nodes.filter(({ relation }) => relation !== undefined).length;
    const read = subject.plan.planningBuffers?.sharedRead ?? 0;
    const cold = read > 0 ? " It also had to read catalog blocks: the next plan of this connection may be quicker." : "";
    return {
      message: `Planning took ${milliseconds(planning)}, running ${milliseconds(execution)}: ${percent(planning / (planning + execution))} of both together went into choosing the plan, which scans ${count(relations)} relations.`,
      advice: `Use a prepared statement, whose plan can be kept; let constants prune partitions; keep connections open.${cold}`,
      share: planning / (planning + execution),
      evidence: evidence(
        ["Planning", milliseconds(planning)],
        ["Execution", milliseconds(execution)],
        ["Relations scanned", count(relations)],
        ["Catalog blocks read", read > 0 ? count(read) : undefined],
      ),
    };
  },
};
