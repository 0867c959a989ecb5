// Runs a command to its end and reports wall time and the peak of its resident memory, worker threads included (Linux: VmHWM).
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

function peakMegabytes(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // ended, or no /proc
  }
}

/** @returns {Promise<{ seconds: number, megabytes: number, status: number | null, stdout: string }>} */
export function measure(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
    const chunks = [];
    let megabytes = 0;
    const sample = setInterval(() => (megabytes = Math.max(megabytes, peakMegabytes(child.pid))), 20);
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => {
      clearInterval(sample);
      resolve({ seconds: (performance.now() - started) / 1000, megabytes, status, stdout: Buffer.concat(chunks).toString("utf8") });
    });
  });
}

/** Nearest-rank percentile. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}
