import { appendFileSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FactsCache } from "../../../server/src/workspace/facts/cache.js";
import { makeTree } from "./tree.js";

const facts = new Map([
  ["hash1", '{"a":1}'],
  ["hash2", '{"text":"with spaces and \\n escapes"}'],
]);

async function filled(): Promise<{ directory: string; file: string; cache: FactsCache }> {
  const directory = join(makeTree({}), "cache");
  const cache = new FactsCache(directory, "v1", ["/project"]);
  await cache.save(facts);
  return { directory, file: join(directory, readdirSync(directory)[0]!), cache };
}

test("what was saved is loaded", async () => {
  const { cache } = await filled();
  expect(await cache.load()).toEqual(facts);
});

test("nothing is loaded for another engine or another project", async () => {
  const { directory } = await filled();
  expect(await new FactsCache(directory, "v2", ["/project"]).load()).toEqual(new Map());
  expect(await new FactsCache(directory, "v1", ["/other"]).load()).toEqual(new Map());
});

const damages: [name: string, damage: (file: string) => void][] = [
  ["cut short", (file) => writeFileSync(file, readFileSync(file, "utf8").slice(0, -5))],
  ["lengthened", (file) => appendFileSync(file, "x")],
  ["one bit changed", (file) => writeFileSync(file, readFileSync(file, "utf8").replace('"a":1', '"a":3'))],
  ["emptied", (file) => writeFileSync(file, "")],
  ["no text", (file) => writeFileSync(file, Buffer.from([0xff, 0xfe, 0, 1]))],
];
test.each(damages)("a damaged file is no file: %s", async (_name, damage) => {
  const { cache, file } = await filled();
  damage(file);
  expect(await cache.load()).toEqual(new Map());
});

test("a temporary file that a killed process left is removed, a fresh one is not", async () => {
  const { cache, directory, file } = await filled();
  const old = `${file}.1.1.tmp`;
  writeFileSync(old, "x");
  utimesSync(old, new Date(0), new Date(0));
  writeFileSync(`${file}.2.2.tmp`, "x");
  await cache.save(facts);
  expect(readdirSync(directory).filter((name) => name.endsWith(".tmp"))).toEqual([`${file.slice(directory.length + 1)}.2.2.tmp`]);
});
