// The host process of the embedded PostgreSQL (dist/embedded.js), and the worker threads that it starts from the same file.
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  const { runHost } = await import("./host.js");
  await runHost(process.argv[2] ?? "", new URL(import.meta.url));
} else {
  const { runBackend } = await import("./backend.js");
  await runBackend();
}
