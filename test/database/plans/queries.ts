import { parallel } from "./stage.js";

/** A statement to be explained, with what must come out beyond the laws that hold for all. */
export interface PlanCase {
  readonly name: string;
  readonly sql: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** First version that knows it. */
  readonly since?: number;
  /** Statements sent before, in the same transaction. */
  readonly before?: readonly string[];
  /** Where the statement calls `deep`, which reads more blocks than all else: a subplan's name or a title; only nodes there and below may own them. */
  readonly guest?: string;
  /** False: too much alike others to be kept for the unit tests. */
  readonly recorded?: boolean;
  /** Triggers that run inside a node. */
  readonly inside?: readonly string[];
}

const off = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [`enable_${name}`, "off"]));
const noLeader = { ...parallel, parallel_leader_participation: "off" };
const fewWorkers = { ...parallel, max_parallel_workers: "1" };
const noWorkers = { ...parallel, max_parallel_workers: "0" };
const spilling = { work_mem: "64kB" };

const parallelCases: readonly PlanCase[] = [
  ["count", "SELECT count(*) FROM big WHERE h = 3"],
  ["group", "SELECT g, count(*) FROM big GROUP BY g"],
  ["sort", "SELECT * FROM big ORDER BY t, id"],
  ["hash join", "SELECT count(*) FROM big b JOIN big c ON b.id = c.id + 1 WHERE c.h = 2"],
  ["bitmap", "SELECT count(t) FROM big WHERE g IN (3, 4, 5)"],
  ["append", "SELECT count(*) FROM (SELECT id FROM big WHERE h = 1 UNION ALL SELECT id FROM other UNION ALL SELECT v FROM parted) x"],
  ["limit", "SELECT * FROM big WHERE h = 3 LIMIT 5"],
  ["exists", "SELECT * FROM small WHERE EXISTS (SELECT 1 FROM big WHERE h = 100)"],
  ["exists early", "SELECT (SELECT count(*) FROM small) WHERE EXISTS (SELECT 1 FROM big WHERE h = 1)"],
  ["semi join over a Gather", "SELECT count(*) FROM small s WHERE s.a IN (SELECT g FROM big WHERE h = 1 OFFSET 0)"],
  ["lateral over a Gather", "SELECT * FROM (VALUES (1), (2), (3)) v(n), LATERAL (SELECT count(*) FROM big WHERE h = v.n) x"],
  ["lateral limit", "SELECT * FROM (VALUES (1), (2), (3)) v(n), LATERAL (SELECT id FROM big WHERE h = v.n LIMIT 3) x"],
  ["cte", "WITH c AS MATERIALIZED (SELECT g, count(*) n FROM big GROUP BY g) SELECT * FROM c a JOIN c b USING (g)"],
  ["cte not to the end", "WITH c AS MATERIALIZED (SELECT * FROM big WHERE h = 1) SELECT * FROM c LIMIT 3"],
  ["cte exists", "WITH c AS MATERIALIZED (SELECT * FROM big WHERE h = 1) SELECT count(*) FROM small WHERE EXISTS (SELECT 1 FROM c)"],
  ["merge join", "SELECT count(*) FROM big b JOIN other o ON b.id = o.id"],
  ["initplan for workers", "SELECT count(*) FROM big WHERE h = (SELECT max(v) FROM other)"],
  [
    "initplan of workers",
    "SELECT count(*) FROM big b JOIN (SELECT id FROM other WHERE v > (SELECT avg(v) FROM small, other LIMIT 1)) o ON o.id = b.id",
  ],
  ["subplan in workers", "SELECT count(*) FROM other o WHERE v > (SELECT avg(b) FROM small s WHERE s.a = o.v)"],
  ["scalar in output", "SELECT id, (SELECT max(b) FROM small) FROM big WHERE h = 2"],
  ["distinct", "SELECT DISTINCT g, h FROM big"],
  ["window", "SELECT sum(id) OVER (PARTITION BY g) FROM big"],
].flatMap(([name = "", sql = ""]) => [
  { name: `parallel ${name}`, sql, settings: parallel },
  { name: `parallel ${name}, no leader`, sql, settings: noLeader },
  { name: `parallel ${name}, one worker of two`, sql, settings: fewWorkers, recorded: false },
  { name: `parallel ${name}, no worker`, sql, settings: noWorkers, recorded: false },
  { name: `parallel ${name}, spilling`, sql, settings: { ...parallel, ...spilling }, recorded: false },
]);

