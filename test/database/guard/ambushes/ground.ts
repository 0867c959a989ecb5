import { leaks, leaksValue, type Ambush } from "./ambush.js";

/** Objects that the tool's own queries would run if they were not written with care. */
export const ground: readonly Ambush[] = [
  {
    name: "own_casts",
    setup:
      [
        "int8",
        "int4",
        "int2",
        "oid",
        "bool",
        "regtype",
        "regproc",
        "regclass",
        "regrole",
        "float8",
        "oidvector",
        "int2vector",
        "numeric",
        "timestamptz",
        "pg_lsn",
        "uuid",
        "jsonb",
        "interval",
        "inet",
      ]
        .filter((t) => t !== "inet" && t !== "bool")
        .map((t) => leaksValue(`evil.to_text(${t})`, "text", "'1'") + `CREATE CAST (${t} AS text) WITH FUNCTION evil.to_text(${t});`)
        .join("\n") +
      ["oid", "int8", "int4", "int2", "bool", "regproc", "float8", "timestamptz", "numeric"]
        .map((t) => leaks(`evil.from_text_${t}(text)`, t) + `CREATE CAST (text AS ${t}) WITH FUNCTION evil.from_text_${t}(text);`)
        .join("\n") +
      leaks("evil.ta(text[])", "text") +
      "CREATE CAST (text[] AS text) WITH FUNCTION evil.ta(text[]);" +
      leaks("evil.to(text[])", "oid[]") +
      "CREATE CAST (text[] AS oid[]) WITH FUNCTION evil.to(text[]);" +
      leaks("evil.na(name[])", "text[]") +
      "CREATE CAST (name[] AS text[]) WITH FUNCTION evil.na(name[]);",
    attacks: ["SELECT 1", "SELECT * FROM app.users WHERE id = 1", "SELECT evil.none(1)", "INSERT INTO app.users VALUES (1)"],
  },
  {
    name: "own_overloads",
    setup:
      leaks("pg_catalog.format(text, name, name)", "text") +
      leaks("pg_catalog.format(text, text, text)", "text") +
      leaks("pg_catalog.unnest(text[])", "text")
        .replace("RETURNS text", "RETURNS SETOF text")
        .replace("pg_catalog.unnest(text[])", "pg_catalog.unnest(oidvector)")
        .replace("RETURN NULL;", "RETURN;") +
      leaks("pg_catalog.concat_ws(text, name, name)", "text") +
      leaks("pg_catalog.array_position(text[], text)", "int") +
      leaks("pg_catalog.to_jsonb(pg_catalog.pg_proc)", "jsonb") +
      leaks("pg_catalog.array_append(oid[], oid)", "oid[]"),
    attacks: ["SELECT 1", "SELECT * FROM app.users WHERE id = 1", "SELECT lower('X'), count(*) FROM app.users", "SELECT evil.none(1)"],
  },
  {
    name: "own_operators",
    setup:
      leaks("evil.b(name, unknown)", "bool").replace("evil.b(name, unknown)", "evil.b(oid, int)") +
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
