import type { Attack } from "./attacks.js";
import type { Harmless } from "./harmless.js";

/** Bodies of `evil.body_…(n int) RETURNS int` in PL/pgSQL that say IMMUTABLE. Each would leak, or do what no query does. */
const attacking: Readonly<Record<string, string>> = {
  returned: "BEGIN RETURN evil.outi(n); END",
  assigned: "DECLARE x int; BEGIN x := evil.outi(n); RETURN x; END",
  assigned_element: "DECLARE x int[]; BEGIN x[evil.outi(1)] := 1; RETURN 1; END",
  assigned_field: "DECLARE r record; BEGIN SELECT 1 AS a INTO r; r.a := evil.outi(1); RETURN 1; END",
  default_value: "DECLARE x int := evil.outi(1); BEGIN RETURN x; END",
  default_constant: "DECLARE x CONSTANT int NOT NULL DEFAULT evil.outi(1); BEGIN RETURN x; END",
  default_of_record: "DECLARE r evil.pair := evil.make_pair(1); BEGIN RETURN 1; END",
  default_of_record_equals: "DECLARE\n r evil.pair\n = evil.make_pair(1); BEGIN RETURN 1; END",
  default_of_enum: "DECLARE r evil.tint DEFAULT evil.outt('red'); BEGIN RETURN 1; END",
  default_in_inner_block: "BEGIN DECLARE r evil.pair := evil.make_pair(1); BEGIN NULL; END; RETURN 1; END",
  domain_variable: "DECLARE x evil.dom; BEGIN x := 5; RETURN x; END",
  domain_default: "DECLARE x evil.dom := 5; BEGIN RETURN x; END",
  domain_of_column: "DECLARE x app.with_domain.d%TYPE; BEGIN x := 5; RETURN x; END",
  domain_of_row: "DECLARE x app.with_domain%ROWTYPE; BEGIN x.d := 5; RETURN 1; END",
  domain_row: "DECLARE x app.with_domain; BEGIN x.d := 5; RETURN 1; END",
  cast_by_assignment: "DECLARE t text; BEGIN SELECT m INTO t FROM app.monies; RETURN 1; END",
  cast_to_own: "DECLARE m evil.money; BEGIN m := n; RETURN 1; END",
  operator: "BEGIN IF n OPERATOR(evil.@@) 2 THEN RETURN 1; END IF; RETURN 2; END",
  operator_on_path: "BEGIN RETURN (n @#@ 2)::int; END",
  condition: "BEGIN IF evil.outb(n) THEN RETURN 1; END IF; RETURN 2; END",
  elsif: "BEGIN IF n > 5 THEN RETURN 1; ELSIF evil.outb(n) THEN RETURN 2; END IF; RETURN 3; END",
  case_value: "BEGIN CASE evil.outi(n) WHEN 1 THEN RETURN 1; ELSE RETURN 2; END CASE; END",
  case_branch: "BEGIN CASE n WHEN 7, evil.outi(1) THEN RETURN 1; ELSE RETURN 2; END CASE; END",
  loop_bound: "BEGIN FOR i IN 1..evil.outi(n) LOOP NULL; END LOOP; RETURN 1; END",
  loop_step: "BEGIN FOR i IN 1..5 BY evil.outi(n) LOOP NULL; END LOOP; RETURN 1; END",
  loop_exit: "BEGIN LOOP EXIT WHEN evil.outb(n); END LOOP; RETURN 1; END",
  while: "BEGIN WHILE NOT evil.outb(n) LOOP NULL; END LOOP; RETURN 1; END",
  loop_query: "DECLARE r record; BEGIN FOR r IN SELECT evil.outi(n) LOOP NULL; END LOOP; RETURN 1; END",
  foreach: "DECLARE i int; BEGIN FOREACH i IN ARRAY ARRAY[evil.outi(n)] LOOP NULL; END LOOP; RETURN 1; END",
  cursor: "DECLARE c CURSOR FOR SELECT evil.outi(1); i int; BEGIN OPEN c; FETCH c INTO i; RETURN i; END",
  cursor_argument: "DECLARE c CURSOR (k int) FOR SELECT k; i int; BEGIN OPEN c(evil.outi(n)); FETCH c INTO i; RETURN i; END",
  cursor_loop: "DECLARE c CURSOR (k int) FOR SELECT k; BEGIN FOR r IN c(evil.outi(n)) LOOP NULL; END LOOP; RETURN 1; END",
  cursor_opened: "DECLARE c refcursor; i int; BEGIN OPEN c FOR SELECT evil.outi(n); FETCH c INTO i; RETURN i; END",
  fetch_count: "DECLARE c CURSOR FOR SELECT 1; i int; BEGIN OPEN c; FETCH ABSOLUTE evil.outi(n) FROM c INTO i; RETURN i; END",
  raised: "BEGIN RAISE NOTICE '%', evil.outi(n); RETURN 1; END",
  raised_with: "BEGIN RAISE NOTICE 'x' USING HINT = evil.outt('x'); RETURN 1; END",
  asserted: "BEGIN ASSERT evil.outb(n); RETURN 1; END",
  assert_message: "BEGIN ASSERT false, evil.outt('x'); RETURN 1; END",
  performed: "BEGIN PERFORM evil.outi(n); RETURN 1; END",
  selected_into: "DECLARE i int; BEGIN SELECT evil.outi(n) INTO STRICT i; RETURN i; END",
  in_handler: "BEGIN RETURN 1 / (n - 1); EXCEPTION WHEN division_by_zero THEN RETURN evil.outi(n); END",
  view: "BEGIN RETURN (SELECT count(*) FROM evil.view); END",
  foreign_table: "BEGIN RETURN (SELECT count(*) FROM app.program_table); END",
  row_notation: "BEGIN RETURN (SELECT length(u.full_name) FROM app.users u LIMIT 1); END",
  whole_row_sort: "DECLARE r record; BEGIN FOR r IN SELECT s FROM app.sorted ORDER BY s LOOP NULL; END LOOP; RETURN 1; END",
  two_deep: "BEGIN RETURN evil.body_returned(n); END",
  through_sql: "BEGIN RETURN evil.wrapped(n); END",
  cycle: "BEGIN IF n < 0 THEN RETURN evil.body_cycle(n + 1); END IF; RETURN evil.body_cycle_back(n); END",
  cycle_back: "BEGIN IF n < 0 THEN RETURN evil.body_cycle(n); END IF; RETURN evil.outi(n); END",
  read_file: "BEGIN RETURN length(pg_read_file('PG_VERSION')); END",
  setting: "BEGIN PERFORM set_config('search_path', 'evil', false); RETURN 1; END",
  xml_query: "BEGIN RETURN length(query_to_xml('SELECT evil.outi(1)', true, true, '')::text); END",
  advisory_lock: "BEGIN PERFORM pg_advisory_lock(7); RETURN 1; END",
  sequence: "BEGIN RETURN nextval('app.numbers'); END",
  notification: "BEGIN PERFORM pg_notify('c', 'x'); RETURN 1; END",
  connection: "BEGIN PERFORM dblink_exec('dbname=stage', 'INSERT INTO app.audit VALUES (1)'); RETURN 1; END",
  execute: "BEGIN EXECUTE 'SELECT evil.outi(1)'; RETURN 1; END",
  execute_hidden: "BEGIN /* no */ eXeCuTe/**/'SELECT evil.outi(1)'; RETURN 1; END",
  execute_into: "DECLARE i int; BEGIN EXECUTE 'SELECT evil.outi($1)' INTO i USING n; RETURN i; END",
  execute_loop: "DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT evil.outi(1)' LOOP NULL; END LOOP; RETURN 1; END",
  execute_cursor: "DECLARE c refcursor; i int; BEGIN OPEN c FOR EXECUTE 'SELECT evil.outi(1)'; FETCH c INTO i; RETURN i; END",
  inserts: "BEGIN INSERT INTO app.audit VALUES (n); RETURN n; END",
  inserts_in_query: "DECLARE i int; BEGIN WITH w AS (INSERT INTO app.audit VALUES (1) RETURNING n) SELECT w.n INTO i FROM w; RETURN i; END",
  locks_rows: "BEGIN PERFORM 1 FROM app.users FOR UPDATE; RETURN 1; END",
  locks_table: "BEGIN LOCK TABLE app.users IN SHARE MODE; RETURN 1; END",
  sets: "BEGIN SET work_mem = '1MB'; RETURN 1; END",
  makes_writable: "BEGIN SET TRANSACTION READ WRITE; RETURN 1; END",
  creates: "BEGIN CREATE TEMP TABLE made (n int); RETURN 1; END",
  does: "BEGIN DO 'BEGIN PERFORM evil.leak(); END'; RETURN 1; END",
  copies: "BEGIN COPY (SELECT 1) TO PROGRAM 'true'; RETURN 1; END",
  outlives_cancel: "BEGIN LOOP BEGIN PERFORM pg_sleep(30); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; RETURN 1; END",
  dollar_quotes: "BEGIN RETURN length($x$ ; $x$) + evil.outi(n) + length($x$ ; $x$); END",
  unicode_name: 'BEGIN RETURN U&"\\0065vil".outi(n); END',
};

