import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./harness/editions.mjs";
import { startEditor } from "./harness/server.js";

test("an editor that is stopped leaves neither a server nor files behind", async () => {
  const server = await startEditor({ project: join(root, "media/sample") });
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);
  expect(existsSync(join(server.folder, "pyproject.toml"))).toBe(true);
  await server.stop();
  await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();
  expect(existsSync(server.folder)).toBe(false);
});
