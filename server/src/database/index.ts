// What the rooms above see of this one.
export { createConnections, type ConnectionsOptions, type ManagedConnections } from "./createConnections.js";
export type { Connections } from "./connections.js";
export { profileFromDsn, type DsnProfile } from "./connect/dsn.js";
export type { AskPassword } from "./connect/open.js";
export { GuardRefusal, type Trustable } from "./guard/refusal.js";
export { fileTrust } from "./fileTrust.js";
export { memoryTrust, type TrustStore } from "./guard/trust.js";
export { parameterProposals } from "./parameterProposals.js";
export type { RunningStatements } from "./read/running.js";
export type * from "./session.js";
