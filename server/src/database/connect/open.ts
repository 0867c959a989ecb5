import { Socket } from "node:net";
import { Client } from "pg";
import type { ConnectionProfile } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import { connectFailure, notPostgres, sqlState } from "./failures.js";
import { targetOf, type ConnectionParameters } from "./parameters.js";
import { tlsAttempts, type TlsAttempt } from "./tls.js";

/** Asks for the password of a profile; `rejected` after the server refused the last answer. Undefined = there is none. */
export type AskPassword = (profile: ConnectionProfile, rejected: boolean) => Promise<string | undefined>;

export interface OpenClient {
  readonly client: Client;
  readonly tls: TlsAttempt;
}

const applicationName = "db-optimize";

/** Connects: TLS attempts in their order, passwords as the server asks for them. Throws OptimizerError without any password in it. */
export async function openClient(
  profile: ConnectionProfile,
  parameters: ConnectionParameters,
  password: AskPassword,
  signal: AbortSignal,
): Promise<OpenClient> {
  const wallet = passwords(profile, parameters, password);
  let attempts = tlsAttempts(parameters);
  for (;;) {
    signal.throwIfAborted();
    const [tls = false, ...others] = attempts;
    try {
      return { client: await attempt(parameters, tls, wallet.next, signal), tls };
    } catch (error) {
      if (signal.aborted) throw cancelled();
      if (others.length > 0 && speaksOnlyOtherWay(error)) attempts = others;
      else if (!wallet.mayRetry(error)) throw connectFailure(error, parameters, profile.name);
    }
  }
}

export function cancelled(): OptimizerError {
  return new OptimizerError({
    kind: "cancelled",
    message: "The request was cancelled.",
    advice: "Start it again when you want its result.",
  });
}

/** `prefer` goes on in the clear when the server offers no TLS, breaks the handshake, or lets this user in only without. */
function speaksOnlyOtherWay(error: unknown): boolean {
  if (error instanceof OptimizerError) return false;
  const state = sqlState(error);
  if (state !== undefined) return state === "28000";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const text = error instanceof Error ? error.message : "";
  return text === "The server does not support SSL connections" || /^(EPROTO|ERR_SSL|ERR_TLS)/.test(code) || code === "ECONNRESET";
}

/** What a file or variable holds is tried first; then the front door is asked, and once more after a refusal. */
function passwords(profile: ConnectionProfile, parameters: ConnectionParameters, ask: AskPassword) {
  type Step = "found" | "asked" | "askedAgain" | "none";
  let step: Step = parameters.foundPassword() === undefined ? "asked" : "found";
  let used = false;
  return {
    next: async (): Promise<string> => {
      used = true;
      const value = step === "found" ? parameters.foundPassword() : await ask(profile, step === "askedAgain");
      if (value !== undefined && value !== "") return value;
      throw new OptimizerError({
        kind: "unreachable",
        message: `The server asks for the password of "${parameters.user}" (${targetOf(parameters)}), and there is none.`,
        advice: `Give the connection "${profile.name}" a password, or put one into ~/.pgpass.`,
      });
    },
    mayRetry: (error: unknown): boolean => {
      if (!used || sqlState(error) !== "28P01") return false;
      step = step === "found" ? "asked" : step === "asked" ? "askedAgain" : "none";
      used = false;
      return step !== "none";
    },
  };
}

/** First bytes that a PostgreSQL server may send before it is asked anything but our start: R, E, N, v, or S for TLS. */
const firstBytes = new Set(["R", "E", "N", "v", "S"].map((letter) => letter.charCodeAt(0)));

async function attempt(
  parameters: ConnectionParameters,
  tls: TlsAttempt,
  password: () => Promise<string>,
  signal: AbortSignal,
): Promise<Client> {
  const socket = new Socket();
  socket.once("data", (chunk: Buffer) => {
    if (!firstBytes.has(chunk[0] ?? 0) || chunk.subarray(0, 4).toString("latin1") === "SSH-") socket.destroy(new Error(notPostgres));
  });
  const client = new Client({
    host: parameters.host,
    port: parameters.port,
    user: parameters.user,
    database: parameters.database,
    password,
    ssl: tls,
    stream: () => socket,
    application_name: applicationName,
    // A blank keeps pg from reading PGOPTIONS by itself: the parameters have been resolved already. Poolers refuse needless options.
    options: parameters.options ?? (process.env.PGOPTIONS ? " " : undefined),
    connectionTimeoutMillis: parameters.connectTimeout * 1000,
    keepAlive: true,
  });
  client.on("error", () => undefined); // a broken socket is reported by the statement that meets it
  const abort = () => socket.destroy(new Error("aborted"));
  signal.addEventListener("abort", abort, { once: true });
  try {
    await client.connect();
    return client;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
