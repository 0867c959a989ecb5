import { leaks, type Ambush } from "./ambush.js";

/** Names that look like PostgreSQL's own and mean something else: by literals, argument names, search paths of callers. */
export const names: readonly Ambush[] = [
  { name: "literal_other_count", setup: leaks("public.abs(app.mood, app.mood)", "int"), attacks: ["SELECT abs('happy', 'sad')"] },
  {
    name: "literal_mixed",
    setup: leaks("public.strpos(int, app.mood)", "int"),
    attacks: ["SELECT strpos(5, 'happy')", "SELECT strpos(id, 'happy') FROM app.users"],
  },
  { name: "literal_param", setup: leaks("public.strpos(int, app.mood)", "int"), attacks: ["SELECT strpos(5, $1)"], parameters: ["happy"] },
  {
    name: "operator_mixed",
    setup:
      leaks("evil.like(int, app.mood)", "bool") + "CREATE OPERATOR public.~~ (LEFTARG = int, RIGHTARG = app.mood, FUNCTION = evil.like);",
    attacks: ["SELECT 5 ~~ 'happy'", "SELECT 5 LIKE 'happy'", "SELECT 1 FROM app.users WHERE id LIKE 'happy'"],
  },
  {
    name: "operator_any",
    setup:
      leaks("evil.like(int, app.mood)", "bool") + "CREATE OPERATOR public.~~ (LEFTARG = int, RIGHTARG = app.mood, FUNCTION = evil.like);",
    attacks: ["SELECT 5 ~~ ANY ('{happy}')", "SELECT 5 LIKE ANY ('{happy}')"],
  },
  {
    name: "named_argument",
    setup: leaks("public.make_interval(mood app.mood)", "int"),
    attacks: ["SELECT make_interval(mood => 'happy')"],
  },
  { name: "aggregate_count", setup: leaks("public.count(app.mood, app.mood)", "int"), attacks: ["SELECT count('happy', 'sad')"] },
  {
    name: "string_category",
    setup: "CREATE EXTENSION citext;" + leaks("public.diagonal(citext)", "int"),
    attacks: ["SELECT diagonal('x')"],
    harmless: ["SELECT 'a'::citext = 'A', replace('x'::citext, 'a', 'b')", "SELECT upper('x')"],
  },
  {
    name: "variadic_and_defaults",
    setup:
      leaks("public.lower(VARIADIC app.mood[])", "text") +
      leaks("public.upper(text, x int DEFAULT evil.outi(1))", "text") +
      leaks("public.f(anyelement)", "text") +
      leaks("public.h(app.users)", "text") +
      leaks("public.md5(VARIADIC text[])", "text"),
    attacks: [
      "SELECT lower('happy', 'sad')",
      "SELECT lower(VARIADIC '{happy}')",
      "SELECT upper('x', x => 1)",
      "SELECT upper('x', 2)",
      "SELECT (1).f",
      "SELECT (u).h FROM app.users u",
      "SELECT u.h FROM app.users u",
      "SELECT h(u) FROM app.users u",
      "SELECT h(u.*) FROM app.users u",
      "SELECT u.f FROM app.users u",
      "SELECT s.f FROM generate_series(1, 2) s",
      "SELECT md5('a', 'b', 'c')",
      "SELECT md5(VARIADIC ARRAY['a'])",
      "SELECT x.f FROM (VALUES (1)) x",
      "WITH c AS (SELECT 1) SELECT c.f FROM c",
    ],
  },
  {
    name: "json_word",
    until: 15,
    path: "shadow,pg_catalog,public",
    setup: "CREATE DOMAIN shadow.json AS text CHECK (evil.outb(1)); CREATE DOMAIN shadow.jsonx AS text CHECK (evil.outb(1));",
    attacks: [
      "SELECT '{\"1\"}'::json[]",
      "SELECT JSON '1'",
      "SELECT CAST('1' AS json)",
      "SELECT * FROM json_populate_record(NULL::app.users, '{}') x, (SELECT '{1}'::json[]) y",
    ],
  },
  {
    name: "inner_path",
    setup:
      leaks("shadow.helper(int)", "int") +
      "CREATE FUNCTION public.helper(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION public.inner_(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT helper($1)'; CREATE FUNCTION public.outer_(int) RETURNS int LANGUAGE sql IMMUTABLE SET search_path = shadow, public AS 'SELECT inner_($1)';",
    attacks: ["SELECT outer_(1)"],
    harmless: ["SELECT inner_(1)"],
  },
  {
    name: "definer_user_path",
    path: "%22%24user%22,public",
    setup:
      "CREATE ROLE mallory_$DATABASE; CREATE SCHEMA mallory_$DATABASE; GRANT USAGE ON SCHEMA mallory_$DATABASE TO PUBLIC; GRANT USAGE ON SCHEMA evil TO PUBLIC; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA evil TO PUBLIC;" +
      leaks("mallory_$DATABASE.helper(int)", "int") +
      "ALTER FUNCTION mallory_$DATABASE.helper(int) SECURITY DEFINER; CREATE FUNCTION public.helper(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE FUNCTION public.asked(int) RETURNS int LANGUAGE sql IMMUTABLE SECURITY DEFINER AS 'SELECT helper($1)'; ALTER FUNCTION public.asked(int) OWNER TO mallory_$DATABASE;",
    attacks: ["SELECT asked(1)"],
    harmless: ["SELECT helper(1)"],
  },
  {
    name: "definer_hidden_schema",
    path: "private,shadow,public",
    setup:
      "SET check_function_bodies = off; CREATE ROLE meek_$DATABASE; GRANT USAGE ON SCHEMA shadow, evil TO PUBLIC; CREATE SCHEMA private; CREATE TABLE private.t (n int); GRANT USAGE ON SCHEMA shadow TO PUBLIC; CREATE VIEW shadow.t AS SELECT evil.outi(1) AS n; GRANT SELECT ON shadow.t TO PUBLIC; CREATE FUNCTION public.asked() RETURNS bigint LANGUAGE sql IMMUTABLE SECURITY DEFINER AS 'SELECT count(n) FROM t'; ALTER FUNCTION public.asked() OWNER TO meek_$DATABASE;",
    attacks: ["SELECT asked()"],
  },
  {
    name: "definer_sees_more",
    options: "%20-crole%3Dlow_$DATABASE",
    setup:
      "CREATE ROLE low_$DATABASE; GRANT USAGE ON SCHEMA app TO PUBLIC; GRANT SELECT ON app.users TO PUBLIC; CREATE SCHEMA private;" +
      leaks("private.helper(int)", "int") +
      "CREATE FUNCTION public.helper(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';" +
      "CREATE FUNCTION public.asked(int) RETURNS int LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = private, public AS 'SELECT helper($1)';" +
      "CREATE FUNCTION public.asked_body(int) RETURNS int LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = private, public AS 'BEGIN RETURN helper($1); END';",
    attacks: ["SELECT asked(1)", "SELECT asked_body(1)"],
    harmless: ["SELECT helper(1)", "SELECT name FROM users"],
  },
  {
    name: "definer_sees_less",
    path: "private,shadow,public",
    setup:
      "SET check_function_bodies = off; CREATE ROLE meeker_$DATABASE; CREATE SCHEMA private; GRANT USAGE ON SCHEMA evil, shadow, public TO PUBLIC; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA evil, public TO PUBLIC;" +
      "CREATE FUNCTION private.helper(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';" +
      leaks("shadow.helper(int)", "int") +
      "ALTER FUNCTION shadow.helper(int) SECURITY DEFINER;" +
      "CREATE FUNCTION public.asked() RETURNS int LANGUAGE sql IMMUTABLE SECURITY DEFINER AS 'SELECT helper(1)'; ALTER FUNCTION public.asked() OWNER TO meeker_$DATABASE;" +
      "CREATE FUNCTION public.asked_body() RETURNS int LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER AS 'BEGIN RETURN helper(1); END'; ALTER FUNCTION public.asked_body() OWNER TO meeker_$DATABASE;",
    attacks: ["SELECT asked()", "SELECT asked_body()"],
    harmless: ["SELECT helper(1)"],
  },
  {
    name: "exact_types",
    setup:
      "CREATE TABLE app.orders (id int, label text, code varchar, total numeric, share float8, nick name, status text);" +
      leaks("public.upper(varchar)", "text") +
      leaks("public.upper(name)", "text") +
      leaks("public.round(float8, int)", "float8") +
      leaks("public.status(app.orders)", "varchar") +
      leaks("public.btrim(text, n int DEFAULT 1)", "text") +
      leaks("public.concat_ws(text, VARIADIC text[])", "text") +
      leaks("public.left(text, text DEFAULT 'x')", "text") +
      `CREATE TABLE app.states (status text, label varchar); CREATE TYPE app.place AS (street varchar); CREATE TABLE app.shops (at app.place, label text);
       INSERT INTO app.orders VALUES (1, 'a', 'b', 1, 1, 'c'); INSERT INTO app.states VALUES ('x', 'y'); INSERT INTO app.shops VALUES (ROW('z'), 'l');
       CREATE FUNCTION app.labels() RETURNS TABLE (label varchar) LANGUAGE sql IMMUTABLE AS $$ SELECT 'x'::varchar $$;
       CREATE TABLE app.streets (street text); INSERT INTO app.streets VALUES ('x'); ANALYZE;`,
    attacks: [
      "SELECT upper(code) FROM app.orders",
      "SELECT upper(nick) FROM app.orders",
      "SELECT upper('x'::varchar)",
      "SELECT upper(CAST(label AS varchar)) FROM app.orders",
      "SELECT upper(label) FROM app.states",
      "SELECT upper(s.label) FROM app.orders o, app.states s",
      "SELECT upper(label) FROM (SELECT code AS label FROM app.orders) s",
      "SELECT upper(s.label) FROM app.orders o, (SELECT 'x'::varchar AS label) s",
      "SELECT upper(s.label) FROM app.orders o, (VALUES ('x'::varchar)) s(label)",
      "WITH s(label) AS (SELECT 'x'::varchar) SELECT upper(s.label) FROM s, app.orders o",
      "WITH orders AS (SELECT 'x'::varchar AS label) SELECT upper(label) FROM orders",
      "SELECT upper(s.label) FROM app.labels() s, app.orders o",
      "SELECT upper(label) FROM (SELECT code FROM app.orders) s(label)",
      "SELECT upper(label) FROM (SELECT label FROM app.shops WHERE false UNION ALL SELECT code FROM app.orders) s",
      "SELECT upper(s.street) FROM (SELECT (at).* FROM app.shops) s, app.streets t",
      "SELECT upper((at).street) FROM app.shops, app.streets",
      "SELECT upper(s.street) FROM (SELECT (at).street FROM app.shops) s, app.streets t",
      "SELECT upper(o.status) FROM app.orders o",
      "SELECT upper(s) FROM (SELECT 'x'::varchar) s(s), app.orders o",
      "SELECT round(share, 2) FROM app.orders",
      "SELECT round(1.5::float8, 2)",
      "SELECT round(total::float8, 2) FROM app.orders",
      "SELECT concat_ws('a'::text, 'b'::text)",
      "SELECT btrim('x'::text, 1)",
      "SELECT upper(x.y) FROM (SELECT nick AS y FROM app.orders) x",
    ],
    harmless: [
      "SELECT upper(label) FROM app.orders",
      "SELECT upper(o.label) FROM app.orders o JOIN app.streets s ON o.id = 1",
      "SELECT upper('x'::text)",
      "SELECT upper(lower(label)) FROM app.orders",
      "SELECT round(total, 2) FROM app.orders WHERE upper(label) = 'A'",
      "SELECT round(1.5, 2), round(sum(total), 2) FROM app.orders",
      "SELECT upper(label) FROM (SELECT label FROM app.orders) s",
      "WITH s AS (SELECT label, total FROM app.orders) SELECT upper(label), round(total, 1) FROM s",
    ],
  },
  {
    name: "exact_types_first_path",
    path: "shadow,pg_catalog,app,public",
    setup: leaks("shadow.upper(text)", "text") + leaks("public.lower(text)", "text"),
    attacks: ["SELECT upper(name) FROM users", "SELECT upper('x'::text)"],
    harmless: ["SELECT lower(name) FROM users", "SELECT pg_catalog.upper(name) FROM users"],
  },
  {
    name: "language_name",
    setup: `CREATE FUNCTION public.handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
      CREATE LANGUAGE imitation HANDLER public.handler;
      CREATE FUNCTION public.imitated(int) RETURNS int LANGUAGE imitation IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN 1; END $$;
      CREATE FUNCTION public.imitated_harmless(int) RETURNS int LANGUAGE imitation IMMUTABLE AS $$ BEGIN RETURN 1; END $$;
      ALTER LANGUAGE sql RENAME TO sequel; CREATE LANGUAGE sql HANDLER public.handler;
      CREATE FUNCTION public.pretends(int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN 1; END $$;`,
    attacks: ["SELECT imitated(1)", "SELECT pretends(1)"],
    harmless: ["SELECT imitated_harmless(1)"],
  },
  {
    name: "newer_words_in_bodies",
    until: 15,
    setup:
      leaks("public.json_array(int)", "int") +
      leaks("public.json_scalar(int)", "int") +
      "CREATE FUNCTION public.in_sql(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT json_array($1)';" +
      "CREATE FUNCTION public.in_body(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN json_scalar($1); END';",
    attacks: ["SELECT in_sql(1)", "SELECT in_body(1)", "SELECT json_array(1)"],
  },
  { name: "placeholder_numbers", setup: "", attacks: ["SELECT $70000::int", "SELECT $2147483647::int"] },
];
