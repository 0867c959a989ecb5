import type { Harmless } from "./harmless.js";

/** Functions, views and columns as applications have them: all of them only read. */
export const moreObjects = `
  SET check_function_bodies = off;
  CREATE FUNCTION kind.spent(p_user int, p_since date DEFAULT '2020-01-01') RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(o.total), 0) FROM app.orders o WHERE o.user_id = p_user AND o.at >= p_since $$;
  CREATE FUNCTION kind.orders_of(int) RETURNS SETOF app.orders LANGUAGE sql STABLE AS 'SELECT * FROM app.orders WHERE user_id = $1';
  CREATE FUNCTION kind.best(int) RETURNS TABLE (name text, spent numeric) LANGUAGE sql STABLE AS $$
    SELECT u.name, kind.spent(u.id) FROM app.users u ORDER BY 2 DESC LIMIT $1 $$;
  CREATE FUNCTION kind.two_queries(int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1; SELECT count(*) FROM app.orders WHERE user_id = $1';
  CREATE FUNCTION kind.fib(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 < 2 THEN $1 ELSE kind.fib($1 - 1) + kind.fib($1 - 2) END';
  CREATE FUNCTION kind.ping(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 <= 0 THEN 0 ELSE kind.pong($1 - 1) END';
  CREATE FUNCTION kind.pong(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT kind.ping($1)';
  CREATE FUNCTION kind.first_of(anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $1[1]';
  CREATE FUNCTION kind.mix(VARIADIC int[]) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT sum(x) FROM unnest($1) x';
  CREATE FUNCTION kind.initials(app.users) RETURNS text LANGUAGE sql STABLE AS 'SELECT left($1.name, 1)';
  CREATE FUNCTION kind.secret_count() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp AS 'SELECT count(*) FROM users';
  CREATE FUNCTION kind.with_settings(int) RETURNS int LANGUAGE sql STABLE SET work_mem = '8MB' SET enable_seqscan = off AS 'SELECT $1';
  CREATE FUNCTION kind.slug(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT lower(regexp_replace($1, '\\W+', '-', 'g')) $$;
  CREATE FUNCTION kind.month_of(timestamptz) RETURNS date LANGUAGE sql STABLE AS $$ SELECT date_trunc('month', $1)::date $$;
  CREATE FUNCTION kind.doc_of(app.users) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT jsonb_build_object('id', $1.id, 'orders', (SELECT jsonb_agg(o.id) FROM app.orders o WHERE o.user_id = $1.id)) $$;
  CREATE FUNCTION kind.tree(int) RETURNS SETOF int LANGUAGE sql STABLE AS 'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < $1) SELECT n FROM t';
  CREATE FUNCTION kind.concat_two(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || coalesce($2, '') $$;
  CREATE AGGREGATE kind.joined(text) (SFUNC = kind.concat_two, STYPE = text, INITCOND = '');
  CREATE FUNCTION kind.upper(app.users) RETURNS text LANGUAGE sql STABLE AS 'SELECT pg_catalog.upper($1.name)';
  CREATE VIEW kind.spenders AS SELECT u.id, u.name, kind.spent(u.id) AS spent, kind.slug(u.name) AS slug FROM app.users u;
  CREATE TABLE kind.articles (id int PRIMARY KEY, title text CHECK (kind.slug(title) <> ''), slug text GENERATED ALWAYS AS (kind.slug(title)) STORED);
  CREATE INDEX ON kind.articles (kind.slug(title)); INSERT INTO kind.articles VALUES (1, 'A first one'), (2, 'A second one');
  CREATE TYPE kind.address AS (street text, city text); CREATE TABLE kind.places (id int, at kind.address, tags text[], span daterange);
  INSERT INTO kind.places VALUES (1, ROW('a', 'b'), '{x,y}', '[2026-01-01,2026-02-01)');
  RESET check_function_bodies;`;

/** From 14 on: bodies that are parsed when they are made. */
export const moreParsedObjects = `
  CREATE FUNCTION kind.atomic_two(int) RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT 1; SELECT sum(total) FROM app.orders WHERE user_id = $1; END;
  CREATE FUNCTION kind.atomic_return(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE RETURN a * b;
  CREATE FUNCTION kind.atomic_deep(int) RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT kind.atomic_two($1) + kind.spent($1); END;`;

