import { z } from "zod";
import { ConnectionProfile, ConnectionStatus } from "./connection.js";
import type { Failure } from "./failure.js";

/** Client → server: run an operation. Named apart from LSP's own methods. */
export namespace RunOperation {
  export const method = "dbOptimize/run";
  export interface Params {
    operation: string;
    input: unknown;
    /** For `$/progress` of this run. */
    workDoneToken?: string | number;
  }
  /** Failures are values: JSON-RPC errors lose their data in some clients. */
  export type Result = { ok: true; output: unknown } | { ok: false; failure: Failure };
}

/** Server → client: a question that only a person may answer. Closing the dialog is "no". */
export namespace AskConsent {
  export const method = "dbOptimize/askConsent";
  export const Params = z.object({
    title: z.string(),
    detail: z.string(),
    action: z.string(),
    /** When set, the person must type exactly this (the name of a production connection). */
    typeToConfirm: z.string().optional(),
  });
  export type Params = z.infer<typeof Params>;
  export interface Result {
    granted: boolean;
  }
}

/**
 * Server → client: the password of a connection, from SecretStorage; asked for each time, never kept in settings. The client's verbose
 * trace prints parameters and results, so the answer is encrypted to a key that the server made for this one question.
 */
export namespace GetPassword {
  export const method = "dbOptimize/getPassword";
  export interface Params {
    connection: string;
    target: string;
    /** True after the server refused the stored one. */
    rejected: boolean;
    /** RSA public key, PEM (SPKI). */
    publicKey: string;
  }
  export interface Result {
    /** Base64 of RSA-OAEP(SHA-256) of the UTF-8 password; absent where there is none. */
    encrypted?: string;
  }
}

/** Client → server: the connections of this window, whenever they change. */
export namespace ConnectionsChanged {
  export const method = "dbOptimize/connectionsChanged";
  export const Params = z.object({ connections: z.array(ConnectionProfile), trusted: z.boolean() });
  export type Params = z.infer<typeof Params>;
}

/** Server → client: a connection's state changed; the sidebar follows. */
export namespace ConnectionStatusChanged {
  export const method = "dbOptimize/connectionStatus";
  export type Params = ConnectionStatus;
}

/** Server → client: the findings of the workspace changed; the client asks again when it shows them. */
export namespace FindingsChanged {
  export const method = "dbOptimize/findingsChanged";
}
