import type { ConnectionProfile, ConnectionStatus } from "#protocol/connection";
import { targetOf } from "../connections/profiles.js";

export interface StatusInput {
  readonly connection: ConnectionProfile | undefined;
  readonly status: ConnectionStatus | undefined;
  readonly running: readonly string[];
  readonly trusted: boolean;
}

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  /** Production is to be seen at a glance. */
  readonly warn: boolean;
}

export function statusText({ connection, status, running, trusted }: StatusInput): StatusText {
  if (!trusted) return { text: "$(database) DB Optimize", tooltip: "Database connections are off in Restricted Mode.", warn: false };
  const [work] = running;
  const icon = work ? "$(sync~spin)" : status?.state === "failed" ? "$(error)" : "$(database)";
  const name = connection?.name ?? "No database";
  const lines = [
    connection ? `DB Optimize: ${connection.name} (${connection.class}), ${targetOf(connection)}` : "DB Optimize: choose a connection",
    ...(status?.serverVersion ? [`PostgreSQL ${status.serverVersion}`] : []),
    ...(status?.error ? [status.error] : []),
    ...running,
  ];
  return { text: `${icon} ${name}`, tooltip: lines.join("\n"), warn: connection?.class === "production" };
}
