import { z } from "zod";

/**
 * What the user says may happen on a connection. `sample`: the embedded one; `disposable`: may be written to for proofs;
 * `normal`: read only unless consent is given; `production`: ANALYZE needs typing its name.
 */
export const ConnectionClass = z.enum(["sample", "disposable", "normal", "production"]);
export type ConnectionClass = z.infer<typeof ConnectionClass>;

export const TlsMode = z.enum(["disable", "prefer", "require", "verify-ca", "verify-full"]);
export type TlsMode = z.infer<typeof TlsMode>;

/** Everything about a connection but its password, which lives in SecretStorage or the environment. */
export const ConnectionProfile = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  class: ConnectionClass.default("normal"),
  /** Where the parameters come from; `url` and `parameters` are in the profile itself, the others are read when connecting. */
  source: z.enum(["parameters", "environment", "service", "dotenv", "sample"]).default("parameters"),
  host: z.string().optional(),
  port: z.number().int().min(1).max(65535).optional(),
  database: z.string().optional(),
  user: z.string().optional(),
  tls: TlsMode.default("prefer"),
  /** Path of a PEM file with the authority's certificate, for verify-ca and verify-full. */
  tlsCa: z.string().optional(),
  service: z.string().optional(),
  dotenvFile: z.string().optional(),
  /** The backend's start options as libpq writes them (`-c search_path=shop`). */
  options: z.string().optional(),
  /** Seconds. */
  connectTimeout: z.number().positive().default(10),
  /** Seconds; 0 is not allowed: nothing runs without a limit. */
  statementTimeout: z.number().positive().default(30),
});
export type ConnectionProfile = z.infer<typeof ConnectionProfile>;

export const ConnectionState = z.enum(["idle", "connecting", "connected", "failed"]);

export const ConnectionStatus = z.object({
  id: z.string(),
  name: z.string(),
  class: ConnectionClass,
  /** `user@host:port/database`, never with a password. */
  target: z.string(),
  state: ConnectionState,
  serverVersion: z.string().optional(),
  hypopg: z.string().optional(),
  pgStatStatements: z.string().optional(),
  /** The server is a standby: it explains, and analyses what only reads. */
  replica: z.boolean().optional(),
  /** A pooler stands between, so that nothing is kept in the server's session from one request to the next. */
  pooled: z.boolean().optional(),
  error: z.string().optional(),
});
export type ConnectionStatus = z.infer<typeof ConnectionStatus>;
