import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createLock,
  holdsLock,
  judgeLock,
  observe,
  readLock,
  releaseLock,
  removeStale,
  touchLock,
} from "../../../server/src/embedded/lock.js";
import type { Lock, Observation } from "../../../server/src/embedded/lock.js";
import { startFromProc, startOf } from "../../../server/src/embedded/processes.js";

const lock = (changes: Partial<Lock> = {}): Lock => ({
  pid: 4711,
  started: "boot/100",
  hostname: "here",
  port: 5000,
  token: "a".repeat(8),
  ...changes,
});
const seen = (changes: Partial<Observation> = {}): Observation => ({
  control: "refused",
  sameHost: true,
  alive: true,
  started: "boot/100",
  age: 1_000,
  ...changes,
});

const verdicts: [name: string, lock: Lock, seen: Observation, kind: string][] = [
  ["the host answers", lock(), seen({ control: "answers" }), "running"],
  ["the host answers, although its lock looks old", lock(), seen({ control: "answers", age: 1e9 }), "running"],
  ["the process is gone", lock(), seen({ alive: false, started: undefined }), "stale"],
  ["the id was given to another process", lock(), seen({ started: "boot/999" }), "stale"],
  ["the id was given to another process after a reboot", lock(), seen({ started: "other/100" }), "stale"],
  ["the process lives and does not answer", lock(), seen(), "held"],
  ["the process is stopped: its port accepts and is silent", lock(), seen({ control: "silent" }), "held"],
  ["the same, however old its lock is", lock(), seen({ control: "silent", age: 1e9 }), "held"],
  ["start times unknown, recent heartbeat", lock({ started: undefined }), seen({ started: undefined }), "held"],
  ["start times unknown, no heartbeat", lock({ started: undefined }), seen({ started: undefined, age: 61_000 }), "stale"],
  ["another machine, recent heartbeat", lock(), seen({ sameHost: false, alive: false }), "held"],
  ["another machine, no heartbeat", lock(), seen({ sameHost: false, alive: false, age: 61_000 }), "stale"],
];
test.each(verdicts)("a lock is judged: %s", (_name, subject, observation, kind) => {
  expect(judgeLock(subject, observation).kind).toBe(kind);
});

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  path = join(folder, "lock.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("one of two gets the lock, and only that one releases it", () => {
  const [mine, theirs] = [lock({ token: "mine" }), lock({ token: "theirs" })];
  expect(createLock(path, mine)).toBe(true);
  expect(createLock(path, theirs)).toBe(false);
  expect(readLock(path)).toEqual(mine);
  releaseLock(path, "theirs");
  expect(holdsLock(path, "mine")).toBe(true);
  releaseLock(path, "mine");
  expect(readdirSync(folder)).toEqual([]);
});

test("removing a stale lock leaves one alone that was created since it was judged", () => {
  const stale = lock({ token: "stale" });
  createLock(path, stale);
  removeStale(path, stale);
  expect(existsSync(path)).toBe(false);
  createLock(path, lock({ token: "fresh" }));
  removeStale(path, stale);
  expect(readLock(path)).toEqual(lock({ token: "fresh" }));
  removeStale(path, "broken");
  expect(readLock(path)).toEqual(lock({ token: "fresh" }));
  expect(readdirSync(folder)).toEqual(["lock.json"]);
});

test.each([
  ["", "empty"],
  ["{", "cut off"],
  ['{"pid":1}', "incomplete"],
  ["null", "null"],
  ["[]", "a list"],
])("a damaged lock file (%j: %s) is no lock, and can be removed", (text) => {
  writeFileSync(path, text);
  expect(readLock(path)).toBe("broken");
  removeStale(path, "broken");
  expect(existsSync(path)).toBe(false);
  expect(createLock(path, lock())).toBe(true);
});

test("a heartbeat makes the lock young, and tells when it was lost", () => {
  createLock(path, lock());
  utimesSync(path, new Date(0), new Date(0));
  expect(observe(path, lock(), "refused", "here").age).toBeGreaterThan(1e9);
  expect(touchLock(path, lock().token)).toBe(true);
  expect(observe(path, lock(), "refused", "here").age).toBeLessThan(60_000);
  expect(touchLock(path, "other")).toBe(false);
  rmSync(path);
  expect(touchLock(path, lock().token)).toBe(false);
  expect(observe(path, lock(), "refused", "here").age).toBe(Infinity);
});

test("this process is seen alive with its start, an impossible one is not", () => {
  const own = lock({ pid: process.pid, started: startOf(process.pid) });
  expect(judgeLock(own, observe(path, own, "refused", "here", 0)).kind).toBe(own.started === undefined ? "stale" : "held");
  expect(observe(path, lock({ pid: 2 ** 30 }), "refused", "here")).toMatchObject({ alive: false, started: undefined });
  expect(observe(path, lock({ pid: process.pid }), "refused", "elsewhere")).toMatchObject({ alive: false, sameHost: false });
});

test("the start is read after a program name with spaces and parentheses", () => {
  const fields = Array.from({ length: 50 }, (_, i) => String(i + 3)).join(" ");
  expect(startFromProc(`12 (a) b (c)) ${fields}`, "boot\n")).toBe("boot/22");
});
