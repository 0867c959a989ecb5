import type { ConnectionProfile, ConnectionStatus } from "#protocol/connection";
import type { Session } from "./session.js";

/** All connections of a window or a command. The front door supplies profiles and passwords; nothing here keeps a password. */
export interface Connections {
  list(): readonly ConnectionStatus[];
  profile(id: string): ConnectionProfile | undefined;
  /**
   * Leases one pinned backend for the time of `use`: HypoPG, prepared statements and settings live in one backend.
   * Aborting `signal` cancels the running statement on the server, then rejects. The lease always ends, whatever `use` does.
   */
  lease<T>(id: string, signal: AbortSignal, use: (session: Session) => Promise<T>): Promise<T>;
  /** Connects once and says what the server offers, without keeping the profile. */
  test(profile: ConnectionProfile, signal: AbortSignal): Promise<ConnectionStatus>;
  close(): Promise<void>;
}
