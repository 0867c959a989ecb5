import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { hostname } from "node:os";
import { assetsFolder, definitionFolder } from "./assets.js";
import { lockedExitCode, type HostMessage } from "./control.js";
import { Engine } from "./engine.js";
import { layout } from "./layout.js";
import { createLock, heartbeatMs, holdsLock, releaseLock, touchLock, type Lock } from "./lock.js";
import { Owners } from "./owners.js";
import { startOf } from "./processes.js";

/**
 * Runs until its last owner has gone. Its own thread never blocks, whatever a statement does: it keeps the lock, hears its owners and can
 * end the backend at any time.
 */
export async function runHost(dataDirectory: string, script: URL): Promise<void> {
  mkdirSync(dataDirectory, { recursive: true });
  const { lock: lockPath, database, unfinished, marker } = layout(dataDirectory);
  const token = randomBytes(24).toString("hex");
  const control = await listen((socket) => owners.accept(socket));
  const clients = await listen((socket) => engine.gate.accept(socket));

  const paths = { database, unfinished, marker, assets: assetsFolder(), definition: definitionFolder() };
  const log = (line: string): void => {
    console.log(`${new Date().toISOString()} ${line}`);
    owners.broadcast({ type: "log", line });
  };
  const engine = new Engine(script, paths, portOf(clients), {
    state: (state) => owners.broadcast({ type: "state", state }),
    progress: (message, share) => owners.broadcast({ type: "progress", message, share }),
    log,
  });
  const greeting = (): HostMessage[] => [
    { type: "hello", pid: process.pid },
    { type: "state", state: engine.state },
  ];
  const shutdown = once(async () => {
    owners.refuse();
    clients.close();
    await engine.shutdown();
    clearInterval(heartbeat);
    releaseLock(lockPath, token);
    // Only now may somebody else find that nobody answers here.
    owners.close();
    control.close();
    process.exit(0);
  });
  const owners = new Owners(token, greeting, (message) => (message.type === "reset" ? engine.reset() : engine.restart()), shutdown);

  const lock: Lock = { pid: process.pid, started: startOf(process.pid), hostname: hostname(), port: portOf(control), token };
  if (!(await acquire(lockPath, lock))) process.exit(lockedExitCode);
  const heartbeat = setInterval(() => {
    if (touchLock(lockPath, token)) return;
    // Somebody took the lock away: better no server than two on one directory.
    console.error("The lock file is gone or belongs to another process.");
    process.exit(lockedExitCode);
  }, heartbeatMs);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, shutdown);
  engine.start();
}

/** Two that removed one stale lock at the same moment both may have created theirs; a moment later only one file is there. */
async function acquire(path: string, lock: Lock): Promise<boolean> {
  if (!createLock(path, lock)) return false;
  await new Promise((resolve) => setTimeout(resolve, 100));
  return holdsLock(path, lock.token);
}

function listen(onSocket: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(onSocket);
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function once(run: () => Promise<void>): () => void {
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    void run();
  };
}
