import { beforeAll, describe, expect, it } from "vitest";
import type { Fix } from "../../../server/src/protocol/finding.js";
import { targets, workMemory } from "../../../server/src/analyzers/optimize/config/formulas.js";
import { configTuner } from "../../../server/src/analyzers/optimize/configTuner.js";
import { indexAdvisor } from "../../../server/src/analyzers/optimize/indexAdvisor.js";
import { queryRewriter } from "../../../server/src/analyzers/optimize/queryRewriter.js";
import { initSql } from "../../../server/src/sql/index.js";
import { finding } from "./finding.js";
import { catalog, context, fakeSession, scanPlan, snapshot, statement, table } from "./fakes.js";

beforeAll(() => initSql());

const MB = 1024 ** 2;
const GB = 1024 ** 3;
const around = { maxConnections: 100, maxWorkerProcesses: 8, databaseBytes: GB };

describe("formulas", () => {
  const of = (machine: Parameters<typeof targets>[0]) =>
    Object.fromEntries(targets(machine, around).map(({ name, value }) => [name, value]));

  it("follow what is known of the machine, and no more", () => {
    expect(of({})).toEqual({});
    expect(of({ storage: "nvme" })).toEqual({ random_page_cost: 1.1, effective_io_concurrency: 1000 });
    expect(of({ cpus: 8, purpose: "dw" })).toEqual({
      max_worker_processes: 8,
      max_parallel_workers: 8,
      max_parallel_workers_per_gather: 4,
    });
    expect(of({ cpus: 2, purpose: "web" })).toEqual({ jit: "off" });
    expect(of({ memoryBytes: 16 * GB })).toMatchObject({ shared_buffers: 4 * GB, effective_cache_size: 12 * GB, maintenance_work_mem: GB });
  });

  it.each([
    ["web", 12 * GB, 49.3],
    ["dw", 12 * GB, 24.65],
    ["desktop", 12 * GB, 8.2],
  ] as const)("work_mem for %s", (purpose, rest, megabytes) => {
    expect(workMemory(16 * GB, 16 * GB - rest, purpose, around) / MB).toBeCloseTo(megabytes, 1);
  });

  it("work_mem is never below 4 MB, and less where the database does not fit", () => {
    expect(workMemory(GB / 4, GB / 16, "web", { ...around, maxConnections: 1000 })).toBe(4 * MB);
    const large = workMemory(16 * GB, 4 * GB, "web", { ...around, databaseBytes: 100 * GB });
    expect(large / workMemory(16 * GB, 4 * GB, "web", around)).toBeCloseTo(0.9 / 1.3);
  });
});

describe("settings", () => {
  const usual = {
    shared_buffers: ["524288", "8kB"],
    work_mem: ["4096", "kB"],
    maintenance_work_mem: ["1048576", "kB"],
    effective_cache_size: ["1572864", "8kB"],
    max_connections: "100",
  } as const;
  const run = async (settings: Record<string, string | readonly [string, string]>, machine?: object) => {
    const given = Object.fromEntries(
      Object.entries({ ...usual, ...settings }).map(([name, value]) => [
        name,
        typeof value === "string" ? value : ([...value] as [string, string]),
      ]),
    );
    return configTuner.run(context({ session: fakeSession({ settings: given }), ...(machine ? { machine } : {}) }));
  };
  const titles = async (...given: Parameters<typeof run>) => (await run(...given)).recommendations?.map(({ title }) => title);

  it.each<[string, Record<string, string | [string, string]>, object | undefined, string[]]>([
    ["nothing to say", {}, undefined, []],
    ["data at risk", { fsync: "off", autovacuum: "off" }, undefined, ["fsync is off", "autovacuum is off"]],
    ["planner methods", { enable_seqscan: "off" }, undefined, ["Planner methods are switched off for everybody: enable_seqscan"]],
    [
      "a cache that is smaller than its part",
      { effective_cache_size: ["1000", "8kB"] },
      undefined,
      ["effective_cache_size is smaller than shared_buffers"],
    ],
    [
      "workers that cannot start",
      { max_parallel_workers: "16", max_worker_processes: "8" },
      undefined,
      ["max_parallel_workers exceeds max_worker_processes"],
    ],
    ["the machine has what they say", {}, { memoryBytes: 16 * GB }, ["work_mem: 4.0 MB → 23MB"]],
  ])("%s", async (_, settings, machine, expected) => {
    expect(await titles(settings, machine)).toEqual(expected);
  });

  it("adds up what the settings allow to be used at once", async () => {
    // 4 GB + 100 × 256 MB + 3 × 1 GB of 16 GB.
    const { recommendations } = await run({ work_mem: ["262144", "kB"] }, { memoryBytes: 16 * GB });
    expect(recommendations?.[0]).toMatchObject({ title: "The settings allow 200 % of the memory to be used", severity: "error" });
  });

  it("leaves the sample database alone", async () => {
    const session = { ...fakeSession({ settings: { fsync: "off" } }), profile: { ...fakeSession().profile, class: "sample" as const } };
    expect((await configTuner.run(context({ session }))).recommendations).toBeUndefined();
  });

  it("says what it could not compare", async () => {
    expect((await run({})).notes?.[0]).toContain("memory, CPUs, storage");
    expect((await run({}, { memoryBytes: 16 * GB, cpus: 2, storage: "ssd" })).notes).toEqual([]);
  });
});