/** Bodies of `kind.body_…(n int) RETURNS int` that only read. */
const reading: Readonly<Record<string, string>> = {
  arithmetic: "BEGIN RETURN n * 2 + 1; END",
  branches: "BEGIN IF n > 100 THEN RETURN 3; ELSIF n > 10 THEN RETURN 2; ELSE RETURN 1; END IF; END",
  case: "BEGIN CASE n WHEN 1, 2 THEN RETURN 1; WHEN 3 THEN RETURN 2; ELSE RETURN 3; END CASE; END",
  query: "DECLARE found_rows bigint; BEGIN SELECT count(*) INTO found_rows FROM app.orders o WHERE o.user_id = n; RETURN found_rows; END",
  row: "DECLARE u app.users; BEGIN SELECT * INTO u FROM app.users WHERE id = n; RETURN char_length(u.name); END",
  row_type: "DECLARE u app.users%ROWTYPE; BEGIN SELECT * INTO u FROM app.users WHERE id = n; RETURN u.id; END",
  column_type: "DECLARE t app.orders.total%TYPE := 0; BEGIN SELECT sum(total) INTO t FROM app.orders WHERE user_id = n; RETURN t; END",
  for_loop: "DECLARE s int := 0; BEGIN FOR i IN 1..n LOOP s := s + i; END LOOP; RETURN s; END",
  while_loop: "DECLARE s int = 0; BEGIN WHILE s < n LOOP s := s + 1; CONTINUE WHEN s = 3; END LOOP; RETURN s; END",
  query_loop:
    "DECLARE s numeric := 0; r record; BEGIN FOR r IN SELECT total FROM app.orders WHERE user_id = n LOOP s := s + r.total; END LOOP; RETURN s; END",
  foreach: "DECLARE i int; s int := 0; BEGIN FOREACH i IN ARRAY ARRAY[1, 2, n] LOOP s := s + i; END LOOP; RETURN s; END",
  cursor:
    "DECLARE c CURSOR (k int) FOR SELECT id FROM app.users WHERE id > k; i int; BEGIN OPEN c(n); FETCH c INTO i; CLOSE c; RETURN i; END",
  handler: "BEGIN RETURN 100 / n; EXCEPTION WHEN division_by_zero THEN RETURN 0; END",
  handler_others: "BEGIN RETURN ('x' || n)::int; EXCEPTION WHEN OTHERS THEN RETURN -1; END",
  raises: "BEGIN IF n < 0 THEN RAISE EXCEPTION 'negative: %', n USING ERRCODE = 'check_violation'; END IF; RETURN n; END",
  recursion: "BEGIN IF n <= 1 THEN RETURN 1; END IF; RETURN n + kind.body_recursion(n - 1); END",
  mutual_even: "BEGIN IF n <= 0 THEN RETURN 1; END IF; RETURN kind.body_mutual_odd(n - 1); END",
  mutual_odd: "BEGIN IF n <= 0 THEN RETURN 0; END IF; RETURN kind.body_mutual_even(n - 1); END",
  calls_sql: "BEGIN RETURN kind.order_count(n); END",
  json: "DECLARE d jsonb := '{}'; BEGIN d := jsonb_set(d, '{n}', to_jsonb(n)); RETURN (d ->> 'n')::int; END",
  arrays: "DECLARE a int[] := '{}'; BEGIN a[1] := n; a := a || 5; RETURN cardinality(a); END",
  enum: "DECLARE m kind.mood := 'ok'; BEGIN IF m = 'happy' THEN RETURN 1; END IF; RETURN n; END",
  domain: "DECLARE p kind.positive := 1; BEGIN p := p + n; RETURN p; END",
  execute_in_text: "BEGIN RETURN char_length('EXECUTE me') /* EXECUTE 'x' */ + n; END",
  nested_blocks: "<<outside>> DECLARE x int := n; BEGIN DECLARE x int := 2; BEGIN RETURN outside.x + x; END; END outside",
  diagnostics: "DECLARE c int; BEGIN PERFORM 1 FROM app.users WHERE id <= n; GET DIAGNOSTICS c = ROW_COUNT; RETURN c; END",
  alias: "DECLARE v ALIAS FOR $1; BEGIN RETURN v; END",
  perform_exists: "BEGIN PERFORM 1 FROM app.users WHERE id = n; IF NOT FOUND THEN RETURN 0; END IF; RETURN 1; END",
};

