/** A situation on a real server in which one insight must fire, and what its advice comes to. */
export interface Situation {
  readonly rule: string;
  readonly about: string;
  /** 18 unless told. */
  readonly major?: 15;
  /** Statements that set the stage; run once, outside a transaction, one by one. */
  readonly stage?: readonly string[];
  /** Settings of the session for both runs: `name = value`. */
  readonly settings?: readonly string[];
  readonly sql: string;
  /** Follow the insight's own `sql`, or run these statements. */
  readonly mend?: "as advised" | readonly string[];
  /** The statement as the advice would have it written, where it is about the statement. */
  readonly instead?: string;
  /** The second run is another: it finds the caches warm. */
  readonly once?: true;
  /** What gets less by it, beside the insight falling silent. */
  readonly less?: "blocks" | "temp";
}

/** The stage that all situations share. */
export const commonStage: readonly string[] = [
  // VACUUM marks no page all-visible whose rows' commit may still be lost.
  "SET synchronous_commit = on",
  "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, city text NOT NULL, zip int NOT NULL)",
  "INSERT INTO users SELECT g, 'user' || g || '@example.com', 'city ' || g % 100, g % 100 * 1000 + g % 200 / 100 FROM generate_series(1, 20000) g",
  `CREATE TABLE events (id int PRIMARY KEY, user_id int NOT NULL, kind int NOT NULL, status text NOT NULL, at timestamp NOT NULL, payload text NOT NULL)`,
  `INSERT INTO events SELECT g, 1 + (g::bigint * 7919 % 20000)::int, g % 20, CASE WHEN g > 195000 THEN 'late' ELSE 'done' END,
          timestamp '2026-01-01' + g * interval '1 minute', md5(g::text) || md5((g + 1)::text)
     FROM generate_series(1, 200000) g`,
  "VACUUM (FREEZE, ANALYZE)",
];

const copyOfEvents = (name: string): string => `CREATE TABLE ${name} AS SELECT * FROM events`;

