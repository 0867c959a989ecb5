// Runs a command in a process group of its own and ends the whole group when the pipe to its parent closes: whatever becomes of the
// tests, no server stays behind. Arguments: time limit in seconds, command, arguments.
import { spawn } from "node:child_process";

const [limit, command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], detached: true });

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  signal("SIGTERM");
  setTimeout(() => {
    signal("SIGKILL");
    process.exit(0);
  }, 3000);
}
function signal(name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group is gone.
  }
}

child.on("exit", (code) => {
  signal("SIGKILL");
  process.exit(code ?? 0);
});
process.stdin.on("end", end).on("error", end).resume();
process.on("SIGTERM", end).on("SIGINT", end);
setTimeout(end, Number(limit) * 1000).unref();
