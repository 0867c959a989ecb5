import type { ConnectionProfile } from "#protocol/connection";
import { Backend, type Limits } from "./backend.js";
import { realSurroundings, type Surroundings } from "./connect/files.js";
import { openClient, type AskPassword } from "./connect/open.js";
import { resolveParameters } from "./connect/parameters.js";
import { prepareSession, type ServerFacts } from "./prepareSession.js";

export interface LeasedBackend {
  readonly backend: Backend;
  readonly facts: ServerFacts;
}

export interface Opener {
  readonly password: AskPassword;
  readonly cancelSample?: () => Promise<void>;
  readonly surroundings?: Surroundings;
  readonly log: (line: string) => void;
}

/** Connects, signs in, and makes the session as every statement of this room expects it. */
export async function openBackend(profile: ConnectionProfile, opener: Opener, limits: Limits): Promise<LeasedBackend> {
  const parameters = resolveParameters(profile, opener.surroundings ?? realSurroundings());
  for (const warning of parameters.warnings) opener.log(warning);
  const open = await openClient(profile, parameters, opener.password, limits.signal);
  const terminate = (processId: number) => terminateBackend(profile, opener, processId);
  const backend = new Backend(open, parameters, terminate, profile.class === "sample" ? (opener.cancelSample ?? none) : undefined);
  backend.begin(limits);
  try {
    return { backend, facts: await prepareSession(backend, profile) };
  } catch (error) {
    await backend.close();
    throw error;
  }
}

const none = () => Promise.resolve();

/** For a statement that a cancel request did not end. */
async function terminateBackend(profile: ConnectionProfile, opener: Opener, processId: number): Promise<void> {
  const parameters = resolveParameters(profile, opener.surroundings ?? realSurroundings());
  const { client } = await openClient(profile, parameters, opener.password, AbortSignal.timeout(5_000));
  try {
    await client.query({ text: "SELECT pg_catalog.pg_terminate_backend($1::pg_catalog.int4)", values: [processId] });
  } finally {
    await client.end().catch(() => undefined); // the second connection was only for this one word
  }
}
