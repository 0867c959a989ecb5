import type { ConnectionProfile, ConnectionStatus } from "#protocol/connection";
import { targetOf } from "./profiles.js";

/** A connection as the tree shows it, without the editor's classes. */
export interface ConnectionRow {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly color?: string;
  /** Words for `when` clauses: `connection`, `own`, `default`, the class. */
  readonly context: string;
  /** Lines of the tooltip, plain text. */
  readonly tooltip: readonly string[];
}

export interface RowState {
  readonly isDefault: boolean;
  readonly isOwn: boolean;
  readonly status: ConnectionStatus | undefined;
}

const states: Record<ConnectionStatus["state"], { icon: string; color?: string; word: string }> = {
  idle: { icon: "database", word: "not connected yet" },
  connecting: { icon: "loading~spin", word: "connecting" },
  connected: { icon: "database", color: "charts.green", word: "connected" },
  failed: { icon: "error", color: "errorForeground", word: "failed" },
};

export function connectionRow(profile: ConnectionProfile, { isDefault, isOwn, status }: RowState): ConnectionRow {
  const state = states[status?.state ?? "idle"];
  const production = profile.class === "production";
  const marks = [...(isDefault ? ["default"] : []), ...(profile.class === "normal" ? [] : [profile.class])];
  return {
    id: profile.id,
    label: profile.name,
    description: [status?.target ?? targetOf(profile), ...marks].join(" · "),
    icon: production && state.icon === "database" ? "shield" : state.icon,
    ...(state.color ? { color: state.color } : {}),
    context: ["connection", profile.class, ...(isOwn ? ["own"] : []), ...(isDefault ? ["default"] : [])].join("."),
    tooltip: tooltip(profile, state.word, status),
  };
}

function tooltip(profile: ConnectionProfile, state: string, status: ConnectionStatus | undefined): string[] {
  const lines = [`${profile.name}: ${status?.target ?? targetOf(profile)}`, `Class: ${profile.class}`, `State: ${state}`];
  if (status?.serverVersion) lines.push(`PostgreSQL ${status.serverVersion}`);
  if (status?.replica) lines.push("Replica: explains, and analyses what only reads");
  if (status?.pooled) lines.push("Behind a pooler: nothing is kept in the server's session");
  if (status?.state === "connected") {
    lines.push(`pg_stat_statements: ${status.pgStatStatements ?? "not installed"}`, `HypoPG: ${status.hypopg ?? "not installed"}`);
  }
  if (status?.error) lines.push(status.error);
  return lines;
}
