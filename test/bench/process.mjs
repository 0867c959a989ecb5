// Runs a command to its end and reports wall time, CPU time and the peak of its resident memory, threads included (Linux: /proc).
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

function peakMegabytes(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // ended, or no /proc
  }
}

/** CPU time of a process with all its threads, and of the children it has waited for (Linux: clock ticks of 10 ms). */
function cpuSeconds(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [user, system, childUser, childSystem] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 15)
      .map(Number);
    return (user + system + childUser + childSystem) / 100;
  } catch {
    return 0; // ended, or no /proc
  }
}

/** @returns {Promise<{ seconds: number, cpuSeconds: number, megabytes: number, status: number | null, stdout: string }>} */
export function measure(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
    const chunks = [];
    let megabytes = 0;
    let cpu = 0;
    const sample = setInterval(() => {
      megabytes = Math.max(megabytes, peakMegabytes(child.pid));
      cpu = Math.max(cpu, cpuSeconds(child.pid));
    }, 20);
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      clearInterval(sample);
      const seconds = (performance.now() - started) / 1000;
      resolve({ seconds, cpuSeconds: cpu, megabytes, status, stdout: Buffer.concat(chunks).toString("utf8") });
    });
  });
}

/** Nearest-rank percentile. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}
