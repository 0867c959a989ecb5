import { leaks, type Ambush } from "./ambush.js";

/** Types that have no cast of PostgreSQL's own to text, or from it: printing and reading them can be redefined. */
const printed =
  "int8 int4 int2 oid regtype regproc regclass regrole float8 oidvector int2vector numeric timestamptz pg_lsn uuid jsonb interval".split(
    " ",
  );
const read = "oid int8 int4 int2 bool regproc float8 timestamptz numeric".split(" ");

function castTo(from: string, to: string): string {
  const name = `evil."${from} to ${to}"`;
  return `${leaks(`${name}(${from})`, to)} CREATE CAST (${from} AS ${to}) WITH FUNCTION ${name}(${from});`;
}

/** Objects that the tool's own queries would run if they were not written with care. */
export const ground: readonly Ambush[] = [
  {
    name: "own_casts",
    setup: [
      ...printed.map((type) => castTo(type, "text")),
      ...read.map((type) => castTo("text", type)),
      castTo("text[]", "text"),
      castTo("text[]", "oid[]"),
      castTo("name[]", "text[]"),
      castTo("oidvector", "oid[]"),
    ].join("\n"),
    attacks: ["SELECT 1", "SELECT * FROM app.users WHERE id = 1", "SELECT evil.none(1)", "INSERT INTO app.users VALUES (1)"],
  },
  {
    name: "own_overloads",
    setup:
      leaks("pg_catalog.format(text, name, name)", "text") +
      leaks("pg_catalog.format(text, text, text)", "text") +
      leaks("pg_catalog.unnest(oidvector)", "oid") +
      leaks("pg_catalog.concat_ws(text, name, name)", "text") +
      leaks("pg_catalog.array_position(text[], text)", "int") +
      leaks("pg_catalog.to_jsonb(pg_catalog.pg_proc)", "jsonb") +
      leaks("pg_catalog.array_append(oid[], oid)", "oid[]"),
    attacks: ["SELECT 1", "SELECT * FROM app.users WHERE id = 1", "SELECT lower('X'), count(*) FROM app.users", "SELECT evil.none(1)"],
  },
  {
    name: "own_operators",
    setup:
      leaks("evil.b(oid, int)", "bool") +
      "CREATE OPERATOR pg_catalog.>= (LEFTARG = oid, RIGHTARG = int, FUNCTION = evil.b); CREATE OPERATOR pg_catalog.< (LEFTARG = oid, RIGHTARG = int, FUNCTION = evil.b); CREATE OPERATOR pg_catalog.<> (LEFTARG = oid, RIGHTARG = int, FUNCTION = evil.b); CREATE OPERATOR pg_catalog.= (LEFTARG = oid, RIGHTARG = int, FUNCTION = evil.b);" +
      leaks("evil.c(regproc, int)", "bool") +
      "CREATE OPERATOR pg_catalog.<> (LEFTARG = regproc, RIGHTARG = int, FUNCTION = evil.c);" +
      leaks("evil.d(regproc, regproc)", "bool") +
      "CREATE OPERATOR pg_catalog.<> (LEFTARG = regproc, RIGHTARG = regproc, FUNCTION = evil.d); CREATE OPERATOR pg_catalog.= (LEFTARG = regproc, RIGHTARG = regproc, FUNCTION = evil.d);" +
      leaks("evil.e(oid, regclass)", "bool") +
      "CREATE OPERATOR pg_catalog.= (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = evil.e);",
    attacks: ["SELECT 1", "SELECT * FROM app.users WHERE id = 1", "SELECT lower('X'), count(*) FROM app.users", "SELECT evil.none(1)"],
  },
];
