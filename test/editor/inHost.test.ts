import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./harness/editions.mjs";
import { startBrowser } from "./harness/page.js";
import { runInHost, type InHostOutcome } from "./harness/inHost.js";
import { startEditor, type EditorServer } from "./harness/server.js";

// The names are known before the run, so that a test that never ran is missed.
const { inHostTests } = createRequire(import.meta.url)("./carrier/tests.js") as {
  inHostTests: () => readonly (readonly [string, unknown])[];
};
const names = inHostTests().map(([name]) => name);

let server: EditorServer | undefined;
let outcome: InHostOutcome;

beforeAll(async () => {
  server = await startEditor({ project: join(root, "media/sample"), inHost: true });
  const browser = await startBrowser();
  try {
    outcome = await runInHost(browser, server, join(import.meta.dirname, "carrier"));
  } finally {
    await browser.close();
  }
  const { activationMs, templateEditMs, templateEditWorstMs } = outcome.figures;
  console.log(`Activation: ${activationMs} ms`);
  console.log(`An edit in a template, to its findings: ${templateEditMs} ms, ${templateEditWorstMs} ms at worst`);
  const results = join(import.meta.dirname, "../../out/test-results");
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, "activation.json"), JSON.stringify(outcome.figures));
});
afterAll(() => server?.stop());

test("the run came to its end", () => {
  expect(names.length).toBeGreaterThan(0);
  expect(outcome.tests.map(({ name }) => name)).toEqual(names);
  expect(outcome.complete).toBe(true);
});

test.each(names)("in the extension host: %s", (name) => {
  const ran = outcome.tests.find((one) => one.name === name);
  expect(ran, "it did not run").toBeDefined();
  expect(ran?.error).toBeUndefined();
});
