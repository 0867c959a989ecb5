/** Names of lines, as PostgreSQL 10 to 19 and its companions print them. What is not here is read too, where its place leaves no doubt. */

/** Lists of expressions: arrays in FORMAT JSON. */
// prettier-ignore
export const listKeys = new Set([
  "Output", "Sort Key", "Presorted Key", "Group Key", "Group Keys", "Hash Key", "Hash Keys", "Conflict Arbiter Indexes", "Index Cond Columns",
]);

/** Expressions and names: text, even where it looks like a number. */
// prettier-ignore
export const textKeys = new Set([
  "Filter", "Index Cond", "Recheck Cond", "Order By", "Hash Cond", "Merge Cond", "Join Filter", "One-Time Filter", "TID Cond", "Tid Cond",
  "Run Condition", "Function Call", "Table Function Call", "Remote SQL", "Relations", "Conflict Filter", "Conflict Resolution", "Cache Key",
  "Cache Mode", "Window", "Query Text", "Query Parameters", "Query", "Query Identifier", "Replaces", "Vectorized Filter", "Node",
  "Columnar Projected Columns", "Columnar Chunk Group Filters", "Order", "Foreign File",
]);

/** Whole numbers and truth values, one to a line. */
// prettier-ignore
const plainKeys = [
  "Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck", "Rows Removed by Conflict Filter", "Heap Fetches",
  "Index Searches", "Workers Planned", "Workers Launched", "Subplans Removed", "Inner Unique", "Single Copy", "Disabled", "Disabled Nodes",
  "Tuples Inserted", "Conflicting Tuples", "Task Count", "Tasks Shown", "Foreign File Size", "Chunks excluded during startup",
  "Chunks excluded during runtime", "Batch Sorted Merge", "Plan Node ID", "Parallel Safe", "Params Evaluated", "Subplan Name", "Startup Exclusion",
  "Runtime Exclusion", "Async Capable", "Tuple data received from nodes", "Tuple data received from node", "Subplan Duration",
  "Intermediate Data Size", "Result destination", "Cache Hits", "Cache Misses",
];

/** Lines about the whole statement; they stand behind the plan, Query Text before it. */
// prettier-ignore
export const statementKeys = new Set([
  "Planning", "Planning Time", "Planning time", "Execution Time", "Execution time", "Total runtime", "JIT", "Settings", "Query Identifier",
  "Serialization", "Query Text", "Query Parameters",
]);

// prettier-ignore
const packedKeys = [
  "Buffers", "I/O Timings", "WAL", "Heap Blocks", "Tuples", "Buckets", "Batches", "Planned Partitions", "Hits", "Estimates", "Sort Method",
  "Sort Methods", "Full-sort Groups", "Pre-sorted Groups", "Sampling", "Storage", "Memory", "Functions", "Options", "Timing",
];

export const knownKeys: ReadonlySet<string> = new Set([...listKeys, ...textKeys, ...plainKeys, ...statementKeys, ...packedKeys]);

/** Names of things, which may be digits only. */
// prettier-ignore
export const nameKeys = new Set([
  "Relation Name", "Schema", "Alias", "Index Name", "CTE Name", "Function Name", "Table Function Name", "Tuplestore Name", "Subplan Name",
  "Trigger Name", "Constraint Name", "Relation", "Custom Plan Provider", "Repeatable Seed",
]);