const joins: readonly PlanCase[] = [
  { name: "merge join stopped early", sql: "SELECT * FROM big b JOIN small s ON b.id = s.id", settings: off("hashjoin", "nestloop") },
  {
    name: "merge join with repeats",
    sql: "SELECT count(*) FROM other a JOIN other b ON a.v = b.v AND a.small_id < 5",
    settings: off("hashjoin", "nestloop"),
  },
  { name: "materialize", sql: "SELECT count(*) FROM small a, small b WHERE a.b < b.b", settings: {} },
  { name: "memoize", sql: "SELECT sum(s.b) FROM other o LEFT JOIN small s ON s.id = o.small_id", settings: off("hashjoin", "mergejoin") },
  {
    name: "hash batches",
    sql: "SELECT count(*) FROM big a JOIN big b USING (id)",
    settings: { ...spilling, max_parallel_workers_per_gather: "0" },
  },
  { name: "hash right", sql: "SELECT count(*) FROM small s RIGHT JOIN other o ON o.small_id = s.id AND o.v > 3" },
  { name: "anti join", sql: "SELECT count(*) FROM small s WHERE NOT EXISTS (SELECT 1 FROM other o WHERE o.small_id = s.id AND o.v = 99)" },
  { name: "incremental sort", sql: "SELECT * FROM big ORDER BY g, t LIMIT 500", settings: { max_parallel_workers_per_gather: "0" } },
  { name: "lateral", sql: "SELECT * FROM small s, LATERAL (SELECT * FROM other o WHERE o.small_id = s.id ORDER BY v LIMIT 2) x" },
  {
    name: "index cond by subplan",
    sql: "SELECT * FROM small s JOIN other o ON o.id = (SELECT max(x.id) FROM other x WHERE x.small_id = s.id)",
    settings: off("hashjoin", "mergejoin", "seqscan"),
  },
  { name: "window spill", sql: "SELECT sum(id) OVER (ORDER BY g), count(*) OVER () FROM big", settings: spilling },
  { name: "hash aggregate spill", sql: "SELECT id, count(*) FROM big GROUP BY id", settings: { ...spilling, enable_sort: "off" } },
  { name: "grouping sets", sql: "SELECT g, h, count(*) FROM big GROUP BY GROUPING SETS ((g), (h), ())" },
  {
    name: "set operations",
    sql: "(SELECT a FROM small EXCEPT SELECT v FROM other) UNION (SELECT b FROM small INTERSECT SELECT id FROM other)",
  },
  { name: "values and functions", sql: "SELECT * FROM (VALUES (1), (2)) v(n), generate_series(1, 3) g, unnest(ARRAY[1, 2]) u" },
  { name: "table functions", sql: "SELECT * FROM ROWS FROM (generate_series(1, 3), generate_series(1, 5)) r" },
  {
    name: "jit",
    sql: "SELECT sum(id * 2 + h), avg(g) FROM big",
    settings: { jit: "on", jit_above_cost: "0", jit_inline_above_cost: "0", jit_optimize_above_cost: "0" },
  },
  { name: "parallel jit", sql: "SELECT sum(id * 2 + h), avg(g) FROM big", settings: { ...parallel, jit: "on", jit_above_cost: "0" } },
  {
    name: "temporary table",
    sql: "SELECT count(*) FROM tmp a JOIN tmp b USING (n)",
    before: ["CREATE TEMP TABLE tmp AS SELECT generate_series(1, 20000) n"],
    settings: spilling,
  },
  { name: "functions with blocks", sql: "SELECT blocks(id) FROM small WHERE id < 5" },
];

