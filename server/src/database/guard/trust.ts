/** Definitions that a user trusts on one connection. A hash stands for exactly one text of one definition. */
export interface TrustStore {
  has(connection: string, definitionHash: string): boolean;
  add(connection: string, definitionHash: string): void;
}

export function memoryTrust(): TrustStore {
  const trusted = new Set<string>();
  const key = (connection: string, hash: string) => `${connection} ${hash}`;
  return {
    has: (connection, hash) => trusted.has(key(connection, hash)),
    add: (connection, hash) => void trusted.add(key(connection, hash)),
  };
}
