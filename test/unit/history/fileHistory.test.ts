import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fileHistory, statisticsOf, type Bounds, type NewRun } from "../../../server/src/history/index.js";
import { makeTree } from "../workspace/tree.js";

const run = (minute: number, more: Partial<NewRun> = {}): NewRun => ({
  ...{ key: "select 1", sql: "SELECT 1", parameters: [], genericPlan: false, analyzed: true, executionTimeMs: minute, cost: 1, shape: "a" },
  connection: { id: "1", name: "Sample", target: "embedded" },
  time: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  ...more,
});

function open(bounds?: Bounds) {
  const directory = join(makeTree({}), "history");
  return { directory, history: fileHistory(directory, bounds) };
}

describe("runs are kept in files", () => {
  test("newest first, of one statement or of all, with their plans", async () => {
    const { history } = open();
    await history.add(run(2), "plan two", 10);
    await history.add(run(1), "plan one", 10);
    await history.add(run(3, { key: "other" }), "plan three", 10);
    expect((await history.list()).map(({ executionTimeMs }) => executionTimeMs)).toEqual([3, 2, 1]);
    const runs = await history.list("select 1");
    expect(runs.map(({ executionTimeMs }) => executionTimeMs)).toEqual([2, 1]);
    expect(await Promise.all(runs.map(({ id }) => history.plan(id)))).toEqual(["plan two", "plan one"]);
  });

  test("they are there for the next process", async () => {
    const { directory, history } = open();
    const kept = await history.add(run(1, { parameters: ["ü", null] }), "plan", 10);
    expect(await fileHistory(directory).list()).toEqual([kept]);
  });

  test("nobody else may read them", async () => {
    const { directory, history } = open();
    await history.add(run(1), "plan", 10);
    expect(statSync(directory).mode & 0o077).toBe(0);
    expect(readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o077)).toEqual([0, 0]);
  });

  test("nothing is kept where none shall be", async () => {
    const { directory, history } = open();
    expect(await history.add(run(1), "plan", 0)).toBeUndefined();
    expect(await history.list()).toEqual([]);
    expect(() => statSync(directory)).toThrow();
  });
});

describe("bounds", () => {
  test("of one statement the oldest go", async () => {
    const { directory, history } = open();
    await history.add(run(9, { key: "other" }), "plan", 2);
    for (const minute of [1, 2, 3]) await history.add(run(minute), "plan", 2);
    expect((await history.list()).map(({ executionTimeMs }) => executionTimeMs)).toEqual([9, 3, 2]);
    expect(readdirSync(directory)).toHaveLength(6);
  });

  test("of all statements, too", async () => {
    const { history } = open({ runs: 3, bytes: 1e9 });
    for (const minute of [1, 2, 3, 4]) await history.add(run(minute, { key: `s${minute}` }), "plan", 5);
    expect((await history.list()).map(({ executionTimeMs }) => executionTimeMs)).toEqual([4, 3, 2]);
  });

  test("by size, but the newest stays", async () => {
    const { history } = open({ runs: 100, bytes: 60 });
    for (const minute of [1, 2, 3]) await history.add(run(minute), "plan", 5);
    expect((await history.list()).map(({ executionTimeMs }) => executionTimeMs)).toEqual([3, 2]);
    await history.add(run(4), Array.from({ length: 999 }, (_, i) => i).join(), 5);
    expect((await history.list()).map(({ executionTimeMs }) => executionTimeMs)).toEqual([4]);
  });
});

describe("deleting", () => {
  test("some, and all", async () => {
    const { directory, history } = open();
    for (const minute of [1, 2, 3]) await history.add(run(minute), "plan", 5);
    const [newest] = await history.list();
    expect(await history.remove([newest!.id, newest!.id])).toBe(1);
    expect(await history.plan(newest!.id)).toBeUndefined();
    expect((await history.list()).map(({ executionTimeMs }) => executionTimeMs)).toEqual([2, 1]);
    expect(await history.clear()).toBe(2);
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each(["../secret", "..", "", "0123456789abcdef-20260101000100000-0123456789"])("%j is no run", async (id) => {
    const { directory, history } = open();
    mkdirSync(directory);
    for (const end of ["json", "plan.gz"]) writeFileSync(join(directory, `../secret.${end}`), "{}");
    expect(await history.remove([id])).toBe(0);
    expect(await history.plan(id)).toBeUndefined();
    expect(statSync(join(directory, "../secret.json")).isFile()).toBe(true);
  });
});

describe("what is damaged is no run", () => {
  test("a torn summary, a torn plan", async () => {
    const { directory, history } = open();
    const kept = (await history.add(run(1), "plan", 5))!;
    writeFileSync(join(directory, `${kept.id}.plan.gz`), "torn");
    expect(await history.plan(kept.id)).toBeUndefined();
    writeFileSync(join(directory, `${kept.id}.json`), '{"id":');
    expect(await history.list()).toEqual([]);
    expect(await history.clear()).toBe(1);
  });

  test("a folder that cannot be made is told", async () => {
    const directory = makeTree({ file: "" });
    chmodSync(join(directory, "file"), 0o600);
    await expect(fileHistory(join(directory, "file")).add(run(1), "plan", 5)).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});

describe("repeats", () => {
  const kept = (times: readonly number[], more: Partial<NewRun> = {}) =>
    times.map((time) => ({ id: "x", ...run(1, { executionTimeMs: time, ...more }) }));
  const [one] = kept([5]);

  test("median, quartiles and extremes", () => {
    expect(statisticsOf(one!, kept([5, 1, 2, 9, 3]))).toEqual({
      ...{ runs: 5, medianMs: 3, lowerQuartileMs: 2, upperQuartileMs: 5, lowestMs: 1, highestMs: 9 },
    });
    expect(statisticsOf(one!, kept([4, 1]))).toMatchObject({ runs: 2, medianMs: 2.5 });
  });

  test("a single run has none", () => expect(statisticsOf(one!, kept([5]))).toBeUndefined());

  const others: Partial<NewRun>[] = [
    { shape: "b" },
    { parameters: ["1"] },
    { analyzed: false },
    { key: "other" },
    { connection: { id: "1", name: "x", target: "elsewhere" } },
  ];
  test.each(others)("%j is no repeat", (more) => {
    expect(statisticsOf(one!, [...kept([5, 7]), ...kept([100], more)])).toMatchObject({ runs: 2, highestMs: 7 });
  });
});