describe("rewrites", () => {
  const fix: Fix = {
    title: "Use NOT EXISTS",
    applicability: "unsafe",
    edits: [{ file: "q.sql", range: { line: 1, column: 1, endLine: 1, endColumn: 2 }, newText: "x" }],
  };
  const run = (after: number, more: object = {}) =>
    queryRewriter.run(
      context({
        project: () =>
          Promise.resolve({
            findings: [finding({ rule: "not-in-subquery", fixes: [fix] }), finding({ id: "f2" })],
            files: 1,
            catalog: catalog(),
          }),
        session: fakeSession({ explain: (sql) => scanPlan("t", { "Total Cost": sql === "after" ? after : 4000 }) }),
        statementOf: (_, given) => Promise.resolve(given ? "after" : "before"),
        ...more,
      }),
    );

  it("are advised with both costs", async () => {
    const { recommendations } = await run(10);
    expect(recommendations).toHaveLength(1);
    expect(recommendations?.[0]).toMatchObject({
      kind: "rewrite",
      applicability: "unsafe",
      edits: fix.edits,
      evidence: { level: "planner" },
    });
    expect(recommendations?.[0]?.evidence.facts.at(-1)).toContain("4,000 → 10");
  });

  it("are left out where they lose", async () => {
    const { recommendations, summary } = await run(4100);
    expect(recommendations).toEqual([]);
    expect(summary).toContain("1 left out");
  });

  it("may need an index to win, and then say which", async () => {
    const explain = (sql: string) => scanPlan("t", { Filter: sql === "after" ? "(a > $1)" : "(date(a) = $1)" });
    const session = fakeSession({ explain, cost: (sql) => (sql === "after" ? 40 : undefined) });
    const { recommendations } = await run(0, { session, catalog: () => Promise.resolve(catalog(table("t", ["id", "a"]))) });
    expect(recommendations?.[0]?.evidence.facts.at(-1)).toContain('together with CREATE INDEX CONCURRENTLY "ix_t_a"');
  });

  it("are no merit where the old text could use that index too", async () => {
    const session = fakeSession({ explain: () => scanPlan("t", { Filter: "(a > $1)" }), cost: () => 40 });
    const { recommendations } = await run(0, { session, catalog: () => Promise.resolve(catalog(table("t", ["id", "a"]))) });
    expect(recommendations).toEqual([]);
  });

  it("stand on the code alone without a database", async () => {
    const { recommendations } = await run(10, { withSession: undefined });
    expect(recommendations?.[0]?.evidence.level).toBe("code");
  });
});

describe("index advisor", () => {
  it("turns suggestions into recommendations", async () => {
    const session = fakeSession({ explain: () => scanPlan("t", { Filter: "(a = $1)" }), cost: () => 40 });
    const { recommendations, indexes, summary } = await indexAdvisor.run(
      context({
        session,
        catalog: () => Promise.resolve(catalog(table("t", ["id", "a"]))),
        workload: () => Promise.resolve(snapshot([statement("q")])),
      }),
    );
    expect(recommendations?.[0]).toMatchObject({
      kind: "index",
      title: "Index on t (a)",
      severity: "warning",
      action: expect.stringContaining("CREATE INDEX CONCURRENTLY"),
    });
    expect(recommendations?.[0]?.index?.proof.method).toBe("hypopg");
    expect(indexes?.map(({ name }) => name)).toEqual(["ix_t_a"]);
    expect(summary).toBe("1 statement planned: 1 proved index.");
  });
});