const guests: readonly PlanCase[] = [
  { name: "initplan in a filter", sql: "SELECT * FROM small WHERE a = (SELECT deep(3)) ORDER BY b", guest: "InitPlan" },
  { name: "initplan in the output", sql: "SELECT id, (SELECT deep(3)) FROM small", guest: "InitPlan" },
  { name: "initplan of LIMIT", sql: "SELECT id FROM small LIMIT (SELECT deep(3))", guest: "InitPlan" },
  { name: "initplan of OFFSET", sql: "SELECT id FROM small ORDER BY b OFFSET (SELECT deep(3))", guest: "InitPlan" },
  {
    name: "initplan in two scans",
    sql: "SELECT count(*) FROM small s JOIN other o ON o.small_id = s.id WHERE s.a > (SELECT deep(3)) AND o.v < (SELECT deep(9))",
    guest: "InitPlan",
  },
  {
    name: "initplan shared by two",
    sql: "WITH m AS (SELECT deep(3) AS n) SELECT count(*) FROM small s JOIN other o ON o.small_id = s.id WHERE s.a > (SELECT n FROM m) AND o.v > (SELECT n FROM m)",
    guest: "CTE m",
  },
  { name: "initplan in HAVING", sql: "SELECT a, count(*) FROM small GROUP BY a HAVING count(*) > (SELECT deep(3))", guest: "InitPlan" },
  { name: "initplan in an index condition", sql: "SELECT * FROM other WHERE id = (SELECT deep(3))", guest: "InitPlan" },
  {
    name: "initplan in an inner index condition",
    sql: "SELECT * FROM small s JOIN other o ON o.small_id = s.id AND o.id > (SELECT deep(3)) WHERE s.a = 2",
    settings: off("hashjoin", "mergejoin"),
    guest: "InitPlan",
  },
  {
    name: "initplan as the only inner key",
    sql: "SELECT * FROM small s, other o WHERE o.id = (SELECT deep(3)) AND s.a = 1",
    settings: off("hashjoin", "mergejoin", "seqscan"),
    guest: "InitPlan",
  },
  {
    name: "initplan in a join filter",
    sql: "SELECT count(*) FROM small s LEFT JOIN other o ON o.small_id = s.id AND s.a > (SELECT deep(3))",
    guest: "InitPlan",
  },
  {
    name: "initplan once for both sides",
    sql: "SELECT count(*) FROM big b JOIN other o ON b.id = o.id WHERE b.h <> (SELECT deep(3)) AND o.v <> (SELECT deep(4))",
    settings: off("mergejoin", "nestloop"),
    guest: "InitPlan",
  },
  { name: "one-time filter", sql: "SELECT * FROM small WHERE (SELECT deep(3)) = 3", guest: "InitPlan" },
  {
    name: "exists",
    sql: "SELECT * FROM small WHERE EXISTS (SELECT deep(3) FROM other WHERE v = 5 AND deep(1) = 1 OFFSET 0)",
    guest: "InitPlan",
  },
  { name: "initplan under a Gather", sql: "SELECT count(*) FROM big WHERE h = (SELECT deep(3))", settings: parallel, guest: "InitPlan" },
  {
    name: "initplan under a Gather Merge",
    sql: "SELECT * FROM big WHERE h = (SELECT deep(3)) ORDER BY g",
    settings: parallel,
    guest: "InitPlan",
  },
  { name: "initplan prunes partitions", sql: "SELECT * FROM parted WHERE k = (SELECT deep(1500))", guest: "InitPlan" },
  {
    name: "initplan prunes in parallel",
    sql: "SELECT count(*) FROM parted WHERE k >= (SELECT deep(1500))",
    settings: parallel,
    guest: "InitPlan",
  },
  {
    name: "initplan in an initplan",
    sql: "SELECT * FROM small WHERE a = (SELECT max(v) FROM other WHERE v < (SELECT deep(9)))",
    guest: "InitPlan",
  },
  {
    name: "initplan in a CTE",
    sql: "WITH c AS MATERIALIZED (SELECT * FROM other WHERE v < (SELECT deep(9))) SELECT count(*) FROM c a JOIN c b USING (id)",
    guest: "InitPlan",
  },
  {
    name: "initplan in a CTE scan",
    sql: "WITH c AS MATERIALIZED (SELECT * FROM other) SELECT count(*) FROM c a JOIN c b USING (id) WHERE a.v < (SELECT deep(9))",
    guest: "InitPlan",
  },
  { name: "initplan of an update", sql: "UPDATE small SET b = (SELECT deep(3)) WHERE a = 1", guest: "InitPlan" },
  { name: "initplan of a returning", sql: "UPDATE small SET b = 1 WHERE a = 1 RETURNING (SELECT deep(3))", guest: "InitPlan" },
  { name: "initplan in min and max", sql: "SELECT min(id), max(id) FROM other WHERE v < (SELECT deep(9))", guest: "InitPlan" },
  {
    name: "initplans of two subqueries",
    sql: "SELECT * FROM (SELECT count(*) c FROM small WHERE a = (SELECT deep(3))) x, (SELECT count(*) d FROM other WHERE v = (SELECT deep(4))) y",
    guest: "InitPlan",
  },
  { name: "subplan per row", sql: "SELECT (SELECT count(*) FROM other o WHERE o.small_id = s.id) FROM small s WHERE a = 1" },
  { name: "subplan hashed", sql: "SELECT * FROM small WHERE a NOT IN (SELECT v FROM other WHERE v > 3)" },
  { name: "subplan alternatives", sql: "SELECT EXISTS (SELECT 1 FROM other o WHERE o.small_id = s.id AND o.v > 3) FROM small s" },
  {
    name: "subplan that reads",
    sql: "SELECT (SELECT deep(s.id) FROM other o WHERE o.id = s.id) FROM small s WHERE id < 4",
    guest: "SubPlan",
  },
  { name: "subplan multiexpr", sql: "UPDATE small s SET (a, b) = (SELECT deep(s.a), 2) WHERE id < 4", guest: "SubPlan" },
  { name: "array subplan", sql: "SELECT ARRAY(SELECT deep(n) FROM generate_series(1, 2) n)", guest: "InitPlan" },
  {
    name: "cte several times",
    sql: "WITH c AS MATERIALIZED (SELECT deep(n) AS n FROM generate_series(1, 3) n) SELECT * FROM c a, c b, c d",
    guest: "CTE c",
  },
  {
    name: "cte in subplan",
    sql: "WITH c AS MATERIALIZED (SELECT deep(n) AS n FROM generate_series(1, 3) n) SELECT (SELECT max(n) FROM c WHERE c.n < s.id) FROM small s WHERE id < 6",
    guest: "CTE c",
  },
  {
    name: "cte in initplan",
    sql: "WITH c AS MATERIALIZED (SELECT deep(n) AS n FROM generate_series(1, 3) n) SELECT * FROM small WHERE a < (SELECT max(n) FROM c)",
    guest: "CTE c",
  },
  {
    name: "cte in cte",
    sql: "WITH a AS MATERIALIZED (SELECT deep(n) AS n FROM generate_series(1, 3) n), b AS MATERIALIZED (SELECT x.n FROM a x, a y) SELECT count(*) FROM b p, b q, a",
    guest: "CTE a",
  },
  {
    name: "cte inside a cte",
    sql: "WITH b AS MATERIALIZED (WITH a AS MATERIALIZED (SELECT deep(n) AS n FROM generate_series(1, 3) n) SELECT x.n FROM a x, a y) SELECT count(*) FROM b p, b q",
    guest: "CTE a",
  },
  {
    name: "cte not to the end",
    sql: "WITH c AS MATERIALIZED (SELECT deep(n) AS n FROM generate_series(1, 30) n) SELECT * FROM c LIMIT 2",
    guest: "CTE c",
  },
  {
    name: "cte shadowed",
    sql: "WITH c AS MATERIALIZED (SELECT count(*) n FROM other) SELECT * FROM c, (WITH c AS MATERIALIZED (SELECT deep(4) n) SELECT * FROM c x, c y) z",
    guest: "CTE c",
  },
  {
    name: "recursive",
    sql: "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT deep(n + 1) FROM r WHERE n < 4) SELECT * FROM r",
    guest: "CTE r",
  },
  {
    name: "recursive join",
    sql: "WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT o.v FROM r JOIN other o ON o.small_id = r.n WHERE r.n < 40) SELECT count(*) FROM r a, r b",
  },
  {
    name: "cte spilling",
    sql: "WITH c AS MATERIALIZED (SELECT * FROM big) SELECT count(*) FROM c a JOIN c b USING (id)",
    settings: spilling,
  },
];

