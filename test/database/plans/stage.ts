/** What a call of `deep` reads: more than any other node of the statements that call it. */
export const deepPages = 1500;

/** Tables for the plans of `queries.ts`; small enough to be made in a second, large enough for parallel plans and spills. */
export const stage = `
  CREATE TABLE big (id int PRIMARY KEY, g int, h int, t text);
  INSERT INTO big SELECT n, n % 100, n % 7, repeat('x', 60) FROM generate_series(1, 60000) n;
  CREATE INDEX big_g ON big (g);
  CREATE TABLE small (id int PRIMARY KEY, a int, b int);
  INSERT INTO small SELECT n, n % 10, n FROM generate_series(1, 200) n;
  CREATE TABLE other (id int PRIMARY KEY, small_id int, v int);
  INSERT INTO other SELECT n, 1 + n % 200, n % 13 FROM generate_series(1, 5000) n;
  CREATE INDEX other_small ON other (small_id);
  CREATE TABLE parted (k int, v int) PARTITION BY RANGE (k);
  CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000);
  CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (1000) TO (2000);
  CREATE TABLE parted_3 PARTITION OF parted FOR VALUES FROM (2000) TO (3000);
  INSERT INTO parted SELECT n, n % 5 FROM generate_series(0, 2999) n;
  CREATE INDEX parted_k ON parted (k);
  CREATE TABLE parent (id int PRIMARY KEY, note text);
  CREATE TABLE child (id int PRIMARY KEY, parent_id int REFERENCES parent ON DELETE CASCADE);
  CREATE INDEX child_parent ON child (parent_id);
  INSERT INTO parent SELECT n, 'p' FROM generate_series(1, 500) n;
  INSERT INTO child SELECT n, 1 + n % 500 FROM generate_series(1, 1500) n;
  CREATE TABLE logged (id int, what text);
  CREATE FUNCTION slow_before() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.002); NEW.what := 'b'; RETURN NEW; END $$;
  CREATE FUNCTION slow_after() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.002); RETURN NULL; END $$;
  CREATE TABLE before_row (id int, what text);
  CREATE TRIGGER t BEFORE INSERT ON before_row FOR EACH ROW EXECUTE FUNCTION slow_before();
  CREATE TABLE after_row (id int, what text);
  CREATE TRIGGER t AFTER INSERT ON after_row FOR EACH ROW EXECUTE FUNCTION slow_after();
  CREATE TABLE both_rows (id int, what text);
  CREATE TRIGGER a BEFORE INSERT ON both_rows FOR EACH ROW EXECUTE FUNCTION slow_before();
  CREATE FUNCTION quick_after() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
  CREATE TRIGGER b AFTER INSERT ON both_rows FOR EACH ROW EXECUTE FUNCTION quick_after();
  CREATE TABLE statement_before (id int, what text);
  CREATE TRIGGER t BEFORE INSERT ON statement_before FOR EACH STATEMENT EXECUTE FUNCTION slow_after();
  CREATE TABLE statement_after (id int, what text);
  CREATE TRIGGER t AFTER INSERT ON statement_after FOR EACH STATEMENT EXECUTE FUNCTION slow_after();
  CREATE VIEW instead AS SELECT id, what FROM logged;
  CREATE TRIGGER t INSTEAD OF INSERT ON instead FOR EACH ROW EXECUTE FUNCTION slow_before();
  CREATE TABLE parted_trigger (id int, what text) PARTITION BY RANGE (id);
  CREATE TABLE parted_trigger_1 PARTITION OF parted_trigger FOR VALUES FROM (0) TO (1000);
  CREATE TRIGGER t BEFORE INSERT ON parted_trigger_1 FOR EACH ROW EXECUTE FUNCTION slow_before();
  CREATE TABLE pages (t text) WITH (fillfactor = 10);
  INSERT INTO pages SELECT repeat('x', 700) FROM generate_series(1, ${deepPages}) n;
  CREATE FUNCTION deep(n int) RETURNS int LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$ BEGIN PERFORM count(*) FROM pages; RETURN n; END $$;
  CREATE FUNCTION blocks(n int) RETURNS bigint LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$ BEGIN RETURN (SELECT count(*) FROM other); END $$;
  ANALYZE;`;

/** The same tables as another server's; from 14 on their scans can run side by side. */
export function foreignStage(port: number, major: number): string {
  const side = major >= 14 ? ", async_capable 'true'" : "";
  return `
  CREATE EXTENSION postgres_fdw;
  CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '${port}', dbname 'postgres'${side});
  CREATE USER MAPPING FOR postgres SERVER far OPTIONS (user 'postgres', password_required 'false');
  CREATE FOREIGN TABLE far_big (id int, g int, h int, t text) SERVER far OPTIONS (table_name 'big');
  CREATE FOREIGN TABLE far_other (id int, small_id int, v int) SERVER far OPTIONS (table_name 'other');`;
}

/** Makes planning choose parallel plans for small tables. */
export const parallel: Readonly<Record<string, string>> = {
  parallel_setup_cost: "0",
  parallel_tuple_cost: "0",
  min_parallel_table_scan_size: "0",
  min_parallel_index_scan_size: "0",
  max_parallel_workers_per_gather: "2",
};
