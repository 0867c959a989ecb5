import type { ConnectionProfile, ConnectionStatus } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import type { Connections } from "./connections.js";
import type { Surroundings } from "./connect/files.js";
import { realSurroundings } from "./connect/files.js";
import type { AskPassword } from "./connect/open.js";
import { resolveParameters, targetOf } from "./connect/parameters.js";
import { memoryTrust, type TrustStore } from "./guard/trust.js";
import { openBackend, type LeasedBackend, type Opener } from "./openBackend.js";
import { Pool } from "./pool.js";
import type { ServerFacts } from "./prepareSession.js";
import { LeasedSession } from "./leasedSession.js";

export interface ConnectionsOptions {
  readonly profiles: readonly ConnectionProfile[];
  /** Called when the server asks for a password; what it answers is sent and forgotten. */
  readonly password: AskPassword;
  /** Ends the embedded server's process: it is one backend that knows no cancel. */
  readonly cancelSample?: () => Promise<void>;
  /** One line for a log; never holds a password or a statement's values. */
  readonly log?: (line: string) => void;
  /** A connection's state changed; the sidebar follows. */
  readonly onStatus?: (status: ConnectionStatus) => void;
  /** Definitions that the user trusts; kept in memory when none is given. */
  readonly trust?: TrustStore;
  readonly surroundings?: Surroundings;
}

export interface ManagedConnections extends Connections {
  /** Replaces the list. Pools of profiles that changed or went away are closed. */
  setProfiles(profiles: readonly ConnectionProfile[]): void;
}

const normalSize = 3;
const idleMs = 30_000;
/** The embedded server has one backend for everybody: it is let go quickly. */
const sampleIdleMs = 1_000;

interface Entry {
  readonly profile: ConnectionProfile;
  readonly pool: Pool;
  status: ConnectionStatus;
}

export function createConnections(options: ConnectionsOptions): ManagedConnections {
  const trust = options.trust ?? memoryTrust();
  const opener: Opener = {
    password: options.password,
    cancelSample: options.cancelSample,
    surroundings: options.surroundings,
    log: options.log ?? (() => undefined),
  };
  let entries = new Map<string, Entry>();
  const closing = new Set<Promise<void>>();

  const change = (entry: Entry, state: Partial<ConnectionStatus>) => {
    entry.status = { ...entry.status, error: undefined, ...state };
    options.onStatus?.(entry.status);
  };

  const makeEntry = (profile: ConnectionProfile): Entry => {
    const entry: Entry = {
      profile,
      status: idleStatus(profile, opener.surroundings),
      pool: new Pool({
        size: profile.class === "sample" ? 1 : normalSize,
        idleMs: profile.class === "sample" ? sampleIdleMs : idleMs,
        open: async (limits) => {
          change(entry, { state: "connecting" });
          try {
            const leased = await openBackend(profile, opener, limits);
            change(entry, { state: "connected", ...offers(leased.facts), target: leased.backend.target });
            return leased;
          } catch (error) {
            const gaveUp = error instanceof OptimizerError && error.failure.kind === "cancelled";
            change(entry, gaveUp ? { state: "idle" } : { state: "failed", error: messageOf(error) });
            throw error;
          }
        },
      }),
    };
    return entry;
  };

  const use = async <T>(entry: Entry, signal: AbortSignal, work: (leased: LeasedBackend) => Promise<T>): Promise<T> => {
    try {
      return await entry.pool.lease({ signal, statementTimeoutSeconds: entry.profile.statementTimeout }, work);
    } catch (error) {
      if (error instanceof OptimizerError && error.failure.kind === "unreachable")
        change(entry, { state: "failed", error: error.failure.message });
      throw error;
    }
  };

  const setProfiles = (profiles: readonly ConnectionProfile[]) => {
    const next = new Map<string, Entry>();
    for (const profile of profiles) {
      const known = entries.get(profile.id);
      next.set(profile.id, known && same(known.profile, profile) ? known : makeEntry(profile));
    }
    for (const entry of entries.values()) if (next.get(entry.profile.id) !== entry) retire(entry);
    entries = next;
  };

  const retire = (entry: Entry) => {
    const done = entry.pool.close().finally(() => closing.delete(done));
    closing.add(done);
  };

  setProfiles(options.profiles);
  return {
    list: () => [...entries.values()].map((entry) => entry.status),
    profile: (id) => entries.get(id)?.profile,
    setProfiles,
    lease: (id, signal, work) => {
      const entry = entries.get(id);
      if (!entry) return Promise.reject(unknownConnection(id, [...entries.values()]));
      return use(entry, signal, (leased) => work(new LeasedSession(entry.profile, entry.status, leased, trust)));
    },
    test: async (profile, signal) => {
      const limits = { signal, statementTimeoutSeconds: profile.statementTimeout };
      const { backend, facts } = await openBackend(profile, opener, limits);
      await backend.close();
      return { ...idleStatus(profile, opener.surroundings), ...offers(facts), target: backend.target, state: "connected" };
    },
    close: async () => {
      for (const entry of entries.values()) retire(entry);
      entries = new Map();
      await Promise.all(closing);
    },
  };
}

function same(one: ConnectionProfile, other: ConnectionProfile): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof ConnectionProfile>;
  return [...keys].every((key) => one[key] === other[key]);
}

function offers(facts: ServerFacts): Pick<ConnectionStatus, "serverVersion" | "hypopg" | "pgStatStatements" | "replica" | "pooled"> {
  const { replica, pooled } = facts;
  return {
    replica,
    pooled,
    serverVersion: facts.versionText,
    hypopg: facts.hypopg?.version,
    pgStatStatements: facts.pgStatStatements?.version,
  };
}

/** The target is known before connecting, unless a file that it comes from cannot be read: then the name stands in. */
function idleStatus(profile: ConnectionProfile, surroundings?: Surroundings): ConnectionStatus {
  const base = { id: profile.id, name: profile.name, class: profile.class, state: "idle" as const };
  try {
    return { ...base, target: targetOf(resolveParameters(profile, surroundings ?? realSurroundings())) };
  } catch (error) {
    return { ...base, target: profile.name, state: "failed", error: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof OptimizerError ? error.failure.message : "An unexpected error; see the log.";
}

function unknownConnection(id: string, entries: readonly Entry[]): OptimizerError {
  const names = entries.map((entry) => entry.profile.id).join(", ");
  return new OptimizerError({
    kind: "usage",
    message: `There is no connection "${id}".`,
    advice: names ? `Choose one of ${names}, or add a connection.` : "Add a connection, or start the sample database.",
  });
}
