import { isAbsolute, resolve } from "node:path";
import type { ConnectionProfile, TlsMode } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import { readPort, readTlsMode } from "./dsn.js";
import { parametersOfDotenv } from "./dotenv.js";
import { userFile, type Surroundings } from "./files.js";
import { passwordFromPassfile } from "./passfile.js";
import { parametersOfService } from "./serviceFile.js";

/** What one source says; the rest comes from the next. */
export interface PartialParameters {
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  readonly tls?: TlsMode;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly service?: string;
  /** `-c name=value …` for the backend's start. */
  readonly options?: string;
  /** Seconds. */
  readonly connectTimeout?: number;
}

/** Where to connect and how. The password that a file or variable gave is offered first, before anybody is asked. */
export interface ConnectionParameters {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly tls: TlsMode;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly options?: string;
  readonly connectTimeout: number;
  readonly foundPassword: () => string | undefined;
  readonly warnings: readonly string[];
}

/** `user@host:port/database` */
export function targetOf(parameters: Pick<ConnectionParameters, "host" | "port" | "database" | "user">): string {
  const host = parameters.host.includes(":") ? `[${parameters.host}]` : parameters.host;
  return `${parameters.user}@${host}:${parameters.port}/${parameters.database}`;
}

/** Resolves a profile as libpq would: what the source says, then PG* variables, then defaults. */
export function resolveParameters(profile: ConnectionProfile, around: Surroundings): ConnectionParameters {
  const own = fromSource(profile, around);
  const fallback: PartialParameters = profile.source === "sample" ? {} : fromEnvironment(around, profile.source === "environment");
  const merged = { ...defaults(around), ...drop(fallback), ...drop(own) };
  const user = merged.user ?? around.userName;
  const place = { host: merged.host ?? "localhost", port: merged.port ?? 5432, database: merged.database ?? user, user };
  const passfile = own.password === undefined ? passwordFromPassfile(place, around) : {};
  const found = own.password ?? passfile.password;
  return {
    ...place,
    tls: own.tls ?? fallback.tls ?? profile.tls,
    tlsCa: merged.tlsCa,
    tlsCert: merged.tlsCert,
    tlsKey: merged.tlsKey,
    options: merged.options,
    connectTimeout: profile.connectTimeout,
    foundPassword: () => found,
    warnings: passfile.warning === undefined ? [] : [passfile.warning],
  };
}

function drop(parameters: PartialParameters): PartialParameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));
}

function fromSource(profile: ConnectionProfile, around: Surroundings): PartialParameters {
  const { host, port, database, user, tlsCa, options } = profile;
  // The default mode of a profile says nothing: a service, an .env file or PGSSLMODE may say more.
  const tls = profile.tls === "prefer" ? undefined : profile.tls;
  const said = drop({ host, port, database, user, tlsCa, tls, options });
  if (profile.source === "service") return { ...drop(parametersOfService(profile.service ?? around.env.PGSERVICE ?? "", around)), ...said };
  if (profile.source === "dotenv") return { ...drop(fromDotenvFile(profile, around)), ...said };
  if (profile.source === "environment") return { ...drop(fromEnvironment(around, true)), ...said };
  return said;
}

function fromDotenvFile(profile: ConnectionProfile, around: Surroundings): PartialParameters {
  const path = profile.dotenvFile ?? ".env";
  const file = around.read(isAbsolute(path) ? path : resolve(path));
  if (file) return parametersOfDotenv(file.text, path);
  throw new OptimizerError({
    kind: "usage",
    message: `The file ${path} of the connection "${profile.name}" cannot be read.`,
    advice: "Give the connection a path that exists, or its host, database and user.",
  });
}

/** PGPASSWORD is meant for the server that the other variables name: no other one is told it. */
function fromEnvironment(around: Surroundings, withPassword: boolean): PartialParameters {
  const { env } = around;
  const named = env.PGSERVICE && withPassword ? parametersOfService(env.PGSERVICE, around) : {};
  return {
    ...drop(named),
    ...drop({
      host: env.PGHOST || undefined,
      port: env.PGPORT ? readPort(env.PGPORT) : undefined,
      database: env.PGDATABASE || undefined,
      user: env.PGUSER || undefined,
      password: withPassword ? env.PGPASSWORD || undefined : undefined,
      tls: env.PGSSLMODE ? readTlsMode(env.PGSSLMODE) : undefined,
      tlsCa: env.PGSSLROOTCERT && env.PGSSLROOTCERT !== "system" ? env.PGSSLROOTCERT : undefined,
      tlsCert: env.PGSSLCERT || undefined,
      tlsKey: env.PGSSLKEY || undefined,
      options: env.PGOPTIONS || undefined,
    }),
  };
}

/** Without a host libpq takes the socket of this machine; where there is none, localhost is what a person means. */
function defaults(around: Surroundings): PartialParameters {
  const folder = around.windows ? undefined : ["/var/run/postgresql", "/tmp"].find((path) => around.exists(`${path}/.s.PGSQL.5432`));
  const file = (unix: string) => {
    const path = userFile(around, `.postgresql/${unix}`, unix);
    return around.exists(path) ? path : undefined;
  };
  return drop({
    host: folder,
    tlsCa: file("root.crt"),
    tlsCert: file("postgresql.crt"),
    tlsKey: file("postgresql.key"),
  });
}