const created = (schema: string, bodies: Readonly<Record<string, string>>, volatility: string) =>
  Object.entries(bodies).map(
    ([name, body]) => `CREATE FUNCTION ${schema}.body_${name}(n int) RETURNS int LANGUAGE plpgsql ${volatility} AS $body$ ${body} $body$;`,
  );

/** Objects that the bodies use, and what else has a body. */
const around = `
   CREATE TYPE evil.pair AS (a int, b int); CREATE TYPE evil.tint AS ENUM ('red', 'blue');
   CREATE FUNCTION evil.make_pair(int) RETURNS evil.pair LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN ROW(1, 2)::evil.pair; END $$;
   CREATE FUNCTION evil.definer_path(text) RETURNS text LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER SET search_path = shadow, pg_catalog AS $$ BEGIN RETURN lower($1); END $$;
   CREATE FUNCTION evil.path_of_caller(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN lower($1); END $$;
   CREATE FUNCTION evil.sets_path(text) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = shadow, pg_catalog AS $$ BEGIN RETURN evil.path_of_caller($1); END $$;
   CREATE FUNCTION evil.poly(anyelement) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1::text; END $$;
   CREATE FUNCTION evil.poly_order(anyarray) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 < $1; END $$;
   CREATE FUNCTION evil.set_of(int) RETURNS SETOF int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN QUERY SELECT evil.outi($1); RETURN NEXT 5; END $$;
   CREATE FUNCTION evil.set_of_dynamic(int) RETURNS SETOF int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN QUERY EXECUTE 'SELECT evil.outi(1)'; END $$;
   CREATE FUNCTION evil.out_domain(OUT d evil.dom) LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN d := 5; END $$;
   CREATE FUNCTION evil.argument_default(n int, m int DEFAULT evil.outi(1)) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN m; END $$;
   CREATE FUNCTION evil.with_setting(int) RETURNS int LANGUAGE plpgsql SET session_replication_role = replica AS $$ BEGIN RETURN $1; END $$;
   CREATE FUNCTION kind.body_rows(n int) RETURNS TABLE (id int, name text) LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN QUERY SELECT u.id, u.name FROM app.users u WHERE u.id <= n; END $$;
   CREATE FUNCTION kind.body_set(n int) RETURNS SETOF app.orders LANGUAGE plpgsql STABLE AS $$ DECLARE o app.orders; BEGIN FOR o IN SELECT * FROM app.orders WHERE user_id = n LOOP RETURN NEXT o; END LOOP; RETURN; END $$;
   CREATE FUNCTION kind.body_out(n int, OUT a int, OUT b text) LANGUAGE plpgsql STABLE AS $$ BEGIN a := n; b := 'x' || n; END $$;
   CREATE FUNCTION kind.body_poly(a anyelement, b anyelement) RETURNS anyelement LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN coalesce(a, b); END $$;
   CREATE FUNCTION kind.body_definer() RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$ BEGIN RETURN current_setting('app.tenant', true); END $$;
   CREATE FUNCTION evil.log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.triggered VALUES (1); RETURN NEW; END $$;
   CREATE TABLE app.logged (n int); CREATE TRIGGER t AFTER INSERT ON app.logged FOR EACH ROW EXECUTE FUNCTION evil.log();
   CREATE FUNCTION evil.execute() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT evil.leak()'; RETURN NEW; END $$;
   CREATE TABLE app.executed (n int); CREATE TRIGGER t AFTER INSERT ON app.executed FOR EACH ROW EXECUTE FUNCTION evil.execute();
   CREATE FUNCTION kind.body_moods(n int) RETURNS kind.mood[] LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN ARRAY(SELECT mood FROM kind.people WHERE id < n); END $$;
   CREATE FUNCTION kind.body_lists(n int) RETURNS SETOF kind.mood[] LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN NEXT '{sad,ok}'::kind.mood[]; END $$;
   CREATE FUNCTION kind.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); IF TG_OP = 'UPDATE' AND OLD.n IS DISTINCT FROM NEW.n THEN NEW.changes := OLD.changes + 1; END IF; RETURN NEW; END $$;
   CREATE TABLE kind.touched (n int, at timestamptz, changes int DEFAULT 0);
   CREATE TRIGGER t BEFORE INSERT OR UPDATE ON kind.touched FOR EACH ROW EXECUTE FUNCTION kind.touch();
   CREATE TABLE kind.body_policed (n int, tenant text); ALTER TABLE kind.body_policed ENABLE ROW LEVEL SECURITY;
   CREATE POLICY own ON kind.body_policed USING (tenant = kind.body_definer());
   CREATE FUNCTION kind.is_even(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 % 2 = 0; END $$;
   CREATE DOMAIN kind.even AS int CHECK (kind.is_even(VALUE));
   CREATE TABLE kind.numbers (n kind.even, half int GENERATED ALWAYS AS (kind.body_arithmetic(n)) STORED, CHECK (kind.is_even(n)));
   CREATE FUNCTION kind.add(numeric, numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 + $2; END $$;
   CREATE AGGREGATE kind.body_sum(numeric) (SFUNC = kind.add, STYPE = numeric, INITCOND = '0');
   CREATE OPERATOR kind.+& (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = kind.add);`;