const functions: Readonly<Record<string, string>> = {
  user_default: "SELECT kind.spent(5), kind.spent(5, '2026-01-01'), kind.spent(p_since => '2026-01-01', p_user => 3)",
  user_set: "SELECT o.total FROM kind.orders_of(5) o WHERE o.status = 'new'",
  user_table: "SELECT * FROM kind.best(3)",
  user_lateral: "SELECT u.id, o.id FROM app.users u CROSS JOIN LATERAL kind.orders_of(u.id) o LIMIT 5",
  user_two_queries: "SELECT kind.two_queries(5)",
  user_recursive: "SELECT kind.fib(8)",
  user_mutual: "SELECT kind.ping(5)",
  user_polymorphic: "SELECT kind.first_of(ARRAY[3, 4]), kind.first_of(ARRAY['a', 'b'])",
  user_variadic: "SELECT kind.mix(1, 2, 3), kind.mix(VARIADIC ARRAY[4, 5])",
  user_of_row: "SELECT kind.initials(u) FROM app.users u",
  user_definer: "SELECT kind.secret_count()",
  user_settings: "SELECT kind.with_settings(5)",
  user_slug: "SELECT kind.slug(name) FROM app.users WHERE kind.slug(name) = 'user-5'",
  user_month: "SELECT kind.month_of(created_at), count(*) FROM app.users GROUP BY 1 ORDER BY 1",
  user_document: "SELECT kind.doc_of(u) FROM app.users u WHERE u.id < 3",
  user_tree: "SELECT sum(t) FROM kind.tree(10) t",
  user_aggregate: "SELECT kind.joined(name ORDER BY id) FROM app.users WHERE id < 5",
  user_window: "SELECT kind.joined(name) OVER (ORDER BY id) FROM app.users WHERE id < 5",
  user_named_as_builtin: "SELECT kind.upper(u), upper(u.name) FROM app.users u",
  user_in_join: "SELECT * FROM app.users a JOIN app.users b ON kind.slug(a.name) = kind.slug(b.name) WHERE a.id = 1",
  user_in_order: "SELECT id FROM app.users ORDER BY kind.spent(id) DESC LIMIT 3",
  user_in_having: "SELECT user_id FROM app.orders GROUP BY user_id HAVING sum(total) > kind.spent(1)",
  user_in_case: "SELECT CASE WHEN kind.spent(id) > 100 THEN 'good' END FROM app.users",
  user_in_cte: "WITH best AS (SELECT * FROM kind.best(3)) SELECT name FROM best",
  user_view: "SELECT * FROM kind.spenders WHERE spent > 5 ORDER BY slug LIMIT 3",
  user_index: "SELECT * FROM kind.articles WHERE kind.slug(title) = 'a-first-one'",
  user_generated: "SELECT slug FROM kind.articles WHERE id = 1",
};

