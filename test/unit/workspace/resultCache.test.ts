import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ResultCache } from "../../../server/src/workspace/resultCache.js";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "results-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const result = { findings: ["one"] };
const cache = () => new ResultCache<typeof result>(folder, ["/project"]);
const stored = () => join(folder, readdirSync(folder)[0]!);

async function checkLoad(inputs: string, templates: Readonly<Record<string, string>>, expected: typeof result | undefined): Promise<void> {
  await cache().save(
    "inputs",
    [
      ["/t.html", "h1"],
      ["/gone.html", undefined],
    ],
    result,
  );
  expect(await cache().load(inputs, (path) => templates[path])).toEqual(expected);
}

describe("a kept result", () => {
  const cases: [name: string, inputs: string, templates: Record<string, string>, expected: typeof result | undefined][] = [
    ["holds where nothing has changed", "inputs", { "/t.html": "h1" }, result],
    ["does not hold for other inputs", "others", { "/t.html": "h1" }, undefined],
    ["does not hold where a template has changed", "inputs", { "/t.html": "h2" }, undefined],
    ["does not hold where a template is gone", "inputs", {}, undefined],
    ["does not hold where a template can be read now", "inputs", { "/t.html": "h1", "/gone.html": "h" }, undefined],
  ];
  test.each(cases)("%s", (_name, ...rest) => checkLoad(...rest));

  test.each([
    ["cut off", (text: string) => text.slice(0, -3)],
    ["changed", (text: string) => text.replace("one", "two")],
    ["empty", () => ""],
  ])("that is %s on disk counts as none", async (_name, damage) => {
    await cache().save("inputs", [], result);
    writeFileSync(stored(), damage(readFileSync(stored(), "utf8")));
    expect(await cache().load("inputs", () => undefined)).toBeUndefined();
  });

  test("of another project is another", async () => {
    await cache().save("inputs", [], result);
    expect(await new ResultCache(folder, ["/other"]).load("inputs", () => undefined)).toBeUndefined();
  });

  test("leaves no temporary file", async () => {
    await cache().save("inputs", [], result);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
