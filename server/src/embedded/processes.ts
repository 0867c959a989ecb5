import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a process with this id exists; one that belongs to somebody else does. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * When the process started, in a form that is only compared: a process id is used again, a pair of id and start is not.
 * Undefined where the system does not tell.
 */
export function startOf(pid: number, platform: NodeJS.Platform = process.platform): string | undefined {
  try {
    if (platform === "linux")
      return startFromProc(readFileSync(`/proc/${pid}/stat`, "utf8"), readFileSync("/proc/sys/kernel/random/boot_id", "utf8"));
    if (platform === "win32") return undefined;
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", timeout: 5000 }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Field 22 counts ticks since boot; the program's name before it may hold spaces and parentheses. */
export function startFromProc(stat: string, bootId: string): string | undefined {
  const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  return ticks && `${bootId.trim()}/${ticks}`;
}
