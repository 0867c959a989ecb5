import type { Client } from "pg";
import { bodiesText } from "./bodies.js";
import { moreObjects, moreParsedObjects } from "./moreHarmless.js";

/** What the attacks write to when they get through: a table, files below `directory`, settings, locks, sequences, other sessions. */
export interface StagePlace {
  readonly port: number;
  readonly directory: string;
  readonly database: string;
}

const extensions = ["dblink", "file_fdw", "postgres_fdw", "pg_trgm", "citext", "hstore", "tablefunc", "pg_stat_statements"];

/** A small shop, and around it every way that PostgreSQL has to hide code behind a harmless statement. */
export async function buildStage(client: Client, place: StagePlace): Promise<void> {
  const loopback = `host=127.0.0.1 port=${place.port} dbname=${place.database} user=postgres`;
  for (const name of extensions) await client.query(`CREATE EXTENSION IF NOT EXISTS ${name}`);
  for (const text of [shop, bodies(loopback, place.directory), hiding, relations(place), types, functions, harmlessObjects])
    await client.query(text);
  if ((await versionOf(client)) >= 140000) await client.query(parsedBodies);
  await client.query(bodiesText());
  await client.query(moreObjects);
  if ((await versionOf(client)) >= 140000) await client.query(moreParsedObjects);
  await client.query("ANALYZE");
}

export async function versionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ v: number }>("SELECT current_setting('server_version_num')::int AS v");
  return rows[0]?.v ?? 0;
}

const shop = `
  CREATE SCHEMA app; CREATE SCHEMA evil; CREATE SCHEMA shadow; CREATE SCHEMA kind;
  CREATE TABLE app.audit (n int);
  CREATE TABLE app.users (id serial PRIMARY KEY, name text NOT NULL, email citext, tags hstore, created_at timestamptz DEFAULT now());
  CREATE TABLE app.orders (id serial PRIMARY KEY, user_id int REFERENCES app.users, total numeric(10,2), status text DEFAULT 'new', doc jsonb, at date DEFAULT current_date);
  INSERT INTO app.users (name, email) SELECT 'user ' || g, 'user' || g || '@example.org' FROM generate_series(1, 200) g;
  INSERT INTO app.orders (user_id, total, status, doc) SELECT 1 + g % 200, g, (ARRAY['new','paid','sent'])[1 + g % 3], jsonb_build_object('n', g) FROM generate_series(1, 2000) g;
  CREATE INDEX ON app.orders (user_id); CREATE INDEX ON app.users USING gin (name gin_trgm_ops);
  CREATE SEQUENCE app.numbers; SELECT lo_from_bytea(4711, 'x');
  CREATE ROLE plain LOGIN PASSWORD 'plain'; GRANT USAGE ON SCHEMA app, evil TO plain; GRANT SELECT ON ALL TABLES IN SCHEMA app TO plain;`;

/** Every function says that it is IMMUTABLE, so that planning runs it, and writes through a second connection, so that READ ONLY does not matter. */
const bodies = (loopback: string, directory: string) => `
  CREATE FUNCTION evil.leak() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ BEGIN PERFORM public.dblink_exec('${loopback}', 'INSERT INTO app.audit VALUES (1)'); END $$;
  CREATE FUNCTION evil.outi(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION evil.outt(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION evil.outb(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN true; END $$;
  CREATE FUNCTION evil.stable(int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION evil.volatile(int) RETURNS int LANGUAGE plpgsql VOLATILE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION evil.definer(int) RETURNS int LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION evil.plain_insert(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN INSERT INTO app.audit VALUES ($1); RETURN $1; END $$;
  CREATE FUNCTION evil.program(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN COPY (SELECT 1) TO PROGRAM 'cat > ${directory}/mark_program'; RETURN $1; END $$;
  CREATE FUNCTION evil.file(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN COPY (SELECT 1) TO '${directory}/mark_file'; RETURN $1; END $$;
  CREATE FUNCTION evil.explains(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN EXECUTE 'EXPLAIN ANALYZE SELECT evil.outi(1)'; RETURN $1; END $$;`;

