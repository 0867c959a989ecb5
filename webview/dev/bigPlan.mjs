// EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) of plans of any size, for tests and the bench. The same size gives the same plan.

/**
 * A report over a partitioned table: joins and an aggregate above an Append. Four kinds of partitions, so that there is something to fold.
 * @param {number} size nodes, about
 */
export function partitionedPlan(size) {
  const parts = [];
  for (let count = 6; count < size; count += sizeOf(parts.at(-1))) parts.push(partition(parts.length));
  const append = node("Append", {}, parts);
  const hash = node("Hash", {}, [scan("customers", "c", 200)]);
  const join = node("Hash Join", { "Join Type": "Inner", "Hash Cond": "(o.customer_id = c.id)" }, [append, hash]);
  const aggregate = node("Aggregate", { Strategy: "Hashed", "Group Key": ["c.country"] }, [join], 50);
  return document(node("Sort", { "Sort Key": ["(sum(o.total)) DESC"] }, [aggregate], 50));
}

/** The same number of nodes as joins of joins: nothing in it can be folded. */
export function joinedPlan(size) {
  let next = Array.from({ length: Math.max(1, Math.floor(size / 3)) }, (_, i) => scan(`facts_${i}`, `f${i}`, 10 + (i % 977)));
  while (next.length > 1) {
    const joined = [];
    for (let i = 0; i < next.length; i += 2) {
      const [outer, inner] = [next[i], next[i + 1]];
      joined.push(inner ? node("Hash Join", { "Hash Cond": `(a.id = b.a_${i})` }, [outer, node("Hash", {}, [inner])]) : outer);
    }
    next = joined;
  }
  return document(next[0]);
}

function partition(i) {
  const table = `orders_2024_${i}`;
  if (i % 4 === 0) return scan(table, "o", 500 + (i % 31));
  if (i % 4 === 1) {
    const bitmap = node(
      "Bitmap Index Scan",
      { "Index Name": `${table}_created_at_idx`, "Index Cond": "(created_at > '2024-01-01')" },
      [],
      90,
    );
    return node("Bitmap Heap Scan", { ...relation(table, "o"), "Recheck Cond": "(created_at > '2024-01-01')" }, [bitmap], 90);
  }
  const index = node(
    "Index Scan",
    { ...relation("regions", "r"), "Index Name": "regions_pkey", "Index Cond": "(id = o.region_id)" },
    [],
    1,
  );
  if (i % 4 === 2) return node("Nested Loop", {}, [scan(table, "o", 40), index], 40);
  return node(
    "Hash Join",
    { "Hash Cond": "(o.region_id = r.id)" },
    [scan(table, "o", 300), node("Hash", {}, [scan("regions", "r", 60)])],
    300,
  );
}

const relation = (name, alias) => ({ "Relation Name": name, Schema: "public", Alias: alias });
const scan = (name, alias, rows) =>
  node("Seq Scan", { ...relation(name, alias), Filter: "(created_at > '2024-01-01'::date)", "Rows Removed by Filter": rows * 3 }, [], rows);

/** Times and blocks contain those of the nodes below, as PostgreSQL's do. */
function node(type, extra, children, rows = children.reduce((sum, child) => sum + child["Actual Rows"], 0)) {
  const sum = (key) => children.reduce((total, child) => total + child[key], 0);
  const time = Number((sum("Actual Total Time") + 0.02 + (rows % 101) / 250).toFixed(3));
  return {
    "Node Type": type,
    "Parallel Aware": false,
    ...extra,
    "Startup Cost": 0.42,
    "Total Cost": Number((sum("Total Cost") + 1 + rows / 8).toFixed(2)),
    "Plan Rows": Math.max(1, Math.round(rows / (1 + (rows % 17)))),
    "Plan Width": 48,
    "Actual Startup Time": 0.01,
    "Actual Total Time": time,
    "Actual Rows": rows,
    "Actual Loops": 1,
    "Shared Hit Blocks": sum("Shared Hit Blocks") + 3 + (rows % 7),
    "Shared Read Blocks": sum("Shared Read Blocks") + (rows % 5),
    "Shared Dirtied Blocks": 0,
    "Shared Written Blocks": 0,
    "Local Hit Blocks": 0,
    "Local Read Blocks": 0,
    "Local Dirtied Blocks": 0,
    "Local Written Blocks": 0,
    "Temp Read Blocks": 0,
    "Temp Written Blocks": 0,
    ...(children.length > 0
      ? { Plans: children.map((child, i) => ({ "Parent Relationship": i === 0 ? "Outer" : "Inner", ...child })) }
      : {}),
  };
}

function document(top) {
  return JSON.stringify([{ Plan: top, "Planning Time": 12.4, Triggers: [], "Execution Time": top["Actual Total Time"] + 0.5 }]);
}

function sizeOf(plan) {
  return (plan.Plans ?? []).reduce((sum, child) => sum + sizeOf(child), 1);
}
