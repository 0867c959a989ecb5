import * as vscode from "vscode";
import type { ConnectionClass, ConnectionProfile, TlsMode } from "#protocol/connection";
import { classes, completeProfile, parseUrl, portComplaint, tlsModes } from "./profiles.js";
import { askChoice, askText, type StepResult } from "./steps.js";

export interface Edited {
  readonly profile: ConnectionProfile;
  /** Undefined: leave the stored one as it is. */
  readonly password?: string;
}

interface Draft {
  id: string;
  name?: string;
  source: ConnectionProfile["source"];
  host?: string;
  port?: number;
  database?: string;
  user?: string;
  password?: string;
  service?: string;
  dotenvFile?: string;
  tls: TlsMode;
  class: ConnectionClass;
}

/** How a connection's parameters are given; each way has its own steps. */
type Way = "url" | "parameters" | "environment" | "service" | "dotenv";
type Step = (draft: Draft, frame: { title: string; step: number; total: number }) => Promise<StepResult<unknown>>;

/** Asks for everything about a connection, back and forth; undefined when the user gave up. `existing` fills the answers. */
export async function editConnection(
  id: string,
  existing?: ConnectionProfile,
  takenNames: readonly string[] = [],
): Promise<Edited | undefined> {
  const draft: Draft = existing ? { ...existing } : { id, source: "parameters", tls: "prefer", class: "normal" };
  const title = existing ? vscode.l10n.t("Edit connection {0}", existing.name) : vscode.l10n.t("Add connection");
  const chosen: { way: Way } = { way: existing && existing.source !== "sample" ? existing.source : "parameters" };
  const chooseWay: Step = async (_draft, frame) => {
    const answer = await askWay(frame, chosen.way);
    if (answer.kind === "next") chosen.way = answer.value;
    return answer;
  };
  let index = 0;
  for (;;) {
    const steps = [chooseWay, ...stepsOf(chosen.way), nameStep(takenNames), classStep];
    const step = steps[index];
    if (!step) break;
    const answer = await step(draft, { title, step: index + 1, total: steps.length });
    if (answer.kind === "cancel") return undefined;
    index += answer.kind === "next" ? 1 : -1;
  }
  draft.source = chosen.way === "url" ? "parameters" : chosen.way;
  const { password, name, ...rest } = draft;
  const limits = existing ? { connectTimeout: existing.connectTimeout, statementTimeout: existing.statementTimeout } : {};
  return { profile: completeProfile({ ...rest, ...limits, name: name ?? id }), ...(password === undefined ? {} : { password }) };
}

function stepsOf(way: Way): readonly Step[] {
  switch (way) {
    case "url":
      return [urlStep];
    case "parameters":
      return [hostStep, portStep, databaseStep, userStep, passwordStep, tlsStep];
    case "environment":
      return [];
    case "service":
      return [serviceStep];
    case "dotenv":
      return [dotenvStep];
  }
}

function askWay(frame: { title: string; step: number; total: number }, active: Way): Promise<StepResult<Way>> {
  const { t } = vscode.l10n;
  const items = [
    { label: t("URL"), description: "postgresql://user:password@host:5432/database", value: "url" as Way },
    { label: t("Host, database and user"), value: "parameters" as Way },
    { label: t("PG* environment variables"), description: "PGHOST, PGDATABASE, PGUSER, …", value: "environment" as Way },
    { label: t("Service of pg_service.conf"), value: "service" as Way },
    { label: t(".env file of the project"), description: "DATABASE_URL", value: "dotenv" as Way },
  ];
  return askChoice({ ...frame, placeholder: t("Where do the connection's parameters come from?"), items, active });
}

function textStep(
  prompt: () => string,
  get: (draft: Draft) => string | undefined,
  set: (draft: Draft, text: string) => void,
  more: { placeholder?: string; complaint?: (text: string) => string | undefined; password?: boolean } = {},
): Step {
  return async (draft, frame) => {
    const value = get(draft);
    const answer = await askText({ ...frame, prompt: prompt(), ...more, ...(value === undefined ? {} : { value }) });
    if (answer.kind === "next") set(draft, more.password ? answer.value : answer.value.trim());
    return answer;
  };
}

