import { leaks, type Ambush } from "./ambush.js";

/** Casts and checks of types that the text does not name: rows, arrays, multiranges, JSON. */
export const types: readonly Ambush[] = [
  {
    name: "array_cast",
    setup: leaks("evil.arr(int[])", "text") + "CREATE CAST (int[] AS text) WITH FUNCTION evil.arr(int[]);",
    attacks: [
      "SELECT ARRAY[1, 2]::text",
      "SELECT array_agg(id)::text FROM app.users",
      "SELECT ARRAY(SELECT 1)::text",
      "SELECT '{1}'::int[]::text",
      "SELECT (string_to_array('1', ',')::int[])::text",
      "SELECT x::text FROM (SELECT ARRAY[1] AS x) y",
    ],
    harmless: ["SELECT 1, id FROM app.users WHERE id IN (1, 2)"],
  },
  {
    name: "row_cast",
    setup: leaks("evil.row(app.users)", "text") + "CREATE CAST (app.users AS text) WITH FUNCTION evil.row(app.users) AS IMPLICIT;",
    attacks: [
      "SELECT u::text FROM app.users u",
      "SELECT upper(u) FROM app.users u",
      "SELECT u::text FROM (SELECT * FROM app.users) x, app.users u",
      "SELECT u || 'x' FROM app.users u",
    ],
  },
  {
    name: "row_array_cast",
    setup: leaks("evil.row(app.users[])", "text") + "CREATE CAST (app.users[] AS text) WITH FUNCTION evil.row(app.users[]);",
    attacks: ["SELECT array_agg(u)::text FROM app.users u", "SELECT ARRAY[u]::text FROM app.users u"],
  },
  {
    name: "view_row_cast",
    setup:
      "CREATE VIEW app.v AS SELECT id FROM app.users;" +
      leaks("evil.row(app.v)", "text") +
      "CREATE CAST (app.v AS text) WITH FUNCTION evil.row(app.v);",
    attacks: ["SELECT v::text FROM app.v"],
  },
  {
    name: "enum_array_cast",
    setup: leaks("evil.row(app.mood[])", "text") + "CREATE CAST (app.mood[] AS text) WITH FUNCTION evil.row(app.mood[]);",
    attacks: ["SELECT array_agg(mood)::text FROM app.users", "SELECT ARRAY[mood]::text FROM app.users"],
  },
  {
    name: "enum_json_cast",
    setup: leaks("evil.j(app.mood)", "json") + "CREATE CAST (app.mood AS json) WITH FUNCTION evil.j(app.mood);",
    attacks: [
      "SELECT to_json(mood) FROM app.users",
      "SELECT json_agg(u) FROM app.users u",
      "SELECT jsonb_build_object('a', mood) FROM app.users",
      "SELECT to_jsonb(array_agg(mood)) FROM app.users",
    ],
  },
  {
    name: "multirange",
    since: 15,
    setup:
      "CREATE TYPE app.moods AS RANGE (SUBTYPE = app.mood, MULTIRANGE_TYPE_NAME = app.manymoods);" +
      leaks("public.upper(app.manymoods)", "int") +
      leaks("public.lower(app.manymoods)", "int"),
    attacks: [
      "SELECT upper(range_agg(r)) FROM (SELECT app.moods(mood, mood) AS r FROM app.users) x",
      "SELECT lower(range_agg(app.moods(mood, mood))) FROM app.users",
    ],
  },
  {
    name: "domain_moves_sequence",
    setup: "CREATE SEQUENCE app.s; CREATE DOMAIN app.counted AS int CHECK (nextval('app.s') > 0); CREATE TYPE app.pair AS (a app.counted);",
    attacks: ["SELECT '{5}'::app.counted[]", "SELECT '(5)'::app.pair", "SELECT '5'::app.counted"],
  },
  {
    name: "type_in_stored_text",
    setup:
      "CREATE DOMAIN evil.d AS int CHECK (evil.outb(1)); CREATE FUNCTION public.f() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT ('{1}'::evil.d[])[1]::int $$; CREATE VIEW app.v AS SELECT 1 AS a WHERE ROW(1)::text = '(1)' AND '{1}'::evil.d[] IS NOT NULL; CREATE TABLE app.t (a evil.d[]); CREATE TYPE evil.c AS (x evil.d[]); CREATE DOMAIN evil.dc AS evil.c; CREATE TABLE app.t2 (c evil.c, d evil.dc, e evil.dc[]);",
    attacks: [
      "SELECT f()",
      "SELECT * FROM app.v",
      "SELECT 1 FROM app.t WHERE a = '{1}'",
      "SELECT 1 FROM app.t2 WHERE c = '({1})'",
      "SELECT 1 FROM app.t2 WHERE d = '({1})'",
      "SELECT json_populate_record(t, '{\"a\": [1]}') FROM (SELECT NULL::app.t AS t) x",
      'SELECT * FROM json_populate_recordset((SELECT t FROM app.t2 t LIMIT 1), \'[{"e": [{"x": [1]}]}]\')',
      "SELECT 1 FROM app.t2 WHERE c IN ('({1})')",
      "SELECT CASE c WHEN '({1})' THEN 1 END FROM app.t2",
      "SELECT coalesce(a, '{1}') FROM app.t",
      "SELECT a FROM app.t UNION SELECT '{1}'",
      "SELECT 1 FROM app.t WHERE a = $1",
    ],
    parameters: ["{1}"],
  },
];
