/** Statements that applications send. Each must give a plan, plain and with ANALYZE unless it changes or locks rows. */
export interface Harmless {
  readonly name: string;
  readonly sql: string;
  readonly parameters?: readonly (string | null)[];
  readonly onlyPlain?: boolean;
  readonly since?: number;
}

const reads: Record<string, string> = {
  constant: "SELECT 1",
  semicolon_at_end: "SELECT 1;",
  semicolon_in_string: "SELECT ';' || 'a; DROP TABLE app.users'",
  comment_in_string: "SELECT '-- no comment', '/* neither */'",
  comments: "SELECT /* a /* nested */ comment */ 1 -- and the end",
  keywords_in_string: "SELECT 'INSERT INTO app.audit VALUES (1)'",
  keywords_as_names: 'SELECT "from", "order by" FROM kind."select"',
  dollar_quote: "SELECT $tag$ it's; DELETE FROM x $tag$",
  unicode_string: "SELECT U&'d\\0061t\\+000061'",
  escape_string: "SELECT E'it\\'s \\n'",
  byte_order_mark: "\uFEFFSELECT id FROM app.users",
  accents: "SELECT 'é 日本 🙂', name AS \"größe\" FROM app.users",
  bracketed: "(SELECT 1)",
  values: "VALUES (1, 'a'), (2, 'b')",
  table: "TABLE app.users",
  now: "SELECT now(), current_timestamp, current_date, localtime, clock_timestamp(), statement_timestamp()",
  random: "SELECT random(), gen_random_uuid()",
  current_setting: "SELECT current_setting('work_mem'), current_user, session_user, current_schema, version()",
  series: "SELECT * FROM generate_series(1, 10) g WHERE g % 2 = 0",
  time_series: "SELECT d::date FROM generate_series('2026-01-01'::timestamptz, '2026-02-01', '1 day') d",
  join: "SELECT u.name, o.total FROM app.users u JOIN app.orders o ON o.user_id = u.id WHERE u.id = 5",
  left_join_aggregate:
    "SELECT u.id, count(o.id), sum(o.total) FROM app.users u LEFT JOIN app.orders o ON o.user_id = u.id GROUP BY u.id HAVING count(*) > 3 ORDER BY 2 DESC LIMIT 5",
  in_list: "SELECT * FROM app.orders WHERE status IN ('new', 'paid') AND total BETWEEN 5 AND 10",
  in_subquery: "SELECT * FROM app.users WHERE id IN (SELECT user_id FROM app.orders WHERE total > 1900)",
  not_exists: "SELECT * FROM app.users u WHERE NOT EXISTS (SELECT FROM app.orders o WHERE o.user_id = u.id)",
  any_array: "SELECT * FROM app.users WHERE id = ANY ('{1,2,3}'::int[])",
  like: "SELECT * FROM app.users WHERE name LIKE '%ser 1%' OR name ILIKE 'USER%' OR name ~ '^u' OR name SIMILAR TO 'u%'",
  trigram: "SELECT name, similarity(name, 'user 7') FROM app.users WHERE name % 'user 7' ORDER BY name <-> 'user 7' LIMIT 3",
  citext: "SELECT * FROM app.users WHERE email = 'USER1@example.org'",
  hstore: "SELECT tags -> 'a', hstore('a', 'b') FROM app.users WHERE tags ? 'x'",
  jsonb: "SELECT doc ->> 'n', doc @> '{\"n\": 1}', jsonb_path_query_first(doc, '$.n') FROM app.orders WHERE (doc ->> 'n')::int = 5",
  json_build: "SELECT json_build_object('a', 1), jsonb_agg(to_jsonb(o)), row_to_json(ROW(1, 2)) FROM app.orders o",
  json_record: "SELECT * FROM jsonb_to_recordset('[{\"a\": 1}]') AS x(a int)",
  full_text:
    "SELECT ts_rank(to_tsvector('english', name), plainto_tsquery('user')), ts_headline(name, to_tsquery('user')) FROM app.users WHERE to_tsvector('english', name) @@ to_tsquery('user')",
  window:
    "SELECT id, rank() OVER (PARTITION BY user_id ORDER BY total DESC), lag(total) OVER w, sum(total) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM app.orders WINDOW w AS (ORDER BY id)",
  recursive: "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT sum(n) FROM t",
  cte_named_as_table: "WITH users AS (SELECT 1 AS id) SELECT * FROM users",
  materialized: "WITH x AS MATERIALIZED (SELECT * FROM app.orders) SELECT * FROM x WHERE id = 1",
  lateral:
    "SELECT u.id, x.total FROM app.users u CROSS JOIN LATERAL (SELECT total FROM app.orders o WHERE o.user_id = u.id ORDER BY total DESC LIMIT 1) x",
  distinct_on: "SELECT DISTINCT ON (user_id) * FROM app.orders ORDER BY user_id, at DESC",
  grouping: "SELECT status, user_id, grouping(status), sum(total) FROM app.orders GROUP BY CUBE (status, user_id)",
  ordered_set: "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total), mode() WITHIN GROUP (ORDER BY status) FROM app.orders",
  filter: "SELECT count(*) FILTER (WHERE status = 'new'), string_agg(DISTINCT status, ',' ORDER BY status), array_agg(id) FROM app.orders",
  set_operations: "SELECT id FROM app.users EXCEPT SELECT user_id FROM app.orders UNION ALL SELECT 1 INTERSECT SELECT 2",
  case: "SELECT CASE status WHEN 'new' THEN 1 ELSE 0 END, coalesce(status, ''), nullif(status, ''), greatest(1, 2) FROM app.orders",
  casts:
    "SELECT '1'::int, 1::text, CAST('2026-01-01' AS date), '1 day'::interval, '{1,2}'::int[], '[1,5)'::int4range, 'app.users'::regclass",
  dates:
    "SELECT extract(year FROM created_at), date_trunc('day', created_at), created_at AT TIME ZONE 'UTC', age(created_at), to_char(created_at, 'YYYY') FROM app.users",
  strings:
    "SELECT upper(name), substring(name FROM 2 FOR 3), trim(both ' ' FROM name), position('s' IN name), overlay(name PLACING 'x' FROM 1), format('%s', name), concat_ws(',', name, id), regexp_replace(name, 'a', 'b') FROM app.users",
  tablesample: "SELECT * FROM app.orders TABLESAMPLE bernoulli (10) REPEATABLE (1)",
  xml: "SELECT xmlelement(name a, 1), xpath('/a', '<a/>'::xml)",
  system_view: "SELECT pid, state, query FROM pg_stat_activity",
  system_catalog: "SELECT c.relname, pg_size_pretty(pg_total_relation_size(c.oid)) FROM pg_class c WHERE c.relkind = 'r'",
  information_schema: "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'app'",
  settings: "SELECT name, setting FROM pg_settings",
  statements: "SELECT query, calls FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 5",
  statistics: "SELECT * FROM pg_stats WHERE tablename = 'users'",
  locks: "SELECT * FROM pg_locks",
  sleep: "SELECT pg_sleep(0.01)",
  view: "SELECT * FROM kind.adults WHERE age > 50",
  matview: "SELECT * FROM app.safe_matview WHERE id = 1",
  enum: "SELECT * FROM kind.people WHERE mood = 'happy' ORDER BY mood",
  domain: "SELECT 5::kind.positive, max(age) FROM kind.people",
  generated: "SELECT initial, count(*) FROM kind.people GROUP BY initial",
  expression_index: "SELECT * FROM kind.people WHERE lower(full_name) = 'person 1' AND age > 18",
  partitions: "SELECT count(*) FROM kind.events WHERE at >= '2026-05-01' AND at < now()",
  policy: "SELECT * FROM kind.tenanted",
  sql_function: "SELECT kind.order_count(id), kind.tax(9.99) FROM app.users WHERE id < 5",
  sql_function_in_where: "SELECT * FROM app.orders WHERE kind.tax(total) > 100",
  own_aggregate: "SELECT kind.product(total) FROM app.orders WHERE id < 5",
  own_operator: "SELECT 1.0 OPERATOR(kind.+%) 2.0",
  row_values: "SELECT * FROM app.orders WHERE (user_id, id) > (5, 10) ORDER BY user_id, id LIMIT 10",
  column_like_function: "SELECT u.name, (u).email, u.* FROM app.users u",
  sequence_value: "SELECT last_value FROM app.numbers",
};