const changes: readonly PlanCase[] = [
  { name: "insert with foreign key", sql: "INSERT INTO child SELECT 10000 + n, 1 + n % 500 FROM generate_series(1, 300) n" },
  { name: "delete with cascade", sql: "DELETE FROM parent WHERE id <= 100" },
  { name: "update with foreign key", sql: "UPDATE child SET parent_id = 1 + parent_id % 500" },
  { name: "before row trigger", sql: "INSERT INTO before_row SELECT n FROM generate_series(1, 10) n", inside: ["t"] },
  { name: "after row trigger", sql: "INSERT INTO after_row SELECT n FROM generate_series(1, 10) n" },
  { name: "before and after row triggers", sql: "INSERT INTO both_rows SELECT n FROM generate_series(1, 10) n", inside: ["a"] },
  { name: "before statement trigger", sql: "INSERT INTO statement_before SELECT n FROM generate_series(1, 10) n", inside: ["t"] },
  { name: "after statement trigger", sql: "INSERT INTO statement_after SELECT n FROM generate_series(1, 10) n" },
  { name: "instead of trigger", sql: "INSERT INTO instead SELECT n FROM generate_series(1, 10) n", inside: ["t"] },
  { name: "before trigger of a partition", sql: "INSERT INTO parted_trigger SELECT n FROM generate_series(1, 10) n", inside: ["t"] },
  {
    name: "on conflict",
    sql: "INSERT INTO small SELECT n, 1, 1 FROM generate_series(190, 220) n ON CONFLICT (id) DO UPDATE SET b = excluded.b + (SELECT count(*) FROM other)",
  },
  {
    name: "merge",
    since: 15,
    sql: "MERGE INTO small s USING other o ON s.id = o.id WHEN MATCHED AND o.v > 3 THEN UPDATE SET b = o.v WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND o.v = 1 THEN INSERT VALUES (o.id, 1, 1)",
  },
  { name: "changing cte read to the end", sql: "WITH d AS (DELETE FROM other WHERE v = 3 RETURNING *) SELECT count(*) FROM d" },
  {
    name: "changing cte read twice",
    sql: "WITH d AS (DELETE FROM other WHERE v = 3 RETURNING *) SELECT count(*) FROM d a JOIN d b USING (id)",
  },
  { name: "changing cte not to the end", sql: "WITH d AS (DELETE FROM other WHERE v = 3 RETURNING *) SELECT * FROM d LIMIT 1" },
  { name: "changing cte not read", sql: "WITH d AS (DELETE FROM other WHERE v = 3 RETURNING *) SELECT 1" },
  {
    name: "two changing ctes",
    sql: "WITH d AS (DELETE FROM other WHERE v = 3 RETURNING *), i AS (INSERT INTO logged SELECT id, 'd' FROM d RETURNING *) SELECT count(*) FROM i",
  },
  {
    name: "two changing ctes, one not read",
    sql: "WITH d AS (DELETE FROM other WHERE v = 3 RETURNING *), i AS (INSERT INTO logged SELECT id, 'd' FROM d RETURNING *) SELECT 1",
  },
  {
    name: "changing cte with a plain one",
    sql: "WITH p AS MATERIALIZED (SELECT deep(n) AS n FROM generate_series(1, 3) n), i AS (INSERT INTO logged SELECT n, 'p' FROM p RETURNING *) SELECT 1",
    guest: "CTE p",
  },
  { name: "update of partitions", sql: "UPDATE parted SET k = (k + 1000) % 3000 WHERE v = 1" },
  { name: "delete from partitions", sql: "DELETE FROM parted WHERE v = 1" },
  { name: "lock rows", sql: "SELECT * FROM small WHERE a = 1 FOR UPDATE" },
  { name: "create table as", sql: "CREATE TABLE made AS SELECT * FROM big" },
];

const foreign: readonly PlanCase[] = [
  ["side by side", "SELECT count(*) FROM (SELECT id FROM far_big UNION ALL SELECT id FROM far_other UNION ALL SELECT id FROM small) x"],
  ["side by side, LIMIT", "SELECT * FROM (SELECT id FROM far_big UNION ALL SELECT id FROM far_other) x LIMIT 300"],
  ["join", "SELECT count(*) FROM far_big b JOIN small s ON s.id = b.id"],
  ["update", "UPDATE far_other SET v = v + 1 WHERE id < 50"],
  ["initplan", "SELECT * FROM small WHERE a = (SELECT max(v) FROM far_other)"],
].map(([name = "", sql = ""]) => ({ name: `foreign tables, ${name}`, sql, recorded: false }));

export const planCases: readonly PlanCase[] = [...parallelCases, ...joins, ...guests, ...changes, ...foreign];
