/**
 * A plan over many partitions as a server sends it, about 1.5 kB per node: Gather → Parallel Append → one scan per partition, with the keys of
 * VERBOSE, BUFFERS and WAL, and an InitPlan and a CTE that every hundredth of them names.
 */
export function planOverPartitions(partitions: number): string {
  const scans = Array.from({ length: partitions }, (_, index) => scan(index));
  const total = scans.reduce((sum, { "Actual Total Time": time, "Actual Loops": loops }) => sum + time * loops, 0);
  const append = node("Append", total / 3, 3, scans.length, { "Parallel Aware": true, "Parent Relationship": "Outer", Plans: scans });
  const initPlan = node("Result", 1, 1, 4, { "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1", Output: ["4"] });
  const gather = node("Gather", total / 3 + 2, 1, scans.length + 4, {
    "Parent Relationship": "Outer",
    "Workers Planned": 2,
    "Workers Launched": 2,
    Plans: [append],
  });
  const root = node("Aggregate", total / 3 + 3, 1, scans.length + 4, { Strategy: "Plain", Plans: [initPlan, gather] });
  return JSON.stringify([{ Plan: root, "Planning Time": 900, Triggers: [], "Execution Time": total / 3 + 4 }], null, 2);
}

function scan(index: number) {
  const filter = index % 100 === 0 ? "(m.v > (InitPlan 1).col1)" : `((m.v > 3) AND (m.note <> 'partition ${index}'::text))`;
  return node("Seq Scan", 0.05, index % 3 === 0 ? 3 : 1, 1, {
    "Parent Relationship": "Member",
    "Relation Name": `measurement_${index}`,
    Schema: "public",
    Alias: `m_${index}`,
    Output: [`m_${index}.id`, `m_${index}.v`, `m_${index}.note`, `m_${index}.taken_at`],
    Filter: filter,
    "Rows Removed by Filter": index % 50,
  });
}

function node(type: string, time: number, loops: number, hit: number, keys: Record<string, unknown>) {
  return {
    "Node Type": type,
    "Parallel Aware": false,
    "Async Capable": false,
    "Startup Cost": 0,
    "Total Cost": 12.5,
    "Plan Rows": 10,
    "Plan Width": 48,
    "Actual Startup Time": 0,
    "Actual Total Time": Number(time.toFixed(3)),
    "Actual Rows": 10,
    "Actual Loops": loops,
    Disabled: false,
    ...Object.fromEntries(blockKeys.map((key) => [key, key === "Shared Hit Blocks" ? hit : 0])),
    ...Object.fromEntries(timeKeys.map((key) => [key, 0])),
    ...Object.fromEntries(walKeys.map((key) => [key, 0])),
    ...keys,
  };
}

const blockKeys = ["Shared", "Local"]
  .flatMap((kind) => ["Hit", "Read", "Dirtied", "Written"].map((what) => `${kind} ${what} Blocks`))
  .concat("Temp Read Blocks", "Temp Written Blocks");
const timeKeys = ["Shared", "Local", "Temp"].flatMap((kind) => ["Read", "Write"].map((what) => `${kind} I/O ${what} Time`));
const walKeys = ["WAL Records", "WAL FPI", "WAL Bytes", "WAL Buffers Full"];
