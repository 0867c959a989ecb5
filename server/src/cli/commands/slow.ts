import type { SlowQueryOrder } from "#protocol/workload";
import { OptimizerError } from "#protocol/failure";
import { slowText } from "../../report/index.js";
import { chooseConnection } from "../connection.js";
import type { ConnectionOptions } from "../connectionOptions.js";
import type { Environment } from "../environment.js";
import { exit } from "../exit.js";
import { withSession } from "../session.js";

export interface SlowFlags extends ConnectionOptions {
  readonly order: SlowQueryOrder;
  readonly limit: number;
  readonly filter?: string;
  readonly format: "text" | "json";
}

export async function slow(environment: Environment, flags: SlowFlags): Promise<number> {
  const connection = await chooseConnection(flags, environment);
  return withSession(environment, { connection }, async (session) => {
    const { order, limit, filter } = flags;
    const id = await session.connect();
    const result = await session.run("slowQueries", { connection: id, order, limit, ...(filter === undefined ? {} : { filter }) });
    if (flags.format === "json") await session.print(JSON.stringify(result, null, 2));
    else if (!result.available)
      throw new OptimizerError({ kind: "database", message: result.reason ?? "There are no statement statistics." });
    else if (result.queries.length === 0) await session.print(filter ? `No statement holds "${filter}".` : "No statement was counted yet.");
    else {
      await session.print(slowText(result.queries, environment.stdout.columns ?? 120, session.style));
      if (result.resetAt) await session.note(session.style.dim(`Counted since ${result.resetAt}; "read" counts blocks of 8 kB.`));
    }
    return exit.clean;
  });
}