const hiding = `
  CREATE FUNCTION evil.two(int, int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN true; END $$;
  CREATE FUNCTION evil.twot(text, text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN true; END $$;
  CREATE OPERATOR evil.@@ (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.two);
  CREATE OPERATOR evil.- (RIGHTARG = text, FUNCTION = evil.outt);
  CREATE OPERATOR shadow.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.twot);
  CREATE OPERATOR shadow.~~ (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.twot);
  CREATE OPERATOR shadow.< (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.two);
  CREATE FUNCTION shadow.upper(varchar) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION shadow.lower(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION shadow.count(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE VIEW shadow.pg_class AS SELECT evil.outi(1) AS oid;
  CREATE OPERATOR public.@#@ (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.two);`;

const relations = ({ port, directory, database }: StagePlace) => `
  CREATE VIEW evil.view AS SELECT evil.outi(1) AS n;
  CREATE VIEW app.view_of_view AS SELECT n FROM evil.view WHERE n > 0;
  CREATE VIEW app.file_view AS SELECT pg_read_file('postgresql.conf') AS t;
  CREATE VIEW app.string_view AS SELECT query_to_xml('SELECT evil.outi(1)', true, true, '') AS x;
  CREATE MATERIALIZED VIEW app.safe_matview AS SELECT id, name FROM app.users;
  CREATE TABLE app.ruled (n int); CREATE RULE r AS ON INSERT TO app.ruled DO ALSO SELECT evil.outi(1);
  CREATE TABLE app.ruled_update (n int); CREATE RULE r AS ON UPDATE TO app.ruled_update DO INSTEAD SELECT evil.outi(1);
  CREATE TABLE app.policed (n int); INSERT INTO app.policed VALUES (1); ALTER TABLE app.policed ENABLE ROW LEVEL SECURITY;
  CREATE POLICY p ON app.policed USING (evil.outb(1)); GRANT SELECT ON app.policed TO plain;
  CREATE FUNCTION evil.fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM evil.leak(); RETURN NEW; END $$;
  CREATE TABLE app.triggered (n int); CREATE TRIGGER t BEFORE INSERT ON app.triggered FOR EACH ROW EXECUTE FUNCTION evil.fire();
  CREATE TABLE app.parent (id int PRIMARY KEY); INSERT INTO app.parent VALUES (1);
  CREATE TABLE app.childs (id int REFERENCES app.parent ON DELETE CASCADE); INSERT INTO app.childs VALUES (1);
  CREATE FUNCTION evil.fire_old() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM evil.leak(); RETURN OLD; END $$;
  CREATE TRIGGER t BEFORE DELETE ON app.childs FOR EACH ROW EXECUTE FUNCTION evil.fire_old();
  CREATE TABLE app.defaulted (a int, b int DEFAULT evil.outi(1));
  CREATE VIEW app.defaulted_view AS SELECT a, b FROM app.defaulted;
  CREATE VIEW app.defaulted_view_2 AS SELECT a, b FROM app.defaulted_view;
  CREATE VIEW app.triggered_view AS SELECT n FROM app.triggered;
  CREATE VIEW app.instead_view AS SELECT 1 AS n;
  CREATE TRIGGER t INSTEAD OF INSERT ON app.instead_view FOR EACH ROW EXECUTE FUNCTION evil.fire();
  CREATE TABLE app.ruled_to_other (n int);
  CREATE RULE r AS ON INSERT TO app.ruled_to_other DO ALSO INSERT INTO app.defaulted (a) VALUES (NEW.n);
  CREATE TABLE app.parent_2 (id int PRIMARY KEY); INSERT INTO app.parent_2 VALUES (1), (2);
  CREATE TABLE app.child_2 (id int DEFAULT evil.outi(2) REFERENCES app.parent_2 ON DELETE SET DEFAULT); INSERT INTO app.child_2 VALUES (1);
  CREATE TABLE app.parted_plain (a int) PARTITION BY RANGE (a);
  CREATE TABLE app.parted_plain_1 PARTITION OF app.parted_plain FOR VALUES FROM (0) TO (100);
  CREATE TRIGGER t BEFORE INSERT ON app.parted_plain_1 FOR EACH ROW EXECUTE FUNCTION evil.fire();
  CREATE TABLE app.generated (a int, b int GENERATED ALWAYS AS (evil.outi(a)) STORED);
  CREATE TABLE app.checked (a int CHECK (evil.outb(1)));
  CREATE TABLE app.indexed (a int); CREATE INDEX ON app.indexed (a) WHERE evil.outb(1);
  CREATE TABLE app.indexed_expression (a int); INSERT INTO app.indexed_expression SELECT generate_series(1, 100); CREATE INDEX ON app.indexed_expression (evil.outi(a));
  CREATE TABLE app.parted (a int) PARTITION BY RANGE (evil.outi(a));
  CREATE TABLE app.parted_1 PARTITION OF app.parted FOR VALUES FROM (0) TO (100); CREATE TABLE app.parted_2 PARTITION OF app.parted FOR VALUES FROM (100) TO (200);
  CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
  CREATE FOREIGN TABLE app.program_table (t text) SERVER files OPTIONS (program 'touch ${directory}/mark_fdw; echo 1');
  CREATE SERVER back FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${port}', dbname '${database}');
  CREATE USER MAPPING FOR postgres SERVER back OPTIONS (user 'postgres', password_required 'false');
  CREATE FOREIGN TABLE app.remote_view (n int) SERVER back OPTIONS (schema_name 'evil', table_name 'view');
  CREATE TABLE app.tree (t text); CREATE FOREIGN TABLE app.tree_child () INHERITS (app.tree) SERVER files OPTIONS (program 'touch ${directory}/mark_child; echo 1');`;