/** Without checking bodies: some refer to one another. */
export function bodiesText(): string {
  return `SET check_function_bodies = off; ${[...created("evil", attacking, "IMMUTABLE"), ...created("kind", reading, "IMMUTABLE")].join("\n")} ${around} RESET check_function_bodies;`;
}

const must = (name: string, sql: string): Attack => ({ name: `body_${name}`, sql, must: true });

export const bodyAttacks: readonly Attack[] = [
  ...Object.keys(attacking).map((name) => must(name, `SELECT evil.body_${name}(1)`)),
  must("definer_path", "SELECT evil.definer_path('X')"),
  must("path_of_caller", "SELECT evil.sets_path('X')"),
  must("polymorphic_cast", "SELECT evil.poly(m) FROM app.monies"),
  must("polymorphic_order", "SELECT evil.poly_order(ARRAY[s]) FROM app.sorted"),
  must("set", "SELECT * FROM evil.set_of(1)"),
  must("set_dynamic", "SELECT * FROM evil.set_of_dynamic(1)"),
  must("out_domain", "SELECT evil.out_domain()"),
  must("argument_default", "SELECT evil.argument_default(1)"),
  must("with_setting", "SELECT evil.with_setting(1)"),
];

export const bodyHarmless: readonly Harmless[] = [
  ...Object.keys(reading).map((name) => ({ name: `body_${name}`, sql: `SELECT kind.body_${name}(id) FROM app.users WHERE id < 5` })),
  { name: "body_in_where", sql: "SELECT * FROM app.users WHERE kind.body_arithmetic(id) = 5" },
  { name: "body_of_constants", sql: "SELECT kind.body_branches(5), kind.body_query(3)" },
  { name: "body_rows", sql: "SELECT r.name FROM kind.body_rows(5) r WHERE r.id > 1" },
  { name: "body_set", sql: "SELECT * FROM kind.body_set(3)" },
  { name: "body_arrays_of_enums", sql: "SELECT kind.body_moods(5), kind.body_lists(3)" },
  { name: "body_out", sql: "SELECT (kind.body_out(3)).b" },
  { name: "body_poly", sql: "SELECT kind.body_poly(NULL, name), kind.body_poly(1, 2) FROM app.users" },
  { name: "body_definer", sql: "SELECT kind.body_definer()" },
  { name: "body_policy", sql: "SELECT * FROM kind.body_policed" },
  { name: "body_domain_check", sql: "SELECT 4::kind.even" },
  { name: "body_columns", sql: "SELECT * FROM kind.numbers WHERE n = 4" },
  { name: "body_aggregate", sql: "SELECT kind.body_sum(total) FROM app.orders" },
  { name: "body_operator", sql: "SELECT 1.0 OPERATOR(kind.+&) 2.0" },
  { name: "body_trigger_insert", sql: "INSERT INTO kind.touched (n) VALUES (1)", onlyPlain: true },
  { name: "body_trigger_that_leaks_when_run", sql: "INSERT INTO app.triggered VALUES (1)", onlyPlain: true },
  { name: "body_trigger_update", sql: "UPDATE kind.touched SET n = 2", onlyPlain: true },
];
