import { leaks, type Ambush } from "./ambush.js";

/** One string for the parser, a string and a call for a server that takes the backslash for an escape. */
const strings = [
  "SELECT 'a\\'' || evil.outt($$x$$) --'",
  "SELECT 'a\\'', evil.outi(1) --'",
  "SELECT '\\'' || evil.outt('\\'') || '\\''",
  "SELECT 'a\\'; SELECT evil.outi(1); --'",
  "SELECT E'a\\\\', evil.outi(1)",
  "SELECT '表\\'' || evil.outt($$x$$) --'",
  "SELECT 'ソ\\'' || evil.outt($$x$$) --'",
  "SELECT 'é' || evil.outt('é')",
];
const harmless = ["SELECT 'a\\b', E'a\\'b', 'é'", "SELECT name FROM users WHERE name = 'it''s'"];
const setup = leaks("evil.outt(text)", "text");

/** Settings that make servers read a text in another way, from the connection's options, the database and the role. */
export const readings: readonly Ambush[] = [
  { name: "strings_of_options", options: "%20-cstandard_conforming_strings%3Doff", setup, attacks: strings, harmless },
  {
    name: "strings_of_database",
    setup: `${setup} ALTER DATABASE $DATABASE SET standard_conforming_strings = off; ALTER DATABASE $DATABASE SET backslash_quote = on;`,
    attacks: strings,
    harmless,
  },
  ...["SJIS", "BIG5", "GBK", "GB18030", "JOHAB", "LATIN1"].map((encoding) => ({
    name: `encoding_${encoding.toLowerCase()}`,
    options: `%20-cclient_encoding%3D${encoding}`,
    setup,
    attacks: strings,
    harmless,
  })),
  {
    name: "encoding_of_database",
    setup: `${setup} ALTER DATABASE $DATABASE SET client_encoding = 'SJIS';`,
    attacks: strings,
    harmless,
  },
  {
    name: "strings_of_function",
    setup:
      setup +
      "SET check_function_bodies = off;" +
      "CREATE FUNCTION public.asked() RETURNS text LANGUAGE sql IMMUTABLE SET standard_conforming_strings = off AS $f$ SELECT 'a\\'' || evil.outt($$x$$) --'\n $f$;" +
      "CREATE FUNCTION public.asked_body() RETURNS text LANGUAGE plpgsql IMMUTABLE SET standard_conforming_strings = off AS $f$ BEGIN RETURN 'a\\'' || evil.outt($$x$$); --'\n; END $f$;",
    attacks: ["SELECT asked()", "SELECT asked_body()"],
  },
  {
    name: "path_of_database",
    setup: `${leaks("shadow.lower(text)", "text")} ALTER DATABASE $DATABASE SET search_path = shadow, pg_catalog, app;`,
    path: "shadow,pg_catalog,app",
    attacks: ["SELECT lower('X')", "SELECT lower(name) FROM users"],
    harmless: ["SELECT pg_catalog.lower('X')"],
  },
  {
    name: "writable_by_default",
    options: "%20-cdefault_transaction_read_only%3Doff%20-cdefault_transaction_isolation%3Dserializable",
    setup:
      "CREATE FUNCTION public.writes() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN INSERT INTO app.audit VALUES (1); RETURN 1; END $$;",
    attacks: ["SELECT writes()", "INSERT INTO app.audit VALUES (1)", "SELECT set_config('transaction_read_only', 'off', true)"],
    harmless: ["SELECT name FROM users"],
  },
];
