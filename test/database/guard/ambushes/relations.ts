import { leaks, leaksValue, orderOf, type Ambush } from "./ambush.js";

/** What hangs on relations and is run by planning, writing or a function that gets them by number. */
export const relations: readonly Ambush[] = [
  {
    name: "hash_partition_function",
    setup:
      leaksValue("evil.hash(int, bigint)", "bigint", "1") +
      "CREATE OPERATOR CLASS evil.h FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 2 evil.hash(int, bigint); CREATE TABLE app.hp (a int) PARTITION BY HASH (a evil.h); CREATE TABLE app.hp0 PARTITION OF app.hp FOR VALUES WITH (modulus 1, remainder 0);",
    attacks: [
      "SELECT satisfies_hash_partition('app.hp'::regclass, 1, 0, 5)",
      "SELECT satisfies_hash_partition((SELECT oid FROM pg_class WHERE relname = 'hp'), 1, 0, 5)",
      "SELECT * FROM app.hp WHERE a = 1",
      "SELECT * FROM app.hp0 WHERE a = 1",
    ],
  },
  {
    name: "partition_constraint_function",
    setup:
      orderOf("int", "i", "") +
      "CREATE TABLE app.lp (a int) PARTITION BY LIST (a evil.ops_i); CREATE TABLE app.lp1 PARTITION OF app.lp FOR VALUES IN (1, 2); CREATE TABLE app.lpd PARTITION OF app.lp DEFAULT;",
    attacks: [
      "SELECT pg_get_partition_constraintdef('app.lpd'::regclass)",
      "SELECT pg_get_partition_constraintdef(oid) FROM pg_class WHERE relname IN ('lp1', 'lpd')",
      "SELECT * FROM app.lp",
      "SELECT * FROM app.lpd WHERE a = 5",
      "SELECT * FROM app.lp1 WHERE a = 5",
    ],
  },
  {
    name: "partition_of_expression",
    options: "%20-cconstraint_exclusion%3Don",
    setup:
      "CREATE TABLE app.ep (a int) PARTITION BY RANGE (evil.outi(a)); CREATE TABLE app.ep1 PARTITION OF app.ep FOR VALUES FROM (0) TO (100);" +
      orderOf("int", "i", "") +
      "CREATE TABLE app.lp (a int) PARTITION BY LIST (a evil.ops_i); CREATE TABLE app.lp1 PARTITION OF app.lp FOR VALUES IN (1, 2); CREATE TABLE app.lpd PARTITION OF app.lp DEFAULT;",
    attacks: [
      "SELECT * FROM app.ep1 WHERE a = 1",
      "INSERT INTO app.ep1 VALUES (1)",
      "SELECT * FROM app.lpd WHERE a = 5",
      "SELECT * FROM app.lp1 WHERE a = 5",
      "UPDATE app.lp1 SET a = 2 WHERE a = 5",
    ],
  },
  {
    name: "insert_paths",
    setup:
      "CREATE DOMAIN evil.d AS int CHECK (evil.outb(1)); CREATE TABLE app.t (a evil.d[], b int DEFAULT 0); CREATE VIEW app.w AS SELECT b, a FROM app.t WHERE evil.outb(1) WITH CHECK OPTION; CREATE TABLE app.k (id int PRIMARY KEY, x int[]); CREATE FUNCTION app.k_x(app.k) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    attacks: [
      "INSERT INTO app.t VALUES ('{1}')",
      "UPDATE app.t SET a = '{1}'",
      "UPDATE app.t SET a[1] = '5'",
      "INSERT INTO app.w (b) VALUES (1)",
      "INSERT INTO app.t (a) SELECT '{1}' UNION SELECT '{2}'",
      "INSERT INTO app.k VALUES (1) ON CONFLICT ((evil.outi(id))) DO NOTHING",
      "INSERT INTO app.k VALUES (1) ON CONFLICT (id) WHERE evil.outb(1) DO NOTHING",
      "UPDATE app.k SET x[evil.outi(1)] = 2",
      "DELETE FROM app.k USING app.w",
      "INSERT INTO app.k VALUES (1, ARRAY[evil.outi(1)]) RETURNING (k).id",
      "WITH x AS (DELETE FROM app.k RETURNING evil.outi(id)) SELECT 1",
      "INSERT INTO app.k (id) OVERRIDING SYSTEM VALUE VALUES (evil.outi(1))",
    ],
  },
  {
    name: "statistics_and_inherited",
    since: 15,
    setup:
      "CREATE TABLE app.t (a int, b int); CREATE TABLE app.c () INHERITS (app.t); CREATE STATISTICS app.st ON (a + evil.outi(1)), b FROM app.t; CREATE INDEX ON app.c (b) WHERE a = evil.outi(1); CREATE TABLE app.t3 (a int, b int); CREATE INDEX ON app.t3 (b) WHERE a = evil.outi(1); CREATE TABLE app.t4 (a int CHECK (a > evil.outi(1))); CREATE TABLE app.t5 (a int, b int GENERATED ALWAYS AS (a + evil.outi(1)) STORED); CREATE TABLE app.t6 (a int, EXCLUDE USING btree ((a + evil.outi(1)) WITH =));",
    attacks: [
      "SELECT * FROM app.t WHERE a = 1",
      "SELECT * FROM app.c WHERE a = 1",
      "SELECT * FROM app.t3 WHERE a = 1",
      "SELECT * FROM ONLY app.t3 WHERE a = 1",
      "SELECT * FROM app.t4 WHERE a = 1",
      "SELECT * FROM app.t5 WHERE b = 1",
      "SELECT * FROM app.t6 WHERE a = 1",
      "TABLE app.t",
      "WITH x AS (TABLE app.t4) SELECT 1",
      "SELECT 1 FROM app.users WHERE EXISTS (SELECT FROM app.t3)",
    ],
  },
  {
    name: "set_returning_and_rules",
    setup:
      "CREATE VIEW app.rv AS SELECT 1 AS a; CREATE RULE r AS ON INSERT TO app.rv DO INSTEAD INSERT INTO app.audit VALUES (evil.outi(1)); CREATE RULE r2 AS ON UPDATE TO app.rv WHERE evil.outb(1) DO INSTEAD NOTHING; CREATE RULE r3 AS ON UPDATE TO app.rv DO INSTEAD NOTIFY ch; CREATE TABLE app.rt (a int); CREATE RULE r AS ON DELETE TO app.rt DO ALSO SELECT evil.outi(1);",
    attacks: [
      "INSERT INTO app.rv VALUES (1)",
      "UPDATE app.rv SET a = 1",
      "DELETE FROM app.rt",
      "DELETE FROM app.rt WHERE a = 1 RETURNING a",
      "WITH x AS (INSERT INTO app.rv VALUES (1)) SELECT 1",
    ],
  },
  {
    name: "text_search",
    setup:
      leaks("evil.x(int)", "int") +
      "CREATE FUNCTION evil.lexize(internal, internal, internal, internal) RETURNS internal LANGUAGE internal AS 'dsimple_lexize'; CREATE FUNCTION evil.init(internal) RETURNS internal LANGUAGE internal AS 'dsimple_init'; CREATE TEXT SEARCH TEMPLATE evil.tt (INIT = evil.init, LEXIZE = evil.lexize); CREATE TEXT SEARCH DICTIONARY evil.dd (TEMPLATE = evil.tt); CREATE TEXT SEARCH CONFIGURATION evil.cc (COPY = simple); ALTER TEXT SEARCH CONFIGURATION evil.cc ALTER MAPPING FOR word, asciiword WITH evil.dd;",
    attacks: ["SELECT to_tsvector('evil.cc', 'x')"],
  },
];
