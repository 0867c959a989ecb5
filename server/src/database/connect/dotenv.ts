import { OptimizerError } from "#protocol/failure";
import { parseDsn, readPort } from "./dsn.js";
import type { PartialParameters } from "./parameters.js";

const urlNames = ["DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_DATABASE_URL", "POSTGRES_URL", "DB_URL", "PG_URL"];
const partNames = {
  host: ["POSTGRES_HOST", "POSTGRES_SERVER", "PGHOST", "DB_HOST"],
  port: ["POSTGRES_PORT", "PGPORT", "DB_PORT"],
  database: ["POSTGRES_DB", "POSTGRES_DATABASE", "PGDATABASE", "DB_NAME"],
  user: ["POSTGRES_USER", "PGUSER", "DB_USER"],
  password: ["POSTGRES_PASSWORD", "PGPASSWORD", "DB_PASSWORD"],
} as const;

/** The connection that an `.env` file describes: a URL in a variable that frameworks use, or the parts as the Docker image names them. */
export function parametersOfDotenv(text: string, path: string): PartialParameters {
  const variables = parseDotenv(text);
  for (const name of urlNames) {
    const value = variables.get(name);
    if (value !== undefined && /^postgres/i.test(value)) return parseDsn(value);
  }
  const parts = Object.entries(partNames).flatMap(([part, names]) => {
    const value = names.map((name) => variables.get(name)).find((found) => found !== undefined && found !== "");
    return value === undefined ? [] : [[part, part === "port" ? readPort(value) : value] as const];
  });
  if (parts.some(([part]) => part === "host" || part === "database" || part === "user")) return Object.fromEntries(parts);
  throw new OptimizerError({
    kind: "usage",
    message: `${path} names no PostgreSQL connection.`,
    advice: `Give it DATABASE_URL=postgresql://user:password@host:5432/database, or POSTGRES_HOST, POSTGRES_DB, POSTGRES_USER and POSTGRES_PASSWORD.`,
  });
}

/** `NAME=value` lines: `export`, quotes, comments after a blank, `\n` in double quotes, `${NAME}` of earlier lines. */
export function parseDotenv(text: string): Map<string, string> {
  const variables = new Map<string, string>();
  const line = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\r\n]*))/gm;
  for (const [, name, single, double, bare] of text.replace(/^\uFEFF/, "").matchAll(line)) {
    if (name === undefined) continue;
    const raw =
      single ??
      (double !== undefined ? double.replace(/\\n/g, "\n").replace(/\\(.)/gs, "$1") : (bare ?? "").replace(/(^|\s)#.*$/, "").trim());
    variables.set(
      name,
      single === undefined ? raw.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, key: string) => variables.get(key) ?? "") : raw,
    );
  }
  return variables;
}
