import type { OperationOutput } from "#protocol/operations";
import type { Environment } from "../environment.js";
import { exit } from "../exit.js";
import { withSession, type Session } from "../session.js";

type Status = OperationOutput<"sampleDatabase">;

/** `start` stays until Ctrl-C: the database belongs to whoever started it and ends with its last user. */
export async function sample(
  environment: Environment,
  action: "start" | "stop" | "reset" | "status",
  flags: { readonly format: "text" | "json" },
): Promise<number> {
  return withSession(environment, {}, async (session) => {
    const status = await session.run("sampleDatabase", { action });
    if (flags.format === "json") await session.print(JSON.stringify(status, null, 2));
    else if (action !== "stop") await session.print(describe(status));
    if (action === "stop") await sayIfStillRunning(session);
    if (action === "start" || action === "reset") await stayUntilInterrupted(environment, session, action);
    return exit.clean;
  });
}

/** Whoever started it keeps it: another command or an editor. */
async function sayIfStillRunning(session: Session): Promise<void> {
  const { running } = await session.run("sampleDatabase", { action: "status" });
  await session.note(
    running
      ? "The sample database still runs: another command or an editor started it. Press Ctrl-C there, or stop it in the editor."
      : "The sample database does not run.",
  );
}

function describe({ running, dsn, rows, dataDirectory }: Status): string {
  if (!running) return `The sample database does not run here. Its data: ${dataDirectory}`;
  const counted = rows === undefined ? "" : `, ${rows.toLocaleString("en-US")} rows`;
  return `The sample database runs${counted}.\nConnect with: ${dsn ?? ""}\nIts data: ${dataDirectory}`;
}

async function stayUntilInterrupted({ signal }: Environment, session: Session, action: string): Promise<void> {
  if (action === "reset" || signal.aborted) return;
  await session.note("Press Ctrl-C to stop it.");
  await new Promise<void>((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(alive);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
    session.context.sample.onLost(end);
  });
}
