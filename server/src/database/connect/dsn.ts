import { createHash } from "node:crypto";
import { ConnectionProfile, TlsMode } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import type { PartialParameters } from "./parameters.js";

export interface DsnProfile {
  /** Everything but the password. */
  readonly profile: ConnectionProfile;
  readonly password?: string;
  /** Parameters that were left out, for a person. */
  readonly warnings: readonly string[];
}

export interface ParsedDsn extends PartialParameters {
  readonly warnings: readonly string[];
}

const scheme = /^(postgres(?:ql)?)(\+[a-z0-9_]+)?:\/\//i;
/** Parameters that change nothing for this tool: it sets its own name, speaks one protocol and needs no write server. */
const ignored = new Set(
  [
    "application_name fallback_application_name target_session_attrs channel_binding gssencmode krbsrvname client_encoding keepalives",
    "keepalives_idle keepalives_interval keepalives_count tcp_user_timeout sslcompression sslsni sslcrl requirepeer load_balance_hosts",
  ]
    .join(" ")
    .split(" "),
);

/**
 * Reads `postgresql://…` (also `postgres://` and SQLAlchemy's `postgresql+driver://`) or `key=value` pairs as libpq does.
 * @throws OptimizerError (usage), never with the password in its text.
 */
export function parseDsn(text: string): ParsedDsn {
  const dsn = text.trim();
  const match = scheme.exec(dsn);
  if (match) return fromUri(dsn.slice(match[0].length));
  if (/^[a-z_]+\s*=/i.test(dsn)) return fromPairs(readPairs(dsn));
  throw bad("This is not a PostgreSQL connection string.", "Write postgresql://user@host:5432/database or host=… dbname=… user=….");
}

/** A profile from a connection string; the password is handed back apart, for SecretStorage or this one run. */
export function profileFromDsn(dsn: string, overrides: Partial<ConnectionProfile> = {}): DsnProfile {
  const { warnings, password, connectTimeout, tls, tlsCert: _cert, tlsKey: _key, service, ...rest } = parseDsn(dsn);
  const target = `${rest.user ?? ""}@${rest.host ?? ""}:${rest.port ?? ""}/${rest.database ?? ""}`;
  const profile = ConnectionProfile.parse({
    id: `dsn-${createHash("sha256").update(target).digest("hex").slice(0, 12)}`,
    name: rest.database ?? service ?? rest.host ?? "postgresql",
    source: service === undefined ? "parameters" : "service",
    ...(service === undefined ? {} : { service }),
    ...rest,
    ...(tls === undefined ? {} : { tls }),
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
    ...overrides,
  });
  return { profile, warnings, ...(password === undefined ? {} : { password }) };
}

function bad(message: string, advice: string): OptimizerError {
  return new OptimizerError({ kind: "usage", message, advice });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad("The connection URL has a % that starts no escape.", "Write % as %25, and @ : / in names and passwords as %40 %3A %2F.");
  }
}

function fromUri(rest: string): ParsedDsn {
  const [beforeQuery = "", query] = splitOnce(rest, "?");
  const [authority = "", path] = splitOnce(beforeQuery, "/");
  const at = authority.lastIndexOf("@");
  const pairs = new Map<string, string>();
  if (at >= 0) {
    const [user = "", password] = splitOnce(authority.slice(0, at), ":");
    if (user) pairs.set("user", decode(user));
    if (password !== undefined) pairs.set("password", decode(password));
  }
  const { host, port } = hostAndPort(authority.slice(at + 1));
  if (host) pairs.set("host", decode(host));
  if (port) pairs.set("port", port);
  if (path) pairs.set("dbname", decode(path));
  for (const part of query ? query.split("&") : []) {
    const [key = "", value = ""] = splitOnce(part, "=");
    pairs.set(decode(key), decode(value.replaceAll("+", "%20")));
  }
  return fromPairs(pairs);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function hostAndPort(text: string): { host: string; port: string | undefined } {
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    if (end < 0)
      throw bad("The connection URL opens [ for an IPv6 address and does not close it.", "Write postgresql://user@[::1]:5432/database.");
    return { host: text.slice(1, end), port: text.slice(end + 1).replace(/^:/, "") };
  }
  const [host, port] = splitOnce(text, ":");
  return { host, port };
}

/** libpq's `key = 'value with \' and \\'` pairs. */
function readPairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  const pattern = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/giy;
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) {
      if (text.slice(from).trim() === "") break;
      throw bad(
        `The connection string cannot be read at character ${from + 1}.`,
        "Write key=value pairs; quote values that hold spaces: host='my host'.",
      );
    }
    pairs.set((match[1] ?? "").toLowerCase(), (match[2] ?? match[3] ?? "").replace(/\\(.)/gs, "$1"));
  }
  return pairs;
}

/** libpq's names → ours. Also used for service files. */
export function fromPairs(pairs: ReadonlyMap<string, string>): ParsedDsn {
  const warnings: string[] = [];
  const result: { -readonly [K in keyof PartialParameters]: PartialParameters[K] } = {};
  for (const [key, value] of pairs) if (value !== "") readPair(key, value, result, warnings);
  return { ...result, warnings };
}

function readPair(
  key: string,
  value: string,
  into: { -readonly [K in keyof PartialParameters]: PartialParameters[K] },
  warnings: string[],
): void {
  switch (key) {
    case "host":
    case "hostaddr":
      if (value.includes(",")) throw bad("The connection string names several hosts.", "Name the one host that is to be analysed.");
      into.host = value;
      return;
    case "port":
      into.port = readPort(value);
      return;
    case "dbname":
    case "database":
      into.database = value;
      return;
    case "user":
      into.user = value;
      return;
    case "password":
      into.password = value;
      return;
    case "service":
      into.service = value;
      return;
    case "options":
      into.options = value;
      return;
    case "sslmode":
    case "ssl":
      into.tls = readTlsMode(value);
      return;
    case "sslrootcert":
      if (value !== "system") into.tlsCa = value;
      return;
    case "sslcert":
      into.tlsCert = value;
      return;
    case "sslkey":
      into.tlsKey = value;
      return;
    case "connect_timeout": {
      const seconds = Number(value);
      if (Number.isFinite(seconds) && seconds > 0) into.connectTimeout = seconds;
      return;
    }
    default:
      if (!ignored.has(key)) warnings.push(`The connection parameter "${key}" is not used by this tool.`);
  }
}

export function readPort(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65535) throw bad(`"${value}" is no port.`, "Give a number from 1 to 65535, usually 5432.");
  return port;
}

/** libpq's modes; `allow` differs from `prefer` only in which attempt comes first. */
export function readTlsMode(value: string): TlsMode {
  const text = value.toLowerCase();
  if (text === "allow") return "prefer";
  if (text === "true") return "require";
  if (text === "false") return "disable";
  const mode = TlsMode.safeParse(text);
  if (mode.success) return mode.data;
  throw bad(`"${value}" is no TLS mode.`, `Allowed are ${TlsMode.options.join(", ")}.`);
}
