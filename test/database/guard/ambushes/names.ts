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
  { name: "placeholder_numbers", setup: "", attacks: ["SELECT $70000::int", "SELECT $2147483647::int"] },
];
