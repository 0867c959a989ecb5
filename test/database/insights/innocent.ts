/** A statement whose plan looks suspicious and is not: every insight but those of `but` must be silent. */
export interface Innocent {
  readonly about: string;
  /** The insight that a careless rule would give. */
  readonly tempts: string;
  readonly stage?: readonly string[];
  readonly settings?: readonly string[];
  readonly sql: string;
  /** Insights that are right here. */
  readonly but?: readonly string[];
}

/** On the stage that the situations share. */
export const innocents: readonly Innocent[] = [
  {
    about: "varchar is compared as text, which its index serves",
    tempts: "implicit-cast",
    stage: [
      "CREATE TABLE labels AS SELECT g AS id, ('label ' || g)::varchar(40) AS name FROM generate_series(1, 50000) g",
      "ANALYZE labels",
    ],
    sql: "SELECT * FROM labels WHERE name = 'label 4711'",
    but: ["sequential-scan-discards-rows"],
  },
  {
    about: "a list of values needs a search for each",
    tempts: "many-index-searches",
    sql: "SELECT * FROM events WHERE id = ANY (ARRAY(SELECT g * 400 FROM generate_series(1, 400) g))",
  },
  {
    about: "a recursive CTE cannot be inlined",
    tempts: "cte-fence",
    sql: "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT * FROM n WHERE i % 5000 = 0",
  },
  {
    about: "UNION ALL of different tables is no partitioning",
    tempts: "partitions-not-pruned",
    stage: Array.from({ length: 5 }, (_, n) => `CREATE TABLE part${n} AS SELECT g AS id, ${n} AS n FROM generate_series(1, 900) g`),
    sql: `SELECT id FROM part0 WHERE n = 3 UNION ALL SELECT id FROM part1 WHERE n = 3 UNION ALL SELECT id FROM part2 WHERE n = 3
          UNION ALL SELECT id FROM part3 WHERE n = 3 UNION ALL SELECT id FROM part4 WHERE n = 3`,
  },
  {
    about: "half of the partitions hold matching rows",
    tempts: "partitions-not-pruned",
    stage: [
      "CREATE TABLE halves (id int, part int NOT NULL, v int) PARTITION BY LIST (part)",
      ...Array.from({ length: 8 }, (_, n) => `CREATE TABLE halves_${n} PARTITION OF halves FOR VALUES IN (${n})`),
      "INSERT INTO halves SELECT g, g % 8, g % 8 / 4 FROM generate_series(1, 80000) g",
      "ANALYZE halves",
    ],
    sql: "SELECT count(*) FROM halves WHERE v = 1",
  },
  { about: "LIMIT stops the scan at once", tempts: "row-misestimate", sql: "SELECT * FROM events WHERE status = 'done' LIMIT 5" },
  { about: "a page a little further", tempts: "large-offset", sql: "SELECT id FROM events ORDER BY id LIMIT 20 OFFSET 200" },
  {
    about: "a semi join stops at the first match",
    tempts: "row-misestimate",
    stage: ["CREATE INDEX IF NOT EXISTS events_by_user ON events (user_id)"],
    settings: ["enable_hashjoin = off", "enable_mergejoin = off"],
    sql: "SELECT count(*) FROM users u WHERE u.id <= 500 AND EXISTS (SELECT FROM events e WHERE e.user_id = u.id)",
  },
  {
    about: "a merge join ends when one side does",
    tempts: "row-misestimate",
    settings: ["enable_hashjoin = off", "enable_nestloop = off"],
    sql: "SELECT count(*) FROM (SELECT id FROM users WHERE id <= 40) u JOIN events e ON e.id = u.id",
  },
  {
    about: "a hashed subquery runs once",
    tempts: "subplan-per-row",
    sql: "SELECT count(*) FROM events WHERE user_id NOT IN (SELECT id FROM users WHERE zip = 1000)",
    but: ["sequential-scan-discards-rows"],
  },
  {
    about: "HAVING drops groups that had to be counted first",
    tempts: "rows-discarded-late",
    sql: "SELECT user_id FROM events GROUP BY user_id HAVING count(*) > 100",
  },
  {
    about: "a table of three hundred rows has no need of an index",
    tempts: "sequential-scan-discards-rows",
    stage: ["CREATE TABLE tiny AS SELECT g AS id FROM generate_series(1, 300) g", "ANALYZE tiny"],
    sql: "SELECT * FROM tiny WHERE id = 7",
  },
  {
    about: "half of the table is wanted",
    tempts: "sequential-scan-discards-rows",
    sql: "SELECT count(payload) FROM events WHERE kind < 10",
  },
  {
    about: "partial plans have the estimate of one process",
    tempts: "row-misestimate",
    settings: [
      "max_parallel_workers_per_gather = 2",
      "parallel_setup_cost = 0",
      "parallel_tuple_cost = 0",
      "min_parallel_table_scan_size = 0",
    ],
    sql: "SELECT kind, count(*) FROM events GROUP BY kind",
  },
  {
    about: "two bitmaps are put together, which counts no rows",
    tempts: "row-misestimate",
    stage: [
      "CREATE TABLE bits AS SELECT g AS id, g % 100 AS a, g / 7 % 100 AS b, g AS c FROM generate_series(1, 100000) g",
      "CREATE INDEX ON bits (a)",
      "CREATE INDEX ON bits (b)",
      "VACUUM ANALYZE bits",
    ],
    settings: ["enable_seqscan = off"],
    sql: "SELECT count(c) FROM bits WHERE a = 3 AND b = 5",
  },
  { about: "the visibility map answers", tempts: "heap-fetches", sql: "SELECT count(id) FROM events WHERE id < 20000" },
  {
    about: "a sort in memory of narrow rows",
    tempts: "sort-on-disk",
    settings: ["work_mem = '64MB'"],
    sql: "SELECT id, user_id FROM events ORDER BY user_id, id",
  },
  { about: "all rows of a table of moderate size", tempts: "result-without-limit", sql: "SELECT id FROM events" },
  {
    about: "a branch that never runs",
    tempts: "sequential-scan-discards-rows",
    sql: "SELECT * FROM users WHERE id = 1 AND (SELECT false) AND EXISTS (SELECT FROM events WHERE user_id = 5)",
  },
  {
    about: "a CTE that is read as a whole",
    tempts: "cte-fence",
    settings: ["work_mem = '64MB'"],
    sql: "WITH e AS MATERIALIZED (SELECT kind, count(*) AS n FROM events GROUP BY kind) SELECT a.kind FROM e a JOIN e b ON b.n = a.n",
  },
  {
    about: "rows by their key, a few hundred times",
    tempts: "nested-loop-many-index-scans",
    settings: ["enable_hashjoin = off", "enable_mergejoin = off"],
    sql: "SELECT count(u.email) FROM events e JOIN users u ON u.id = e.user_id WHERE e.id <= 300",
  },
  { about: "an update by key", tempts: "parallel-not-used", sql: "UPDATE events SET status = 'seen' WHERE id <= 2000" },
  {
    about: "foreign keys of a hundred new rows are looked up by the primary key",
    tempts: "trigger-time",
    stage: [
      "CREATE TABLE owners (id int PRIMARY KEY)",
      "INSERT INTO owners SELECT generate_series(1, 1000)",
      "CREATE TABLE things (id int, owner_id int REFERENCES owners)",
    ],
    sql: "INSERT INTO things SELECT g, g FROM generate_series(1, 100) g",
  },
  {
    about: "workers came as planned",
    tempts: "workers-not-launched",
    settings: ["max_parallel_workers_per_gather = 2", "parallel_setup_cost = 0"],
    sql: "SELECT count(payload) FROM events",
  },
  {
    about: "Memoize answers nearly all",
    tempts: "memoize-few-hits",
    settings: ["enable_hashjoin = off", "enable_mergejoin = off"],
    sql: "SELECT count(u.email) FROM events e JOIN users u ON u.id = e.kind + 1",
  },
  {
    about: "the top ten of a few thousand",
    tempts: "sort-for-limit",
    sql: "SELECT id FROM users WHERE id <= 5000 ORDER BY email LIMIT 10",
  },
  {
    about: "every row has another function value, and all are wanted",
    tempts: "function-hides-index",
    sql: "SELECT lower(email) FROM users WHERE lower(email) <> ''",
  },
  {
    about: "nothing is in the table",
    tempts: "table-bloat",
    stage: ["CREATE TABLE void (id int)", "ANALYZE void"],
    sql: "SELECT * FROM void v JOIN users u ON u.id = v.id",
  },
  {
    about: "an anti join whose inner side is empty",
    tempts: "row-misestimate",
    sql: "SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = -e.user_id)",
  },
];
