import { OptimizerError, type Failure } from "#protocol/failure";
import type { ConnectionParameters } from "./parameters.js";
import { targetOf } from "./parameters.js";

/** What pg puts on its errors; network errors carry `code` alone. */
interface ServerError {
  readonly code?: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly severity?: string;
}

export function codeOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export function asServerError(error: unknown): ServerError {
  return error instanceof Error ? (error as ServerError) : { message: String(error) };
}

/** SQLSTATEs have five characters; Node's codes have more. */
export function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && asServerError(error).severity !== undefined ? code : undefined;
}

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT_ALTNAME_INVALID/;

/** Why a connection did not come about, in three parts. */
export function connectFailure(error: unknown, parameters: ConnectionParameters, name: string): OptimizerError {
  if (error instanceof OptimizerError) return error;
  return new OptimizerError({ kind: "unreachable", ...explainConnect(error, parameters, name) });
}

type Words = Pick<Failure, "message" | "advice">;

function explainConnect(error: unknown, parameters: ConnectionParameters, name: string): Words {
  const { host, port, user, database } = parameters;
  const state = sqlState(error);
  if (state !== undefined) return explainRefusal(state, asServerError(error), parameters, name);
  const code = codeOf(error) ?? "";
  const text = asServerError(error).message;
  const at = host.startsWith("/") ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`;
  if (code === "ECONNREFUSED" || code === "ENOENT")
    return { message: `Nothing listens on ${at}.`, advice: "Start the server, or correct host and port of the connection." };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return { message: `The host "${host}" is not known.`, advice: "Correct the host of the connection, or check the network and VPN." };
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH" || code === "ETIMEDOUT")
    return { message: `${at} cannot be reached (${code}).`, advice: "Check the network, VPN and firewall." };
  if (code === "EACCES")
    return { message: `${at} may not be opened by this user.`, advice: "Use a TCP host, or a user that may enter the folder." };
  if (certificateCodes.test(code))
    return {
      message: `The certificate of ${at} was not accepted: ${text}.`,
      advice: `Give the connection the authority's certificate (tlsCa), or the host name that the certificate is made out to. tls "require" encrypts without checking.`,
    };
  if (text === "The server does not support SSL connections")
    return {
      message: `${at} does not offer TLS, and the connection asks for it (tls "${parameters.tls}").`,
      advice: `Switch TLS on at the server (ssl = on), or set tls to "prefer" or "disable" if the network is trusted.`,
    };
  if (text === "timeout expired" || text === notPostgres || text === "There was an error establishing an SSL connection")
    return text === "timeout expired"
      ? {
          message: `${at} did not answer as PostgreSQL within ${parameters.connectTimeout} s.`,
          advice:
            "Check that host and port are those of a PostgreSQL server and that no firewall drops packets, or raise the connect timeout.",
        }
      : { message: `What listens on ${at} is not PostgreSQL.`, advice: "Correct the port: PostgreSQL usually listens on 5432." };
  if (/^Connection terminated|ECONNRESET|EPIPE/.test(text) || code === "ECONNRESET")
    return {
      message: `${at} closed the connection before ${user} was signed in to "${database}".`,
      advice: "Look into the server's log; check that the port is PostgreSQL's and that the server is up.",
    };
  return { message: `The connection to ${at} failed: ${text}.`, advice: "Check the connection's parameters and the server's log." };
}

export const notPostgres = "not PostgreSQL";

