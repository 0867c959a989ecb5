import { leaksValue, orderOf, type Ambush } from "./ambush.js";

/** Comparison functions that nothing names: operator classes and families. */
export const orders: readonly Ambush[] = [
  {
    name: "row_operator_class",
    setup: orderOf("app.users", "u", "DEFAULT"),
    attacks: [
      "SELECT u FROM app.users u ORDER BY u",
      "SELECT DISTINCT u FROM app.users u",
      "SELECT u FROM app.users u UNION SELECT u FROM app.users u",
    ],
  },
  {
    name: "array_operator_class",
    setup: orderOf("int[]", "a", "DEFAULT"),
    attacks: [
      "SELECT DISTINCT ARRAY[id] FROM app.users",
      "SELECT 1 FROM app.users ORDER BY ARRAY[id]",
      "SELECT array_agg(id) FROM app.users GROUP BY mood ORDER BY 1",
      "SELECT ARRAY[id] FROM app.users UNION SELECT ARRAY[1]",
    ],
    harmless: ["SELECT DISTINCT id FROM app.users"],
  },
  {
    name: "varchar_operator_class",
    setup: orderOf("varchar", "vc", "DEFAULT"),
    attacks: [
      "SELECT DISTINCT name::varchar FROM app.users",
      "SELECT 1 FROM app.users ORDER BY CAST(name AS varchar(5))",
      "SELECT DISTINCT CASE WHEN true THEN 'a'::varchar END",
    ],
    harmless: ["SELECT DISTINCT name FROM app.users"],
  },
  {
    name: "json_operator_class",
    setup: orderOf("json", "js", "DEFAULT"),
    attacks: ["SELECT DISTINCT to_json(id) FROM app.users", "SELECT DISTINCT json_build_object('a', id) FROM app.users"],
  },
  {
    name: "order_using",
    setup:
      leaksValue("evil.pc(point, point)", "int", "0") +
      "CREATE OPERATOR CLASS evil.pt FOR TYPE point USING btree AS OPERATOR 1 <<, OPERATOR 3 ~=, OPERATOR 5 >>, FUNCTION 1 evil.pc(point, point); CREATE TABLE app.pts (p point); INSERT INTO app.pts VALUES ('(1,2)'), ('(2,3)'), ('(0,0)');",
    attacks: [
      "SELECT * FROM app.pts ORDER BY p USING <<",
      "SELECT array_agg(p ORDER BY p USING >>) FROM app.pts",
      "SELECT rank() OVER (ORDER BY p USING <<) FROM app.pts",
    ],
    harmless: ["SELECT p << '(1,1)' FROM app.pts"],
  },
  {
    name: "operator_family",
    options: "%20-cenable_hashjoin%3Doff%20-cenable_nestloop%3Doff",
    setup:
      leaksValue("evil.ic(int, int)", "int", "0") +
      "CREATE OPERATOR evil.<<< (LEFTARG = int, RIGHTARG = int, FUNCTION = int4lt); CREATE OPERATOR evil.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, COMMUTATOR = OPERATOR(evil.===), MERGES); CREATE OPERATOR evil.>>> (LEFTARG = int, RIGHTARG = int, FUNCTION = int4gt); CREATE OPERATOR CLASS evil.io FOR TYPE int USING btree AS OPERATOR 1 evil.<<<, OPERATOR 3 evil.===, OPERATOR 5 evil.>>>, FUNCTION 1 evil.ic(int, int);",
    attacks: [
      "SELECT * FROM app.users ORDER BY id USING OPERATOR(evil.<<<)",
      "SELECT * FROM app.users a JOIN app.users b ON a.id OPERATOR(evil.===) b.id",
      "SELECT max(id) FROM app.users a WHERE id OPERATOR(evil.===) ANY (SELECT id FROM app.users)",
    ],
  },
  {
    name: "hash_family",
    options: "%20-cenable_mergejoin%3Doff%20-cenable_nestloop%3Doff",
    setup:
      leaksValue("evil.ih(int)", "int", "0") +
      "CREATE OPERATOR evil.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, COMMUTATOR = OPERATOR(evil.===), HASHES); CREATE OPERATOR CLASS evil.io FOR TYPE int USING hash AS OPERATOR 1 evil.===, FUNCTION 1 evil.ih(int);",
    attacks: [
      "SELECT * FROM app.users a JOIN app.users b ON a.id OPERATOR(evil.===) b.id",
      "SELECT 1 FROM app.users WHERE id OPERATOR(evil.===) ANY (SELECT id FROM app.users)",
      "SELECT id OPERATOR(evil.===) ANY ('{1,2,3,4,5,6,7,8,9,10,11,12}'::int[]) FROM app.users",
    ],
  },
  {
    name: "own_family_builtin_operator",
    setup:
      leaksValue("evil.ic(int, int)", "int", "0") +
      leaksValue("evil.ih(int)", "int", "0") +
      "CREATE OPERATOR CLASS evil.io FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 evil.ic(int, int); CREATE OPERATOR CLASS evil.ho FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 evil.ih(int);",
    attacks: [
      "SELECT * FROM app.users ORDER BY id",
      "SELECT * FROM app.users a JOIN app.users b USING (id) ORDER BY 1",
      "SELECT DISTINCT id FROM app.users",
      "SELECT id, count(*) FROM app.users GROUP BY id",
      "SELECT * FROM app.users ORDER BY id USING <",
    ],
  },
  {
    name: "sort_operator_of_aggregate",
    setup:
      leaksValue("evil.ic(int, int)", "int", "0") +
      "CREATE OPERATOR evil.<<< (LEFTARG = int, RIGHTARG = int, FUNCTION = int4lt); CREATE OPERATOR evil.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq); CREATE OPERATOR CLASS evil.io FOR TYPE int USING btree AS OPERATOR 1 evil.<<<, OPERATOR 3 evil.===, FUNCTION 1 evil.ic(int, int); CREATE AGGREGATE evil.least(int) (SFUNC = int4smaller, STYPE = int, SORTOP = OPERATOR(evil.<<<)); CREATE TABLE app.ix (a int); CREATE INDEX ON app.ix (a evil.io); INSERT INTO app.ix SELECT generate_series(1, 50);",
    attacks: ["SELECT evil.least(id) FROM app.users", "SELECT evil.least(a) FROM app.ix", "SELECT evil.least(DISTINCT id) FROM app.users"],
  },
  {
    name: "negator_commutator",
    setup:
      leaksValue("evil.ne(int, int)", "bool", "true") +
      "CREATE OPERATOR evil.==== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, NEGATOR = OPERATOR(evil.!===), COMMUTATOR = OPERATOR(evil.====)); CREATE OPERATOR evil.!=== (LEFTARG = int, RIGHTARG = int, FUNCTION = evil.ne, NEGATOR = OPERATOR(evil.====));",
    attacks: ["SELECT NOT (1 OPERATOR(evil.====) 2)", "SELECT 1 FROM app.users WHERE NOT id OPERATOR(evil.====) 2"],
  },
];