export const situations: readonly Situation[] = [
  {
    rule: "sequential-scan-discards-rows",
    about: "no index on the compared column",
    sql: "SELECT * FROM events WHERE user_id = 42",
    mend: ["CREATE INDEX events_user ON events (user_id)"],
    less: "blocks",
  },
  {
    rule: "index-scan-discards-rows",
    about: "the index knows one of two columns",
    stage: [copyOfEvents("visits"), "CREATE INDEX visits_kind ON visits (kind)", "ANALYZE visits"],
    settings: ["enable_seqscan = off"],
    sql: "SELECT * FROM visits WHERE kind = 3 AND user_id = 78",
    mend: ["CREATE INDEX visits_kind_user ON visits (kind, user_id)"],
    less: "blocks",
  },
  {
    rule: "index-chosen-for-order",
    about: "the wanted rows are the last in the order",
    sql: "SELECT id, at FROM events WHERE status = 'late' ORDER BY id LIMIT 10",
    mend: ["CREATE INDEX events_status_id ON events (status, id)"],
    less: "blocks",
  },
  {
    rule: "sort-on-disk",
    about: "200,000 rows in 4 MB",
    sql: "SELECT id, payload FROM events ORDER BY payload",
    settings: ["work_mem = '4MB'"],
    mend: "as advised",
    less: "temp",
  },
  {
    rule: "sort-on-disk",
    about: "the same before rows stopped being rounded up to powers of two",
    major: 15,
    sql: "SELECT id, payload FROM events ORDER BY payload",
    settings: ["work_mem = '4MB'"],
    mend: "as advised",
    less: "temp",
  },
  {
    rule: "hash-on-disk",
    about: "a hash join of two large tables",
    stage: [copyOfEvents("twins"), "ANALYZE twins"],
    settings: ["work_mem = '1MB'", "enable_mergejoin = off", "enable_nestloop = off"],
    sql: "SELECT count(a.payload || b.payload) FROM events a JOIN twins b ON a.id = b.id",
    mend: "as advised",
    less: "temp",
  },
  {
    rule: "hash-on-disk",
    about: "many groups",
    settings: ["work_mem = '1MB'", "enable_sort = off"],
    sql: "SELECT payload, count(*) FROM events GROUP BY payload",
    mend: "as advised",
    less: "temp",
  },
  {
    rule: "lossy-bitmap",
    about: "a bitmap of thousands of pages in 64 kB",
    stage: [copyOfEvents("steps"), "CREATE INDEX steps_kind ON steps (kind)", "VACUUM ANALYZE steps"],
    settings: ["work_mem = '64kB'", "enable_seqscan = off", "enable_indexscan = off"],
    sql: "SELECT count(payload) FROM steps WHERE kind = 3",
    mend: "as advised",
  },
  {
    rule: "heap-fetches",
    about: "a table that was filled and never vacuumed",
    stage: ["SET synchronous_commit = on", copyOfEvents("fresh"), "CREATE INDEX fresh_user ON fresh (user_id)", "ANALYZE fresh"],
    settings: ["enable_seqscan = off", "enable_bitmapscan = off"],
    sql: "SELECT count(user_id) FROM fresh WHERE user_id < 5000",
    mend: "as advised",
    less: "blocks",
  },
  {
    rule: "temp-files",
    about: "a materialized CTE outgrows work_mem",
    settings: ["work_mem = '1MB'"],
    sql: "WITH e AS MATERIALIZED (SELECT id, payload FROM events) SELECT count(*), max(payload) FROM e",
    mend: "as advised",
    less: "temp",
  },
  {
    rule: "nested-loop-misestimate",
    about: "two columns that say the same",
    stage: [
      "CREATE TABLE places AS SELECT g AS id, g % 100 AS city, g % 100 * 7 AS zip FROM generate_series(1, 400000) g",
      "CREATE TABLE ratings AS SELECT g AS place_id, g % 5 AS stars, repeat('x', 60) AS note FROM generate_series(1, 400000) g",
      "CREATE INDEX ratings_place ON ratings (place_id)",
      "VACUUM ANALYZE places",
      "VACUUM ANALYZE ratings",
    ],
    sql: "SELECT count(note) FROM places p JOIN ratings r ON r.place_id = p.id WHERE p.city = 7 AND p.zip = 49",
    mend: "as advised",
  },
  {
    rule: "correlated-columns",
    about: "city and postal code",
    stage: [
      "CREATE TABLE addresses AS SELECT g AS id, g % 500 AS city, g % 500 * 10 AS zip FROM generate_series(1, 200000) g",
      "ANALYZE addresses",
    ],
    settings: ["enable_nestloop = off"],
    sql: "SELECT count(*) FROM addresses a JOIN events e ON e.id = a.id WHERE a.city = 7 AND a.zip = 70",
    mend: "as advised",
  },
  {
    rule: "stale-statistics",
    about: "filled after the last ANALYZE",
    stage: [
      "CREATE TABLE imports (id int, user_id int, day int)",
      "INSERT INTO imports SELECT g, g % 20000, 1 FROM generate_series(1, 1000) g",
      "ANALYZE imports",
      "INSERT INTO imports SELECT g, g % 20000, 2 FROM generate_series(1001, 100000) g",
    ],
    settings: ["enable_nestloop = off"],
    sql: "SELECT count(*) FROM imports i JOIN users u ON u.id = i.user_id WHERE i.day = 2",
    mend: "as advised",
  },
  {
    rule: "row-misestimate",
    about: "an expression of which the planner knows nothing",
    settings: ["enable_nestloop = off"],
    sql: "SELECT count(*) FROM events e JOIN users u ON u.id = e.user_id WHERE e.kind % 1 = 0",
    mend: ["CREATE STATISTICS ON (kind % 1) FROM events", "ANALYZE events"],
  },
  {
    rule: "implicit-cast",
    about: "an integer compared with a numeric",
    sql: "SELECT * FROM events WHERE id = 4711.0",
    instead: "SELECT * FROM events WHERE id = 4711",
    less: "blocks",
  },
  {
    rule: "function-hides-index",
    about: "lower() of an address",
    sql: "SELECT * FROM users WHERE lower(email) = 'user4711@example.com'",
    mend: ["CREATE INDEX users_lower_email ON users (lower(email))", "ANALYZE users"],
    less: "blocks",
  },
  {
    rule: "partitions-not-pruned",
    about: "a condition that goes with the key but does not name it",
    stage: [
      "CREATE TABLE logs (id int, month int NOT NULL, written date NOT NULL, line text) PARTITION BY LIST (month)",
      ...Array.from({ length: 12 }, (_, month) => `CREATE TABLE logs_m${month + 1} PARTITION OF logs FOR VALUES IN (${month + 1})`),
      "INSERT INTO logs SELECT g, 1 + g % 12, make_date(2026, 1 + g % 12, 1 + g % 28), md5(g::text) FROM generate_series(1, 120000) g",
      "ANALYZE logs",
    ],
    sql: "SELECT count(*) FROM logs WHERE written = '2026-03-03'",
    instead: "SELECT count(*) FROM logs WHERE written = '2026-03-03' AND month = 3",
    less: "blocks",
  },
  {
    rule: "many-index-searches",
    about: "a skip scan over eight hundred values",
    stage: [
      "CREATE TABLE readings AS SELECT g % 800 AS sensor, g AS number, repeat('y', 40) AS note FROM generate_series(1, 600000) g",
      "CREATE INDEX readings_sensor_number ON readings (sensor, number)",
      "VACUUM ANALYZE readings",
    ],
    settings: ["enable_seqscan = off"],
    sql: "SELECT * FROM readings WHERE number = 4711",
    mend: ["CREATE INDEX readings_number ON readings (number)"],
    less: "blocks",
  },
  {
    rule: "index-reads-many-blocks",
    about: "a range before the column that is compared for equality",
    stage: [
      "CREATE TABLE trips AS SELECT g AS id, timestamp '2026-01-01' + g * interval '1 minute' AS at, md5(g::text) AS code FROM generate_series(1, 200000) g",
      "CREATE INDEX trips_at_code ON trips (at, code)",
      "VACUUM ANALYZE trips",
    ],
    settings: ["enable_seqscan = off"],
    sql: "SELECT * FROM trips WHERE at > '2026-01-02' AND code = md5('4711')",
    mend: ["CREATE INDEX trips_code_at ON trips (code, at)"],
    less: "blocks",
  },
  {
    rule: "table-bloat",
    about: "nearly all rows were deleted",
    stage: [copyOfEvents("leftovers"), "DELETE FROM leftovers WHERE id % 200 <> 0", "VACUUM ANALYZE leftovers"],
    sql: "SELECT count(payload) FROM leftovers",
    mend: ["VACUUM FULL leftovers"],
    less: "blocks",
  },
  {
    rule: "sort-for-limit",
    about: "the newest ten",
    sql: "SELECT id, at FROM events ORDER BY at DESC LIMIT 10",
    mend: ["CREATE INDEX events_at ON events (at)"],
    less: "blocks",
  },
  {
    rule: "join-filter-with-or",
    about: "either of two columns may match",
    stage: ["CREATE TABLE pairs AS SELECT g AS a, g * 3 AS b FROM generate_series(1, 1500) g", "ANALYZE pairs"],
    sql: "SELECT count(*) FROM pairs x JOIN pairs y ON x.a = y.b OR x.b = y.a",
    instead:
      "SELECT count(*) FROM (SELECT x.ctid, y.ctid FROM pairs x JOIN pairs y ON x.a = y.b UNION SELECT x.ctid, y.ctid FROM pairs x JOIN pairs y ON x.b = y.a) z",
  },
  {
    rule: "join-filter-discards-rows",
    about: "ranges without an index",
    stage: [
      "CREATE TABLE spans AS SELECT g AS id, g * 10 AS low, g * 10 + 5 AS high FROM generate_series(1, 500) g",
      "CREATE TABLE points AS SELECT g AS id, g * 2 AS at FROM generate_series(1, 5000) g",
      "ANALYZE spans, points",
    ],
    sql: "SELECT count(*) FROM spans s JOIN points p ON p.at BETWEEN s.low AND s.high",
    mend: ["CREATE INDEX points_at ON points (at)"],
  },
  {
    rule: "subplan-per-row",
    about: "the last event of each user",
    stage: [copyOfEvents("acts"), "CREATE INDEX acts_user ON acts (user_id)", "VACUUM ANALYZE acts"],
    sql: "SELECT u.id, (SELECT max(a.at) FROM acts a WHERE a.user_id = u.id) FROM users u",
    instead: "SELECT u.id, m.at FROM users u LEFT JOIN (SELECT user_id, max(at) AS at FROM acts GROUP BY user_id) m ON m.user_id = u.id",
    less: "blocks",
  },
  {
    rule: "memoize-few-hits",
    about: "the number of distinct keys is set wrong",
    stage: [
      "CREATE TABLE hints AS SELECT g AS id, g AS user_id FROM generate_series(1, 20000) g",
      "ALTER TABLE hints ALTER user_id SET (n_distinct = 50)",
      "ANALYZE hints",
    ],
    settings: ["enable_hashjoin = off", "enable_mergejoin = off"],
    sql: "SELECT count(u.email) FROM hints h JOIN users u ON u.id = h.user_id",
    mend: "as advised",
  },
  {
    rule: "cte-fence",
    about: "a condition outside of a materialized CTE",
    sql: "WITH e AS MATERIALIZED (SELECT id, user_id, kind FROM events) SELECT * FROM e WHERE id = 4711",
    instead: "WITH e AS NOT MATERIALIZED (SELECT id, user_id, kind FROM events) SELECT * FROM e WHERE id = 4711",
    less: "blocks",
  },
  {
    rule: "rows-discarded-late",
    about: "a window function for a minimum per group",
    sql: "SELECT id, user_id FROM (SELECT id, user_id, min(at) OVER (PARTITION BY user_id) AS first, at FROM events) e WHERE at = first",
    instead: "SELECT DISTINCT ON (user_id) id, user_id FROM events ORDER BY user_id, at",
  },
  {
    rule: "large-offset",
    about: "the page after 150,000 rows",
    sql: "SELECT id, at FROM events ORDER BY id LIMIT 20 OFFSET 150000",
    instead: "SELECT id, at FROM events WHERE id > 150000 ORDER BY id LIMIT 20",
    less: "blocks",
  },
  {
    rule: "trigger-time",
    about: "a foreign key without an index",
    stage: [
      "CREATE TABLE parents (id int PRIMARY KEY)",
      "CREATE TABLE children (id int PRIMARY KEY, parent_id int REFERENCES parents)",
      "INSERT INTO parents SELECT generate_series(1, 2000)",
      "INSERT INTO children SELECT g, 1000 + g % 1000 FROM generate_series(1, 50000) g",
      "ANALYZE parents, children",
    ],
    sql: "DELETE FROM parents WHERE id <= 100",
    mend: "as advised",
  },
  {
    rule: "jit-costs-more",
    about: "a cost that starts the compiler for a small table",
    major: 15,
    settings: ["jit_above_cost = 0", "jit_inline_above_cost = 0", "jit_optimize_above_cost = 0"],
    sql: "SELECT city, count(*), sum(zip * 2 + 1) FROM users WHERE zip % 3 = 1 GROUP BY city",
    mend: "as advised",
  },
  {
    rule: "planning-longer-than-execution",
    about: "three hundred partitions for one row",
    stage: [
      "CREATE TABLE cells (id int, value int) PARTITION BY RANGE (id)",
      ...Array.from(
        { length: 300 },
        (_, n) => `CREATE TABLE cells_p${n + 1} PARTITION OF cells FOR VALUES FROM (${n * 100}) TO (${n * 100 + 100})`,
      ),
      "INSERT INTO cells SELECT g, g FROM generate_series(0, 29999) g",
      "ANALYZE cells",
    ],
    once: true,
    sql: "SELECT a.value FROM cells a JOIN cells b ON b.id = a.id JOIN cells c ON c.id = b.id WHERE a.value = 4711 AND a.id < (SELECT 0)",
    instead: "SELECT a.value FROM cells a JOIN cells b ON b.id = a.id JOIN cells c ON c.id = b.id WHERE a.value = 4711 AND a.id = 4711",
  },
  {
    rule: "workers-not-launched",
    about: "no worker is left",
    settings: ["max_parallel_workers_per_gather = 2", "max_parallel_workers = 0", "parallel_setup_cost = 0", "parallel_tuple_cost = 0"],
    sql: "SELECT count(payload) FROM events WHERE kind = 3",
    mend: ["SET max_parallel_workers = 8"],
  },
  {
    rule: "disabled-node",
    about: "sequential scans are switched off where nothing else is there",
    settings: ["enable_seqscan = off"],
    sql: "SELECT count(payload) FROM events",
    mend: "as advised",
  },
  {
    rule: "wide-rows",
    about: "a kilobyte goes along through the sort",
    stage: [
      "CREATE TABLE documents AS SELECT g AS id, md5(g::text) AS title, repeat(md5(g::text), 40) AS body FROM generate_series(1, 20000) g",
      "ANALYZE documents",
    ],
    settings: ["work_mem = '256MB'"],
    sql: "SELECT title, body FROM documents ORDER BY title",
    instead: "SELECT id, title FROM documents ORDER BY title",
  },
  {
    rule: "cold-cache",
    about: "the first run after a start",
    settings: ["max_parallel_workers_per_gather = 0"],
    once: true,
    sql: "SELECT count(payload) FROM cold",
    mend: ["SELECT count(payload) FROM cold"],
  },
  {
    rule: "result-without-limit",
    about: "six hundred thousand rows",
    sql: "SELECT e.id, g FROM events e CROSS JOIN generate_series(1, 3) g",
    instead: "SELECT e.kind, count(*) FROM events e CROSS JOIN generate_series(1, 3) g GROUP BY e.kind",
  },
];
