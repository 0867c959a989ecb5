import { resolve } from "node:path";
import { ConnectionProfile, type ConnectionClass } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import { createConnections, profileFromDsn } from "../database/index.js";
import { createSampleServer, defaultSampleDirectory, type SampleServer } from "../operations/index.js";
import type { ConnectionOptions } from "./connectionOptions.js";
import { write, type Environment } from "./environment.js";
import { askPassword } from "./password.js";

/** Which database a command line means. */
export type ConnectionChoice =
  { readonly kind: "sample" } | { readonly kind: "server"; readonly profile: ConnectionProfile; readonly password?: string };

/**
 * What the flags name; else DATABASE_URL, else the PG* variables. Undefined (only with `optional`) when nothing names a database.
 * @throws OptimizerError (usage)
 */
export async function chooseConnection(flags: ConnectionOptions, environment: Environment): Promise<ConnectionChoice>;
export async function chooseConnection(
  flags: ConnectionOptions,
  environment: Environment,
  how: { optional: true },
): Promise<ConnectionChoice | undefined>;
export async function chooseConnection(
  flags: ConnectionOptions,
  environment: Environment,
  how?: { optional: true },
): Promise<ConnectionChoice | undefined> {
  const { env } = environment;
  const own: { class?: ConnectionClass } = flags.class ? { class: flags.class } : {};
  if (flags.sample) return { kind: "sample" };
  if (flags.dsn !== undefined) {
    const choice = await fromDsn(flags.dsn, own, environment);
    if (choice.password !== undefined)
      await warn(
        environment,
        "the password in --dsn can be read in process lists and in the shell's history; PGPASSWORD or ~/.pgpass keep it from there.",
      );
    return choice;
  }
  if (flags.service !== undefined) return server({ id: "service", name: flags.service, source: "service", service: flags.service, ...own });
  if (flags.envFile !== undefined) {
    return server({ id: "dotenv", name: flags.envFile, source: "dotenv", dotenvFile: resolve(environment.cwd, flags.envFile), ...own });
  }
  if (env["DATABASE_URL"]) return fromDsn(env["DATABASE_URL"], own, environment);
  if (["PGHOST", "PGDATABASE", "PGSERVICE", "PGUSER", "PGPORT"].some((name) => env[name])) {
    return server({ id: "environment", name: env["PGDATABASE"] ?? env["PGSERVICE"] ?? "PG* variables", source: "environment", ...own });
  }
  if (how?.optional) return undefined;
  throw new OptimizerError({
    kind: "usage",
    message: "No database was named.",
    advice:
      "Give --dsn postgresql://user@host/database, --service NAME, --env-file FILE or --sample, or set DATABASE_URL or the PG* variables.",
  });
}

function server(profile: Partial<ConnectionProfile> & { id: string; name: string }): ConnectionChoice {
  return { kind: "server", profile: ConnectionProfile.parse(profile) };
}

async function fromDsn(
  dsn: string,
  own: { class?: ConnectionClass },
  environment: Environment,
): Promise<Extract<ConnectionChoice, { kind: "server" }>> {
  const { profile, password, warnings } = profileFromDsn(dsn, own);
  for (const warning of warnings) await warn(environment, warning);
  return { kind: "server", profile, ...(password === undefined ? {} : { password }) };
}

function warn({ stderr }: Environment, message: string): Promise<void> {
  return write(stderr, `warning: ${message}\n`);
}

export interface OpenConnections {
  readonly connections: ReturnType<typeof createConnections>;
  readonly sample: SampleServer;
  /** The id of the chosen connection; starts the sample database where that was chosen. */
  connect(progress: (message: string, share?: number) => void): Promise<string>;
}

/** Opens nothing yet: sockets and processes come with the first use. */
export function openConnections(choice: ConnectionChoice | undefined, environment: Environment, beforeAsking: () => void): OpenConnections {
  const sample = createSampleServer({ dataDirectory: defaultSampleDirectory({ ...environment.env }), log: () => undefined });
  const connections = createConnections({
    profiles: choice?.kind === "server" ? [choice.profile] : [],
    password: async (profile, rejected) => {
      const known = choice?.kind === "server" ? choice.password : undefined;
      // PGPASSWORD stands beside --dsn in one environment: the user means them together. The PG* variables have offered it already.
      const own = known ?? (profile.source === "environment" ? undefined : environment.env["PGPASSWORD"]);
      if (own !== undefined && !rejected) return own;
      const typed = await askPassword(environment, profile.name, beforeAsking);
      if (typed === undefined && (own ?? environment.env["PGPASSWORD"]) !== undefined) {
        const message = `The server refused the password for the connection "${profile.name}".`;
        throw new OptimizerError({ kind: "unreachable", message, advice: "Correct it in PGPASSWORD, ~/.pgpass or the connection string." });
      }
      return typed;
    },
    cancelSample: () => sample.cancel(),
  });
  return {
    connections,
    sample,
    connect: async (progress) => {
      if (choice?.kind === "server") return choice.profile.id;
      const { dsn } = await sample.start({ signal: environment.signal, progress });
      if (dsn === undefined) throw new OptimizerError({ kind: "unreachable", message: "The sample database did not start." });
      const { profile } = profileFromDsn(dsn, { id: "sample", name: "sample", class: "sample", source: "sample" });
      connections.setProfiles([profile]);
      return profile.id;
    },
  };
}
