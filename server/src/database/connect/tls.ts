import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { OptimizerError } from "#protocol/failure";
import type { ConnectionParameters } from "./parameters.js";

/** `false` = in the clear. `prefer` means: try the first, then the second. */
export type TlsAttempt = false | ConnectionOptions;

/** libpq's modes: only verify-* look at the certificate (require does when an authority is given), only verify-full at its name. */
export function tlsAttempts(parameters: ConnectionParameters): TlsAttempt[] {
  // TLS protects nothing on a socket of this machine, and libpq does not offer it there.
  if (parameters.host.startsWith("/") || parameters.tls === "disable") return [false];
  const identity = {
    ...(parameters.tlsCert === undefined ? {} : { cert: read(parameters.tlsCert, "client certificate") }),
    ...(parameters.tlsKey === undefined ? {} : { key: read(parameters.tlsKey, "key of the client certificate") }),
  };
  const unchecked = { ...identity, rejectUnauthorized: false };
  if (parameters.tls === "prefer") return [unchecked, false];
  if (parameters.tls === "require" && parameters.tlsCa === undefined) return [unchecked];
  const authority = parameters.tlsCa === undefined ? {} : { ca: read(parameters.tlsCa, "certificate of the authority") };
  const checked = { ...identity, ...authority, rejectUnauthorized: true };
  return [parameters.tls === "verify-full" ? checked : { ...checked, checkServerIdentity: () => undefined }];
}

function read(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new OptimizerError({
      kind: "usage",
      message: `The ${what} ${path} cannot be read.`,
      advice: "Give the connection the path of a PEM file that exists and may be read.",
    });
  }
}
