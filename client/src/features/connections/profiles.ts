import type { ConnectionClass, ConnectionProfile, TlsMode } from "#protocol/connection";

/** Everything here is pure: what a profile is made from and how it is shown. */

export const classes: readonly ConnectionClass[] = ["disposable", "normal", "production"];
export const tlsModes: readonly TlsMode[] = ["disable", "prefer", "require", "verify-ca", "verify-full"];

/** Seconds. */
export interface Limits {
  readonly connectTimeout: number;
  readonly statementTimeout: number;
}

const defaultLimits: Limits = { connectTimeout: 10, statementTimeout: 30 };

/** Limits as the settings give them; what is no time above 0 is replaced by the default. */
export function readLimits(connectTimeout: unknown, statementTimeout: unknown): Limits {
  const time = (value: unknown, otherwise: number) => (typeof value === "number" && value > 0 && value <= 3600 ? value : otherwise);
  return {
    connectTimeout: time(connectTimeout, defaultLimits.connectTimeout),
    statementTimeout: time(statementTimeout, defaultLimits.statementTimeout),
  };
}

export function completeProfile(
  given: Partial<ConnectionProfile> & Pick<ConnectionProfile, "id" | "name">,
  limits: Limits = defaultLimits,
): ConnectionProfile {
  return { class: "normal", source: "parameters", tls: "prefer", ...limits, ...given };
}

export interface ParsedUrl {
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
  readonly tls?: TlsMode;
  /** Goes to the secret storage, never into the profile. */
  readonly password?: string;
}

/** Reads `postgresql://user:password@host:port/database?sslmode=…`; also SQLAlchemy's `postgresql+driver://`. A string is the complaint. */
export function parseUrl(text: string): ParsedUrl | string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return "This is not a URL. Expected: postgresql://user@host:5432/database";
  }
  const scheme = url.protocol.slice(0, -1).split("+")[0];
  if (scheme !== "postgresql" && scheme !== "postgres") return `The scheme is "${url.protocol}", expected "postgresql:".`;
  const mode = url.searchParams.get("sslmode") ?? undefined;
  const tls = tlsModes.find((candidate) => candidate === (mode === "allow" ? "prefer" : mode));
  if (mode !== undefined && tls === undefined) return `sslmode is "${mode}". Allowed: ${tlsModes.join(", ")}.`;
  try {
    return dropUndefined({
      host: decodeURIComponent(url.hostname.replace(/^\[|\]$/g, "")) || url.searchParams.get("host") || undefined,
      port: url.port ? Number(url.port) : undefined,
      database: decodeURIComponent(url.pathname.slice(1)) || undefined,
      user: decodeURIComponent(url.username) || undefined,
      password: url.password ? decodeURIComponent(url.password) : undefined,
      tls,
    });
  } catch {
    return "A percent sign in the URL begins no valid escape. Write % itself as %25.";
  }
}

function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

/** `user@host:port/database`, as far as it is known; never with a password. */
export function targetOf(profile: ConnectionProfile): string {
  if (profile.source === "sample") return "embedded";
  if (profile.source === "environment") return "PG* variables";
  if (profile.source === "service") return `service ${profile.service ?? ""}`.trim();
  if (profile.source === "dotenv") return profile.dotenvFile ?? ".env";
  const host = profile.host?.includes(":") ? `[${profile.host}]` : (profile.host ?? "localhost");
  const user = profile.user ? `${profile.user}@` : "";
  return `${user}${host}:${profile.port ?? 5432}${profile.database ? `/${profile.database}` : ""}`;
}

export function portComplaint(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  const port = Number(text);
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? undefined : "A port is a whole number from 1 to 65535.";
}

export interface SettingsProfiles {
  readonly profiles: readonly ConnectionProfile[];
  /** One sentence per entry that cannot be used. */
  readonly problems: readonly string[];
}

const texts = ["host", "database", "user", "service", "dotenvFile", "tlsCa"] as const;
const sources = ["parameters", "environment", "service", "dotenv"] as const;

/** The entries of the setting `dbOptimize.connections`. A wrong entry costs only itself; a password is refused, not used. */
export function readSettingsProfiles(raw: unknown, limits: Limits = defaultLimits): SettingsProfiles {
  if (raw === undefined || raw === null) return { profiles: [], problems: [] };
  if (!Array.isArray(raw)) return { profiles: [], problems: ["Setting dbOptimize.connections is not a list. It is ignored."] };
  const profiles: ConnectionProfile[] = [];
  const problems: string[] = [];
  raw.forEach((entry: unknown, index) => {
    const at = `dbOptimize.connections[${index}]`;
    const read = readEntry(entry, at, limits);
    if (typeof read === "string") problems.push(read);
    else if (profiles.some(({ id }) => id === read.id)) problems.push(`${at}: the name "${read.name}" is taken. Names must differ.`);
    else profiles.push(read);
  });
  return { profiles, problems };
}

function readEntry(entry: unknown, at: string, limits: Limits): ConnectionProfile | string {
  if (typeof entry !== "object" || entry === null) return `${at} is not an object. It is ignored.`;
  const given = entry as Record<string, unknown>;
  const { name } = given;
  if (typeof name !== "string" || name.trim() === "") return `${at}.name is missing. The connection is ignored.`;
  if ("password" in given)
    return `${at} holds a password. Settings are no place for one: remove it and run "DB Optimize: Edit connection". The connection is ignored.`;
  const profile: Partial<ConnectionProfile> = {};
  for (const key of texts) {
    const value = given[key];
    if (value === undefined) continue;
    if (typeof value !== "string") return `${at}.${key} is not a text. The connection is ignored.`;
    profile[key] = value;
  }
  const chosen = readChoices(given, at);
  if (typeof chosen === "string") return chosen;
  return completeProfile({ ...profile, ...chosen, id: `settings:${name}`, name }, limits);
}

function readChoices(given: Record<string, unknown>, at: string): Partial<ConnectionProfile> | string {
  const result: Partial<ConnectionProfile> = {};
  if (given["port"] !== undefined) {
    const complaint = portComplaint(String(given["port"]));
    if (complaint) return `${at}.port: ${complaint} The connection is ignored.`;
    result.port = Number(given["port"]);
  }
  const pick = <T extends string>(key: string, allowed: readonly T[]): T | undefined | { complaint: string } => {
    if (given[key] === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === given[key]);
    return (
      found ?? { complaint: `${at}.${key} is ${JSON.stringify(given[key])}. Allowed: ${allowed.join(", ")}. The connection is ignored.` }
    );
  };
  const [connectionClass, tls, source] = [pick("class", classes), pick("tls", tlsModes), pick("source", sources)];
  for (const choice of [connectionClass, tls, source]) if (typeof choice === "object") return choice.complaint;
  if (typeof connectionClass === "string") result.class = connectionClass;
  if (typeof tls === "string") result.tls = tls;
  if (typeof source === "string") result.source = source;
  for (const key of ["connectTimeout", "statementTimeout"] as const) {
    const value = given[key];
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value > 0))
      return `${at}.${key} is ${JSON.stringify(value)}, expected seconds above 0. The connection is ignored.`;
    result[key] = value;
  }
  return result;
}