const reads: Readonly<Record<string, string>> = {
  composite: "SELECT (p.at).city, p.at FROM kind.places p WHERE (p.at).street = 'a'",
  composite_order: "SELECT at FROM kind.places ORDER BY at",
  ranges: "SELECT lower(span), span @> '2026-01-15'::date, span && '[2026-01-01,2026-01-05)'::daterange FROM kind.places",
  arrays: "SELECT tags[1], array_length(tags, 1), 'x' = ANY (tags), tags || 'z'::text, unnest(tags) FROM kind.places",
  array_of_arrays: "SELECT (ARRAY[[1, 2], [3, 4]])[2][1], array_to_string(ARRAY['a', NULL], ',', '-')",
  quantified: "SELECT * FROM app.orders WHERE total > ALL (SELECT total FROM app.orders WHERE id < 3)",
  correlated: "SELECT name, (SELECT max(total) FROM app.orders o WHERE o.user_id = u.id) FROM app.users u WHERE u.id < 3",
  self_join: "SELECT a.id, b.id FROM app.orders a JOIN app.orders b ON b.user_id = a.user_id AND b.id > a.id WHERE a.id < 3",
  full_join: "SELECT coalesce(u.id, o.user_id) FROM app.users u FULL JOIN app.orders o ON o.user_id = u.id",
  natural_join: "SELECT count(*) FROM app.users NATURAL JOIN kind.articles",
  using_join: "SELECT id FROM app.users JOIN kind.articles USING (id)",
  cross_join: "SELECT count(*) FROM app.users CROSS JOIN kind.articles",
  values_join: "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(id, letter) JOIN app.users u ON u.id = v.id",
  bit_strings: "SELECT B'101' | B'010', X'1F'",
  network: "SELECT '10.0.0.1'::inet << '10.0.0.0/8'::cidr, host('10.0.0.1'::inet)",
  uuid: "SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, md5('x')::uuid",
  bytea: "SELECT encode('abc'::bytea, 'hex'), sha256('x'), '\\x00ff'::bytea",
  geometry: "SELECT path '((1,1),(2,2))', line '{1,2,3}'",
  money_type: "SELECT 5::money, '1.50'::money * 2",
  time_zone: "SELECT '2026-01-01 12:00'::timestamp AT TIME ZONE 'Europe/Berlin', make_interval(days => 3)",
  date_series: "SELECT g::date FROM generate_series(current_date - 7, current_date, interval '1 day') g",
  gaps: "SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM app.users",
  frames:
    "SELECT avg(total) OVER (PARTITION BY user_id ORDER BY at RANGE BETWEEN '7 days' PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM app.orders",
  first_values:
    "SELECT first_value(total) OVER w, nth_value(total, 2) OVER w, ntile(4) OVER w FROM app.orders WINDOW w AS (PARTITION BY user_id ORDER BY id)",
  statistics:
    "SELECT corr(id, user_id), regr_slope(total, id), stddev(total), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY total) FROM app.orders",
  bool_aggregates: "SELECT bool_and(total > 0), every(id > 0), bit_or(id) FROM app.orders",
  json_paths: "SELECT doc #>> '{n}', doc @? '$.n ? (@ > 5)', jsonb_path_query_array(doc, '$.*'), jsonb_pretty(doc) FROM app.orders LIMIT 2",
  json_each: "SELECT k, v FROM app.orders o CROSS JOIN LATERAL jsonb_each_text(o.doc) AS e(k, v) LIMIT 5",
  json_change: "SELECT (doc || '{\"a\": 1}') - 'n'::text, jsonb_set(doc, '{b}', '2'), jsonb_strip_nulls(doc) FROM app.orders LIMIT 2",
  fetch_first: "SELECT id FROM app.orders ORDER BY total DESC FETCH FIRST 5 ROWS WITH TIES",
  is_distinct: "SELECT 1 WHERE NULL IS NOT DISTINCT FROM NULL AND 1 IS DISTINCT FROM 2 AND true IS NOT UNKNOWN",
  overlaps: "SELECT (date '2026-01-01', date '2026-02-01') OVERLAPS (date '2026-01-15', interval '1 month')",
  collation: 'SELECT name FROM app.users ORDER BY name COLLATE "C" LIMIT 2',
  escape_like: "SELECT 1 FROM app.users WHERE name LIKE 'a!%%' ESCAPE '!'",
  column_named_function: 'SELECT count AS "max" FROM (SELECT 1 AS count) "sum"',
  table_functions: "SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a', 'b'])) WITH ORDINALITY AS t(n, letter, place)",
  string_to_table: "SELECT * FROM regexp_split_to_table('a,b,c', ',') AS part",
  search_cycle_free:
    "WITH RECURSIVE t(id, path) AS (SELECT 1, ARRAY[1] UNION ALL SELECT t.id + 1, path || t.id FROM t WHERE t.id < 5 AND NOT t.id = ANY (path)) SELECT * FROM t",
  activity: "SELECT pid, wait_event, pg_blocking_pids(pid) FROM pg_stat_activity WHERE state = 'active'",
  sizes: "SELECT relname, pg_relation_size(oid), obj_description(oid) FROM pg_class WHERE relkind = 'r' ORDER BY 2 DESC LIMIT 5",
  definitions: "SELECT pg_get_viewdef('kind.adults'::regclass), pg_get_indexdef(indexrelid) FROM pg_index LIMIT 1",
  privileges: "SELECT has_table_privilege('app.users', 'select'), current_schemas(true)",
  empty_target: "SELECT FROM app.users WHERE id = 1",
  many_columns: `SELECT ${Array.from({ length: 300 }, (_, at) => `${at} AS c${at}`).join(", ")}`,
  long_in_list: `SELECT * FROM app.orders WHERE id IN (${Array.from({ length: 5_000 }, (_, at) => at).join(", ")})`,
  deep_brackets: `SELECT ${"(".repeat(200)}1${")".repeat(200)}`,
};

export const moreHarmless: readonly Harmless[] = [
  ...Object.entries({ ...functions, ...reads }).map(([name, sql]) => ({ name: `more_${name}`, sql })),
  { name: "more_user_parameter", sql: "SELECT kind.spent($1), kind.slug($2)", parameters: ["5", "A B"] },
  { name: "more_atomic_two", sql: "SELECT kind.atomic_two(5)", since: 15 },
  { name: "more_atomic_return", sql: "SELECT kind.atomic_return(3), kind.atomic_return(3, b => 4)", since: 15 },
  { name: "more_atomic_deep", sql: "SELECT kind.atomic_deep(id) FROM app.users WHERE id < 3", since: 15 },
  { name: "more_insert_checked", sql: "INSERT INTO kind.articles (id, title) VALUES (9, 'x')", onlyPlain: true },
  { name: "more_update_user", sql: "UPDATE app.orders SET total = kind.spent(user_id) WHERE id = 5", onlyPlain: true },
];
