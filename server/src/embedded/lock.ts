import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { isAlive, startOf } from "./processes.js";

/**
 * Written by the host once its control port listens, removed as the last thing before that port closes. It is only ever created
 * exclusively or moved away whole, so that two hosts cannot both believe to have it.
 */
export interface Lock {
  readonly pid: number;
  /** `startOf(pid)`; absent where the system does not tell. */
  readonly started?: string;
  readonly hostname: string;
  /** Control port on the loopback interface. */
  readonly port: number;
  /** Random; proves that the answering process wrote this lock. */
  readonly token: string;
}

/** A living host touches its lock this often; one untouched for `abandonedMs` has no living host. */
export const heartbeatMs = 5_000;
export const abandonedMs = 60_000;

/** What can be seen of a lock's writer from here. */
export interface Observation {
  /** `answers`: proved the token; `silent`: the port accepts and says nothing; `refused`: nobody or a stranger is there. */
  readonly control: "answers" | "silent" | "refused";
  readonly sameHost: boolean;
  readonly alive: boolean;
  readonly started?: string;
  /** Milliseconds since the last heartbeat. */
  readonly age: number;
}

export type Verdict = { kind: "running" } | { kind: "stale"; why: string } | { kind: "held"; why: string };

export function judgeLock(lock: Lock, seen: Observation): Verdict {
  if (seen.control === "answers") return { kind: "running" };
  const beats = seen.age < abandonedMs;
  if (!seen.sameHost) {
    return beats
      ? { kind: "held", why: `a process on the machine "${lock.hostname}" has it open` }
      : { kind: "stale", why: `its process on "${lock.hostname}" has not been heard of for ${Math.round(seen.age / 1000)} s` };
  }
  if (!seen.alive) return { kind: "stale", why: `process ${lock.pid} is gone` };
  if (lock.started && seen.started && lock.started !== seen.started) {
    return { kind: "stale", why: `the id ${lock.pid} belongs to another process now` };
  }
  const known = lock.started !== undefined && seen.started !== undefined;
  if (!known && !beats) return { kind: "stale", why: `process ${lock.pid} has not been heard of for ${Math.round(seen.age / 1000)} s` };
  return { kind: "held", why: `process ${lock.pid} has it open and does not answer` };
}

/** Undefined when there is no lock. A lock that cannot be read was cut off while it was written: nobody listens behind it. */
export function readLock(path: string): Lock | "broken" | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const lock = JSON.parse(text) as Partial<Lock>;
    const whole =
      Number.isInteger(lock.pid) && Number.isInteger(lock.port) && typeof lock.token === "string" && typeof lock.hostname === "string";
    return whole ? (lock as Lock) : "broken";
  } catch {
    return "broken";
  }
}

/** What this process sees of a lock's writer, apart from what its port says. */
export function observe(path: string, lock: Lock, control: Observation["control"], hostname: string, now = Date.now()): Observation {
  const sameHost = lock.hostname === hostname;
  let age = Infinity;
  try {
    age = now - statSync(path).mtimeMs;
  } catch {
    // Removed meanwhile: as old as can be.
  }
  return { control, sameHost, alive: sameHost && isAlive(lock.pid), started: sameHost ? startOf(lock.pid) : undefined, age };
}

/** @returns false when another host was quicker */
export function createLock(path: string, lock: Lock): boolean {
  // Written aside and linked, so that a lock is never seen half written.
  const aside = `${path}.${lock.token}`;
  writeFileSync(aside, JSON.stringify(lock), { mode: 0o600 });
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    return createWithoutLinks(path, lock);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** File systems without hard links (FAT, some network shares). */
function createWithoutLinks(path: string, lock: Lock): boolean {
  try {
    writeFileSync(path, JSON.stringify(lock), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Moves a stale lock out of the way. Somebody else may have done so and locked anew since it was judged: what was moved is looked at,
 * and put back if it is not the stale one.
 */
export function removeStale(path: string, stale: Lock | "broken"): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = readLock(aside);
  if (moved !== undefined && moved !== "broken" && (stale === "broken" || moved.token !== stale.token)) createLock(path, moved);
  rmSync(aside, { force: true });
}

export function holdsLock(path: string, token: string): boolean {
  const lock = readLock(path);
  return lock !== undefined && lock !== "broken" && lock.token === token;
}

/** @returns false when the lock is no longer ours: whoever sees that must stop touching the data at once */
export function touchLock(path: string, token: string, now = new Date()): boolean {
  if (!holdsLock(path, token)) return false;
  utimesSync(path, now, now);
  return true;
}

export function releaseLock(path: string, token: string): void {
  if (holdsLock(path, token)) rmSync(path, { force: true });
}