const required = (text: string) => (text.trim() === "" ? vscode.l10n.t("This may not be empty.") : undefined);

const urlStep: Step = textStep(
  () => vscode.l10n.t("The password goes to the editor's secret storage, the rest to the connection."),
  () => undefined,
  (draft, text) => {
    const parsed = parseUrl(text);
    if (typeof parsed !== "string") Object.assign(draft, parsed);
  },
  {
    placeholder: "postgresql://user:password@localhost:5432/database?sslmode=require",
    complaint: (text) => {
      const parsed = parseUrl(text);
      return typeof parsed === "string" ? parsed : undefined;
    },
  },
);
const hostStep = textStep(
  () => vscode.l10n.t("Host name, address, or directory of the Unix socket"),
  (draft) => draft.host ?? "localhost",
  (draft, text) => (draft.host = text),
  { complaint: required },
);
const portStep = textStep(
  () => vscode.l10n.t("Port"),
  (draft) => String(draft.port ?? 5432),
  (draft, text) => (draft.port = text === "" ? undefined : Number(text)),
  { complaint: portComplaint },
);
const databaseStep = textStep(
  () => vscode.l10n.t("Database"),
  (draft) => draft.database,
  (draft, text) => (draft.database = text),
  { complaint: required },
);
const userStep = textStep(
  () => vscode.l10n.t("User"),
  (draft) => draft.user,
  (draft, text) => (draft.user = text),
  { complaint: required },
);
const passwordStep = textStep(
  () => vscode.l10n.t("Password; leave empty where none is needed. It is kept in the editor's secret storage."),
  (draft) => draft.password,
  (draft, text) => (draft.password = text === "" ? undefined : text),
  { password: true },
);
const serviceStep = textStep(
  () => vscode.l10n.t("Name of the section in pg_service.conf"),
  (draft) => draft.service,
  (draft, text) => (draft.service = text),
  { complaint: required },
);
const dotenvStep = textStep(
  () => vscode.l10n.t("Path of the file, absolute or from the workspace's folder"),
  (draft) => draft.dotenvFile ?? ".env",
  (draft, text) => (draft.dotenvFile = text),
  { complaint: required },
);

const tlsStep: Step = async (draft, frame) => {
  const { t } = vscode.l10n;
  const words: Record<TlsMode, string> = {
    disable: t("never encrypted"),
    prefer: t("encrypted where the server can"),
    require: t("encrypted, certificate not checked"),
    "verify-ca": t("encrypted, certificate checked"),
    "verify-full": t("encrypted, certificate and host name checked"),
  };
  const items = tlsModes.map((value) => ({ label: value, description: words[value], value }));
  const answer = await askChoice({ ...frame, placeholder: t("TLS"), items, active: draft.tls });
  if (answer.kind === "next") draft.tls = answer.value;
  return answer;
};

function nameStep(taken: readonly string[]): Step {
  return textStep(
    () => vscode.l10n.t("Name, as it will stand in the sidebar"),
    (draft) => draft.name ?? draft.database ?? draft.service ?? "postgres",
    (draft, text) => (draft.name = text),
    { complaint: (text) => required(text) ?? (taken.includes(text.trim()) ? vscode.l10n.t("This name is taken.") : undefined) },
  );
}

const classStep: Step = async (draft, frame) => {
  const answer = await askClass(frame, draft.class);
  if (answer.kind === "next") draft.class = answer.value;
  return answer;
};

export function askClass(
  frame: { title: string; step: number; total: number },
  active: ConnectionClass,
): Promise<StepResult<ConnectionClass>> {
  const { t } = vscode.l10n;
  const words: Record<ConnectionClass, string> = {
    sample: "",
    disposable: t("may be written to: indexes are proved by making them in a transaction that is rolled back"),
    normal: t("read only, unless you consent to a single statement"),
    production: t("read only, and ANALYZE needs typing the connection's name"),
  };
  const items = classes.map((value) => ({ label: value, detail: words[value], value }));
  return askChoice({ ...frame, placeholder: t("What may happen on this connection?"), items, active });
}
