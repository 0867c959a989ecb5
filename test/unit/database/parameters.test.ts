import { describe, expect, test } from "vitest";
import { ConnectionProfile } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import { parseDsn, profileFromDsn } from "../../../server/src/database/connect/dsn.js";
import { parametersOfDotenv } from "../../../server/src/database/connect/dotenv.js";
import type { Surroundings } from "../../../server/src/database/connect/files.js";
import { resolveParameters } from "../../../server/src/database/connect/parameters.js";
import { passwordFromPassfile } from "../../../server/src/database/connect/passfile.js";

function around(files: Record<string, string> = {}, env: Record<string, string> = {}, mode = 0o600): Surroundings {
  return {
    env,
    home: "/home/me",
    userName: "me",
    windows: false,
    exists: (path) => path in files,
    read: (path) => (files[path] === undefined ? undefined : { text: files[path], mode }),
  };
}

describe("connection strings", () => {
  function checkDsn(dsn: string, wanted: Record<string, unknown>) {
    expect(parseDsn(dsn)).toEqual({ warnings: [], ...wanted });
  }
  test.each<[string, Record<string, unknown>]>([
    ["postgresql://", {}],
    ["postgresql://localhost", { host: "localhost" }],
    ["postgres://localhost:5433/shop", { host: "localhost", port: 5433, database: "shop" }],
    ["postgresql://me@localhost/shop", { user: "me", host: "localhost", database: "shop" }],
    ["postgresql://me:pw@localhost/shop", { user: "me", password: "pw", host: "localhost", database: "shop" }],
    ["postgresql+asyncpg://me:pw@db/shop", { user: "me", password: "pw", host: "db", database: "shop" }],
    ["postgresql+psycopg2://db/shop", { host: "db", database: "shop" }],
    ["postgresql://a%40b:p%3Aw%2F%25@db/my%20shop", { user: "a@b", password: "p:w/%", host: "db", database: "my shop" }],
    ["postgresql://me:p@ss@db/shop", { user: "me", password: "p@ss", host: "db", database: "shop" }],
    ["postgresql://[::1]:5433/shop", { host: "::1", port: 5433, database: "shop" }],
    ["postgresql:///shop?host=/var/run/postgresql&port=5434", { database: "shop", host: "/var/run/postgresql", port: 5434 }],
    ["postgresql://%2Fvar%2Frun/shop", { host: "/var/run", database: "shop" }],
    [
      "postgresql://db/shop?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3",
      { host: "db", database: "shop", tls: "verify-full", tlsCa: "/ca.pem", connectTimeout: 3 },
    ],
    ["postgresql+asyncpg://db/shop?ssl=require", { host: "db", database: "shop", tls: "require" }],
    ["postgresql://db/shop?options=-csearch_path%3Da,b&application_name=x", { host: "db", database: "shop", options: "-csearch_path=a,b" }],
    ["postgresql://db/shop?user=u&password=p&dbname=other", { host: "db", user: "u", password: "p", database: "other" }],
    ["host=db port=5433 dbname=shop user=me", { host: "db", port: 5433, database: "shop", user: "me" }],
    ["host = 'my host' password = 'it\\'s \\\\'", { host: "my host", password: "it's \\" }],
    ["service=prod", { service: "prod" }],
    ["postgresql://db/shop?sslmode=allow", { host: "db", database: "shop", tls: "prefer" }],
  ])("%s", checkDsn);

  test("an unknown parameter is a warning", () => {
    expect(parseDsn("postgresql://db/shop?pool_size=5").warnings).toEqual([
      'The connection parameter "pool_size" is not used by this tool.',
    ]);
  });

  test.each([
    ["mysql://me:hunter2@db/shop", /no.*PostgreSQL connection string/],
    ["postgresql://me:hunter2@db:port/shop", /"port" is no port/],
    ["postgresql://me:hunter2@db:70000/shop", /"70000" is no port/],
    ["postgresql://me:hunter2%zz@db/shop", /% that starts no escape/],
    ["postgresql://me:hunter2@a,b/shop", /several hosts/],
    ["postgresql://me:hunter2@db/shop?sslmode=maybe", /"maybe" is no TLS mode/],
    ["postgresql://me:hunter2@[::1/shop", /does not close/],
    ["host='db password=hunter2", /cannot be read at character 1/],
  ])("%s is refused without its password", (dsn, message) => {
    const read = () => parseDsn(dsn);
    expect(read).toThrow(OptimizerError);
    expect(read).toThrow(message);
    expect(read).not.toThrow(/hunter2/);
  });

  test("the password stays out of the profile", () => {
    const { profile, password } = profileFromDsn("postgresql://me:hunter2@db/shop", { class: "production" });
    expect(password).toBe("hunter2");
    expect(JSON.stringify(profile)).not.toContain("hunter2");
    expect(profile).toMatchObject({
      name: "shop",
      class: "production",
      host: "db",
      user: "me",
      database: "shop",
      source: "parameters",
      tls: "prefer",
    });
  });
});

