import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileTrust } from "../../../server/src/database/index.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "trust-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("trust outlives the process, and holds for one definition on one connection", () => {
  const file = join(folder, "deep", "trust.json");
  fileTrust(file, () => undefined).add("shop", "a1");
  const again = fileTrust(file, () => undefined);
  expect([again.has("shop", "a1"), again.has("shop", "a2"), again.has("other", "a1")]).toEqual([true, false, false]);
});

test.each(["", "{", "[]", '{"shop": "a1"}', '{"shop": [1]}'])("a damaged file trusts nothing and says so: %s", (contents) => {
  const file = join(folder, "damaged.json");
  writeFileSync(file, contents);
  const lines: string[] = [];
  const store = fileTrust(file, (line) => lines.push(line));
  expect(store.has("shop", "a1")).toBe(false);
  expect(lines.join()).toContain("None is trusted.");
  store.add("shop", "a3");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ shop: ["a3"] });
});

test("a place that cannot be written costs only the memory", () => {
  writeFileSync(join(folder, "file"), "");
  const lines: string[] = [];
  const store = fileTrust(join(folder, "file", "trust.json"), (line) => lines.push(line));
  store.add("shop", "a1");
  expect(store.has("shop", "a1")).toBe(true);
  expect(lines.at(-1)).toContain("were not kept");
});
