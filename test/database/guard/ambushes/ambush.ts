/** A database of its own with objects that lie in wait, and statements that would make the server run them. */
export interface Ambush {
  readonly name: string;
  readonly since?: number;
  /** Last version on which it is one. */
  readonly until?: number;
  /** search_path of the connection; `app,public` unless said. Escaped as in a URI. */
  readonly path?: string;
  /** More options of the connection, escaped as in a URI. */
  readonly options?: string;
  /** SQL; `$DATABASE` stands for a name that no other ambush has (roles belong to the whole server). */
  readonly setup: string;
  readonly attacks: readonly string[];
  readonly parameters?: readonly string[];
  /** Must give a plan in spite of what lies in wait. */
  readonly harmless?: readonly string[];
}

/** A function that says IMMUTABLE and writes through a second connection. */
export const leaks = (signature: string, returns: string) => leaksValue(signature, returns, "NULL");

export const leaksValue = (signature: string, returns: string, value: string) =>
  `CREATE FUNCTION ${signature} RETURNS ${returns} LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN ${value}; END $$;`;

/** An operator class for btree whose functions all leak. `which` is DEFAULT or nothing. */
export const orderOf = (type: string, suffix: string, which: "DEFAULT" | "") => `
  ${leaksValue(`evil.lt_${suffix}(${type}, ${type})`, "bool", "false")}
  ${leaksValue(`evil.eq_${suffix}(${type}, ${type})`, "bool", "true")}
  ${leaksValue(`evil.cmp_${suffix}(${type}, ${type})`, "int", "0")}
  CREATE OPERATOR evil.<<< (LEFTARG = ${type}, RIGHTARG = ${type}, FUNCTION = evil.lt_${suffix});
  CREATE OPERATOR evil.=== (LEFTARG = ${type}, RIGHTARG = ${type}, FUNCTION = evil.eq_${suffix}, MERGES);
  CREATE OPERATOR CLASS evil.ops_${suffix} ${which} FOR TYPE ${type} USING btree AS OPERATOR 1 evil.<<<, OPERATOR 3 evil.===,
    FUNCTION 1 evil.cmp_${suffix}(${type}, ${type});`;

/** What every ambush begins with. `leak` is VOLATILE: PL/pgSQL would keep the result of a folded call, and leak once for each session. */
export const ground = (port: number) => `
  CREATE EXTENSION dblink; CREATE SCHEMA app; CREATE SCHEMA evil; CREATE SCHEMA shadow; CREATE TABLE app.audit (n int);
  CREATE TYPE app.mood AS ENUM ('sad', 'happy');
  CREATE TABLE app.users (id int PRIMARY KEY, name text, mood app.mood DEFAULT 'sad');
  INSERT INTO app.users SELECT g, 'user ' || g, 'happy' FROM generate_series(1, 100) g;
  CREATE FUNCTION evil.leak() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ BEGIN
    PERFORM public.dblink_exec('host=127.0.0.1 port=${port} user=postgres dbname=' || current_database(), 'INSERT INTO app.audit VALUES (1)');
  END $$;
  CREATE FUNCTION evil.outi(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN $1; END $$;
  CREATE FUNCTION evil.outb(int) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM evil.leak(); RETURN true; END $$;
  ANALYZE;`;