describe("passwords in ~/.pgpass", () => {
  const key = { host: "db", port: 5432, database: "shop", user: "me" };
  function checkPassfile(text: string, wanted: string | undefined, more: Partial<typeof key> = {}) {
    expect(passwordFromPassfile({ ...key, ...more }, around({ "/home/me/.pgpass": text })).password).toBe(wanted);
  }
  test.each<[string, string, string | undefined]>([
    ["an exact line", "db:5432:shop:me:pw", "pw"],
    ["stars", "*:*:*:*:pw", "pw"],
    ["the first line that fits", "other:*:*:*:a\n# comment\n\n*:*:shop:*:b\n*:*:*:*:c", "b"],
    ["another port", "db:5433:shop:me:pw", undefined],
    ["escapes", "db:5432:shop:me:p\\:w\\\\", "p:w\\"],
    ["an escaped star is a name", "\\*:5432:shop:me:pw", undefined],
    ["too few fields", "db:5432:shop:pw", undefined],
    ["windows line ends", "db:5432:shop:me:pw\r\n", "pw"],
  ])("%s", (_, text, wanted) => checkPassfile(text, wanted));
  test("a socket is localhost", () => checkPassfile("localhost:5432:shop:me:pw", "pw", { host: "/var/run/postgresql" }));
  test("a file that others can read is ignored and said so", () => {
    const answer = passwordFromPassfile(key, around({ "/home/me/.pgpass": "*:*:*:*:pw" }, {}, 0o644));
    expect(answer.password).toBeUndefined();
    expect(answer.warning).toContain("chmod 600");
  });
  test("PGPASSFILE names another file", () => {
    expect(passwordFromPassfile(key, around({ "/x": "*:*:*:*:pw" }, { PGPASSFILE: "/x" })).password).toBe("pw");
  });
});

describe("profiles", () => {
  function resolve(profile: Partial<ConnectionProfile>, surroundings: Surroundings) {
    const resolved = resolveParameters(ConnectionProfile.parse({ id: "a", name: "a", ...profile }), surroundings);
    return { ...resolved, password: resolved.foundPassword() };
  }
  test.each<[string, Partial<ConnectionProfile>, Surroundings, Record<string, unknown>]>([
    ["defaults", {}, around(), { host: "localhost", port: 5432, user: "me", database: "me", tls: "prefer", password: undefined }],
    ["a socket where there is one", {}, around({ "/var/run/postgresql/.s.PGSQL.5432": "" }), { host: "/var/run/postgresql" }],
    [
      "PG* fill what is left open",
      { host: "db" },
      around({}, { PGHOST: "other", PGPORT: "5433", PGDATABASE: "d" }),
      { host: "db", port: 5433, database: "d" },
    ],
    ["PGPASSWORD is not told to another server", { host: "db" }, around({}, { PGPASSWORD: "pw" }), { password: undefined }],
    [
      "the environment",
      { source: "environment" },
      around({}, { PGHOST: "db", PGUSER: "u", PGPASSWORD: "pw", PGSSLMODE: "require" }),
      { host: "db", user: "u", database: "u", password: "pw", tls: "require" },
    ],
    [
      "a service",
      { source: "service", service: "prod" },
      around({ "/home/me/.pg_service.conf": "[dev]\nhost=x\n[prod]\nhost=db\nport=5433\npassword=pw\nsslmode=require\n[z]\nhost=y" }),
      { host: "db", port: 5433, password: "pw", tls: "require" },
    ],
    [
      "a profile's own words win",
      { source: "service", service: "prod", host: "mine" },
      around({ "/home/me/.pg_service.conf": "[prod]\nhost=db\nport=5433" }),
      { host: "mine", port: 5433 },
    ],
    [
      "PGSERVICE",
      { source: "environment" },
      around({ "/s": "[prod]\nhost=db" }, { PGSERVICE: "prod", PGSERVICEFILE: "/s" }),
      { host: "db" },
    ],
    [
      "an .env file",
      { source: "dotenv", dotenvFile: "/p/.env" },
      around({ "/p/.env": "DATABASE_URL=postgresql+asyncpg://u:pw@db/shop" }),
      { host: "db", user: "u", database: "shop", password: "pw" },
    ],
    [
      "the embedded server hears of nothing else",
      { source: "sample", host: "127.0.0.1", port: 1 },
      around({}, { PGHOST: "other", PGOPTIONS: "-cx=y" }),
      { host: "127.0.0.1", port: 1, options: undefined },
    ],
  ])("%s", (_, profile, surroundings, wanted) => expect(resolve(profile, surroundings)).toMatchObject(wanted));

  test.each<[string, Partial<ConnectionProfile>, RegExp]>([
    ["a service that is missing", { source: "service", service: "nope" }, /service "nope" is in none of/],
    ["an .env file that is missing", { source: "dotenv", dotenvFile: "/nope" }, /\/nope .* cannot be read/],
  ])("%s", (_, profile, message) => expect(() => resolve(profile, around())).toThrow(message));
});

describe(".env files", () => {
  test.each<[string, string, Record<string, unknown>]>([
    ["quotes and comments", "# DATABASE_URL=x\nexport DATABASE_URL='postgresql://a:b#c@db/x' # yes", { user: "a", password: "b#c" }],
    ["a bare value with a comment", "DATABASE_URL=postgresql://db/x # yes", { host: "db", database: "x" }],
    ["variables", 'H=db\nDATABASE_URL="postgresql://${H}/x"', { host: "db" }],
    [
      "parts",
      "POSTGRES_HOST=db\nPOSTGRES_PORT=5433\nPOSTGRES_DB=x\nPOSTGRES_USER=u\nPOSTGRES_PASSWORD=pw",
      { host: "db", port: 5433, database: "x", user: "u", password: "pw" },
    ],
    ["another database's URL is passed over", "DATABASE_URL=sqlite:///x\nPOSTGRES_HOST=db", { host: "db" }],
  ])("%s", (_, text, wanted) => expect(parametersOfDotenv(text, ".env")).toMatchObject(wanted));
  test("nothing of use", () => expect(() => parametersOfDotenv("A=1", ".env")).toThrow(/names no PostgreSQL connection/));
});
