import { OptimizerError } from "#protocol/failure";
import type { Backend } from "../backend.js";

/**
 * Reads something that a role may not be allowed to see, or that a lock may hold back, without losing the transaction.
 * Only what the server refuses is given up; a broken connection or a cancel is not.
 */
export async function optional<T>(backend: Backend, read: () => Promise<T>, instead: (why: string) => T): Promise<T> {
  await backend.query("SAVEPOINT db_optimize");
  try {
    const result = await read();
    await backend.query("RELEASE SAVEPOINT db_optimize");
    return result;
  } catch (error) {
    if (!(error instanceof OptimizerError) || error.failure.kind !== "database") throw error;
    await backend.query("ROLLBACK TO SAVEPOINT db_optimize");
    return instead(error.failure.message);
  }
}