const types = `
  CREATE DOMAIN evil.dom AS int CHECK (evil.outb(VALUE));
  CREATE DOMAIN evil.dom_on_dom AS evil.dom;
  CREATE TYPE evil.comp AS (d evil.dom);
  CREATE TYPE evil.money AS (v int);
  CREATE FUNCTION evil.to_text(evil.money) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN 'x'; END $$;
  CREATE FUNCTION evil.to_json(evil.money) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN '1'; END $$;
  CREATE FUNCTION evil.from_int(int) RETURNS evil.money LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN ROW($1); END $$;
  CREATE CAST (evil.money AS text) WITH FUNCTION evil.to_text(evil.money) AS IMPLICIT;
  CREATE CAST (evil.money AS json) WITH FUNCTION evil.to_json(evil.money);
  CREATE CAST (int AS evil.money) WITH FUNCTION evil.from_int(int);
  CREATE TYPE evil.sorted AS (v int);
  CREATE FUNCTION evil.cmp(evil.sorted, evil.sorted) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN 0; END $$;
  CREATE FUNCTION evil.lt(evil.sorted, evil.sorted) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN false; END $$;
  CREATE FUNCTION evil.eq(evil.sorted, evil.sorted) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN true; END $$;
  CREATE OPERATOR evil.< (LEFTARG = evil.sorted, RIGHTARG = evil.sorted, FUNCTION = evil.lt, COMMUTATOR = OPERATOR(evil.>));
  CREATE OPERATOR evil.> (LEFTARG = evil.sorted, RIGHTARG = evil.sorted, FUNCTION = evil.lt, COMMUTATOR = OPERATOR(evil.<));
  CREATE OPERATOR evil.<= (LEFTARG = evil.sorted, RIGHTARG = evil.sorted, FUNCTION = evil.lt);
  CREATE OPERATOR evil.>= (LEFTARG = evil.sorted, RIGHTARG = evil.sorted, FUNCTION = evil.lt);
  CREATE OPERATOR evil.= (LEFTARG = evil.sorted, RIGHTARG = evil.sorted, FUNCTION = evil.eq, MERGES);
  CREATE OPERATOR CLASS evil.sorted_ops DEFAULT FOR TYPE evil.sorted USING btree AS OPERATOR 1 evil.<, OPERATOR 2 evil.<=, OPERATOR 3 evil.=, OPERATOR 4 evil.>=, OPERATOR 5 evil.>, FUNCTION 1 evil.cmp(evil.sorted, evil.sorted);
  CREATE TYPE evil.span AS RANGE (SUBTYPE = evil.sorted);
  CREATE TABLE app.sorted (s evil.sorted); INSERT INTO app.sorted VALUES (ROW(1)), (ROW(2)), (ROW(3));
  CREATE TABLE app.with_domain (d evil.dom);
  CREATE TABLE app.points (p point); INSERT INTO app.points VALUES ('(1,2)'), ('(2,3)');
  CREATE FUNCTION evil.point_cmp(point, point) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN 0; END $$;
  CREATE FUNCTION evil.point_lt(point, point) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN false; END $$;
  CREATE OPERATOR evil.<<< (LEFTARG = point, RIGHTARG = point, FUNCTION = evil.point_lt);
  CREATE OPERATOR evil.=== (LEFTARG = point, RIGHTARG = point, FUNCTION = evil.point_lt);
  CREATE OPERATOR CLASS evil.point_ops DEFAULT FOR TYPE point USING btree AS OPERATOR 1 evil.<<<, OPERATOR 3 evil.===, FUNCTION 1 evil.point_cmp(point, point);
  CREATE TABLE app.monies (m evil.money); INSERT INTO app.monies VALUES (ROW(1));
  CREATE FUNCTION evil.plus(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE AGGREGATE evil.total(int) (SFUNC = evil.plus, STYPE = int, INITCOND = '0');`;