function explainRefusal(state: string, error: ServerError, parameters: ConnectionParameters, name: string): Words {
  const { user, database } = parameters;
  const target = targetOf(parameters);
  switch (state) {
    case "28P01":
      return {
        message: `The server refused the password of "${user}" (${target}).`,
        advice: `Give the connection "${name}" the right password.`,
      };
    case "28000":
      return {
        message: `The server does not let "${user}" in (${target}): ${error.message}.`,
        advice: "Check user and TLS mode, or let the server's administrator add a line to pg_hba.conf.",
      };
    case "3D000":
      return {
        message: `The database "${database}" does not exist on the server (${target}).`,
        advice: "Correct the database of the connection.",
      };
    case "53300":
      return {
        message: `The server has no free connection left (${target}): ${error.message}.`,
        advice: "Close other clients, wait, or raise max_connections.",
      };
    case "57P03":
      return {
        message: `The server is not ready (${target}): ${error.message}.`,
        advice: "Wait until it has started or recovered, then try again.",
      };
    case "42501":
      return {
        message: `"${user}" may not connect to "${database}": ${error.message}.`,
        advice: `Ask the administrator for: GRANT CONNECT ON DATABASE "${database}" TO "${user}".`,
      };
    case "08P01":
      return {
        message: `The server refused the connection (${target}): ${error.message}.`,
        advice: /startup parameter: options/.test(error.message)
          ? `A pooler does not pass the connection's options on. Leave them out and set them on the role (ALTER ROLE "${user}" SET search_path = …), or connect to the server itself.`
          : (error.hint ?? "Look into the server's log."),
      };
    default:
      return {
        message: `The server refused the connection (${target}): ${error.message}.`,
        advice: error.hint ?? "Look into the server's log.",
      };
  }
}

/** What a statement of a leased session ran into. `timeoutSeconds` is the session's own limit. */
export function statementFailure(error: unknown, target: string, timeoutSeconds: number): OptimizerError {
  if (error instanceof OptimizerError) return error;
  const server = asServerError(error);
  const state = sqlState(error);
  if (state === undefined) return lost(target);
  const words = explainStatement(state, server, target, timeoutSeconds);
  return new OptimizerError(words);
}

export function lost(target: string): OptimizerError {
  return new OptimizerError({
    kind: "unreachable",
    message: `The connection to ${target} broke while the server was working.`,
    advice: "Check that the server is up, then try again; the next request connects anew.",
  });
}

/** Texts and numbers that a type's input does not take, and arrays that do not parse. */
const unfitting = new Set(["22P02", "22P03", "22003", "22007", "22008"]);

function explainStatement(state: string, error: ServerError, target: string, timeoutSeconds: number): Failure {
  const text = sentence(error.message);
  if (state === "57014" && /statement timeout/.test(error.message))
    return {
      kind: "database",
      message: `The statement was stopped after ${timeoutSeconds} s, the connection's statement timeout.`,
      advice: "Explain it without ANALYZE, narrow it, or raise the statement timeout of the connection.",
    };
  if (state === "57014")
    return { kind: "cancelled", message: "The statement was cancelled.", advice: "Start it again when you want its result." };
  if (state === "55P03")
    return {
      kind: "database",
      message: `A lock that the statement needs is held by another session: ${text}`,
      advice: "Try again when the other transaction has ended (pg_stat_activity and pg_blocking_pids show it).",
    };
  if (state === "42501")
    return {
      kind: "database",
      message: `Permission denied on ${target}: ${text}`,
      advice: "Grant the right to the connection's user, or use another user.",
    };
  if (state === "40001" && /recovery/.test(error.message))
    return {
      kind: "database",
      message: `The replica ended the statement in favour of what the primary sent: ${text}`,
      advice: "Try again, analyse it on the primary, or raise max_standby_streaming_delay on the replica.",
    };
  if (unfitting.has(state))
    return {
      kind: "database",
      message: `A value does not fit its type: ${text}`,
      advice:
        "Correct the value that was given for a placeholder, or the constant in the statement. Arrays are written {1,2,3}, NULL is no text.",
    };
  if (state === "42P18")
    return {
      kind: "database",
      message: `PostgreSQL cannot tell the type of a placeholder: ${text}`,
      advice: "Write the type behind the placeholder, as in $1::bigint.",
    };
  if (state === "25006")
    return {
      kind: "refused",
      message: `The statement would have written, and it ran in a read-only transaction: ${text}`,
      advice: "Nothing was changed. Explain it without ANALYZE.",
    };
  if (/^(57P0|0800)/.test(state)) return lost(target).failure;
  return {
    kind: "database",
    message: `PostgreSQL refused the statement: ${text}`,
    ...(error.hint ? { advice: error.hint } : error.detail ? { advice: error.detail } : { advice: "Correct the statement and try again." }),
  };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