const withParameters: Harmless[] = [
  { name: "parameter", sql: "SELECT * FROM app.orders WHERE user_id = $1 AND status = $2", parameters: ["5", "new"] },
  { name: "parameter_null", sql: "SELECT * FROM app.orders WHERE user_id = $1", parameters: [null] },
  { name: "parameter_array", sql: "SELECT * FROM app.orders WHERE id = ANY ($1::int[])", parameters: ["{1,2,3}"] },
  { name: "parameter_text", sql: "SELECT $1::text", parameters: ["'; DROP TABLE app.users; --"] },
  { name: "parameter_limit", sql: "SELECT * FROM app.orders ORDER BY id LIMIT $1 OFFSET $2", parameters: ["10", "20"] },
];

const plain: Record<string, string> = {
  for_share: "SELECT * FROM app.users WHERE id = 1 FOR SHARE",
  for_update_skip: "SELECT * FROM app.orders WHERE status = 'new' LIMIT 1 FOR UPDATE SKIP LOCKED",
  insert: "INSERT INTO app.orders (user_id, total) VALUES (1, 2) RETURNING id",
  insert_select: "INSERT INTO app.orders (user_id, total) SELECT id, 1 FROM app.users",
  upsert: "INSERT INTO app.users (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
  update: "UPDATE app.orders SET status = 'paid' WHERE id = 5",
  update_from: "UPDATE app.orders o SET status = u.name FROM app.users u WHERE u.id = o.user_id",
  delete: "DELETE FROM app.orders WHERE at < current_date - 30",
  cte_delete: "WITH d AS (DELETE FROM app.orders WHERE id < 5 RETURNING *) SELECT count(*) FROM d",
  identity_insert: "INSERT INTO kind.people (age, full_name) VALUES (5, 'x')",
  nextval: "SELECT nextval('app.numbers')",
};

export const harmless: readonly Harmless[] = [
  ...Object.entries(reads).map(([name, sql]) => ({ name, sql })),
  ...withParameters,
  ...Object.entries(plain).map(([name, sql]) => ({ name, sql, onlyPlain: true })),
  {
    name: "merge",
    sql: "MERGE INTO app.orders o USING app.users u ON u.id = o.user_id WHEN MATCHED THEN UPDATE SET total = 1 WHEN NOT MATCHED THEN DO NOTHING",
    onlyPlain: true,
    since: 15,
  },
  { name: "atomic_function", sql: "SELECT kind.atomic(5)", since: 15 },
  { name: "json_table", sql: "SELECT * FROM json_table('[{\"a\":1}]', '$[*]' COLUMNS (a int PATH '$.a'))", since: 18 },
  { name: "json_value", sql: "SELECT json_value(doc, '$.n' RETURNING int), json_object('a': 1), doc IS JSON FROM app.orders", since: 18 },
  { name: "uuidv7", sql: "SELECT uuidv7()", since: 18 },
  { name: "any_value", sql: "SELECT any_value(status) FROM app.orders", since: 18 },
];