const functions = `
  CREATE FUNCTION app.full_name(app.users) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN 'x'; END $$;
  CREATE FUNCTION public.oops(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION evil.wrapped(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT evil.outi($1)';
  CREATE FUNCTION evil.sql_insert(int) RETURNS void LANGUAGE sql AS 'INSERT INTO app.audit VALUES ($1)';
  CREATE FUNCTION evil.sql_file() RETURNS text LANGUAGE sql AS $$ SELECT pg_read_file('postgresql.conf') $$;
  CREATE FUNCTION evil.sql_path(text) RETURNS text LANGUAGE sql SET search_path = shadow, pg_catalog AS 'SELECT lower($1)';
  CREATE FUNCTION evil.with_default(a int DEFAULT evil.outi(1)) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
  CREATE FUNCTION evil.sets(int) RETURNS int LANGUAGE sql SET session_replication_role = replica AS 'SELECT $1';
  CREATE FUNCTION evil.alias(text) RETURNS text LANGUAGE internal STRICT AS 'pg_read_file_all';
  CREATE FUNCTION evil.c_alias(text) RETURNS text LANGUAGE c STRICT AS '$libdir/dblink', 'dblink_connect';
  CREATE FUNCTION evil.hidden_nextval() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT nextval('app.numbers') $$;
  CREATE FUNCTION evil.wrong_signature(int) RETURNS text LANGUAGE internal IMMUTABLE STRICT AS 'textcat';
  CREATE FUNCTION evil.wrong_c_signature(int) RETURNS text LANGUAGE c IMMUTABLE STRICT AS '$libdir/citext', 'citext_eq';
  CREATE FUNCTION evil.nested(text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT x FROM (SELECT evil.sql_path($1) AS x) y WHERE EXISTS (SELECT 1) $$;
  CREATE FUNCTION pg_catalog.zap(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION evil.rows(int) RETURNS SETOF int LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM evil.leak(); RETURN NEXT 1; END $$;`;

const parsedBodies = `
  CREATE FUNCTION evil.atomic(int) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT evil.outi($1); END;
  CREATE FUNCTION evil.atomic_insert(int) RETURNS void LANGUAGE sql BEGIN ATOMIC INSERT INTO app.audit VALUES ($1); END;
  CREATE FUNCTION kind.atomic(int) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM app.orders WHERE user_id = $1; END;`;

/** What applications really have: none of it may be in the way. */
const harmlessObjects = `
  CREATE FUNCTION kind.order_count(int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM app.orders WHERE user_id = $1';
  CREATE FUNCTION kind.tax(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT round($1 * 1.19, 2)';
  CREATE FUNCTION kind.tenant() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$ SELECT current_setting('app.tenant', true) $$;
  CREATE DOMAIN kind.positive AS int CHECK (VALUE > 0);
  CREATE TYPE kind.mood AS ENUM ('sad', 'ok', 'happy');
  CREATE TABLE kind.people (id int GENERATED ALWAYS AS IDENTITY, age kind.positive, mood kind.mood DEFAULT 'ok', full_name text, initial text GENERATED ALWAYS AS (left(full_name, 1)) STORED);
  INSERT INTO kind.people (age, full_name) SELECT 1 + g % 90, 'person ' || g FROM generate_series(1, 100) g;
  CREATE INDEX ON kind.people (lower(full_name)) WHERE age > 18;
  CREATE VIEW kind.adults AS SELECT id, full_name, age, mood FROM kind.people WHERE age >= 18;
  CREATE TABLE kind.tenanted (n int, tenant text); ALTER TABLE kind.tenanted ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON kind.tenanted USING (tenant = kind.tenant());
  CREATE TABLE kind.events (at timestamptz, n int) PARTITION BY RANGE (at);
  CREATE TABLE kind.events_2026 PARTITION OF kind.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE kind.events_2027 PARTITION OF kind.events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
  CREATE TABLE kind."select" ("from" int, "order by" text);
  CREATE AGGREGATE kind.product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1');
  CREATE OPERATOR kind.+% (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = numeric_add);`;
