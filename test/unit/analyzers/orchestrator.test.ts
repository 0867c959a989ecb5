import { describe, expect, it } from "vitest";
import { AnalyzerName, Report, type Recommendation } from "../../../server/src/protocol/report.js";
import { OptimizerError } from "../../../server/src/protocol/failure.js";
import {
  analyzers,
  orchestrate,
  selectAnalyzers,
  type Analyzer,
  type AnalyzerResult,
  type Orchestration,
} from "../../../server/src/analyzers/index.js";
import { recommend } from "../../../server/src/analyzers/support.js";
import { finding } from "./finding.js";
import { catalog, context, fakeSession, snapshot } from "./fakes.js";

const focuses = ["profile", "fix-n1", "indexes", "full"] as const;

describe("selection", () => {
  it.each(focuses)("%s: 3, 5, 7, 9, all, each depth with all of the one before", (focus) => {
    const chosen = [1, 2, 3, 4, 5].map((depth) => selectAnalyzers(focus, depth).names);
    expect(chosen.map((names) => new Set(names).size)).toEqual([3, 5, 7, 9, 11]);
    chosen.slice(1).forEach((names, position) => expect(names).toEqual(expect.arrayContaining([...(chosen[position] ?? [])])));
  });

  it.each([
    ["profile", 1, "queryProfiler"],
    ["fix-n1", 2, "nPlusOneDetector"],
    ["indexes", 2, "indexAdvisor"],
    ["full", 5, "migrationBuilder"],
  ] as const)("%s means depth %d", (focus, depth, member) => {
    const selection = selectAnalyzers(focus);
    expect(selection.depth).toBe(depth);
    expect(selection.names).toContain(member);
  });

  it("all eleven exist under their names", () => {
    expect(Object.keys(analyzers).sort()).toEqual([...AnalyzerName.options].sort());
    for (const [name, analyzer] of Object.entries(analyzers)) expect(analyzer.name).toBe(name);
  });
});

/** All eleven as fakes that only note that they ran. */
function fakes(run: Partial<Record<AnalyzerName, Analyzer["run"]>>, log: string[] = []): Record<AnalyzerName, Analyzer> {
  const entries = Object.values(analyzers).map((analyzer): [AnalyzerName, Analyzer] => {
    const usual = (): Promise<AnalyzerResult> => Promise.resolve({ summary: analyzer.name });
    return [
      analyzer.name,
      {
        ...analyzer,
        needs: [],
        run: async (given) => {
          log.push(`+${analyzer.name}`);
          await Promise.resolve();
          const result = await (run[analyzer.name] ?? usual)(given);
          log.push(`-${analyzer.name}`);
          return result;
        },
      },
    ];
  });
  return Object.fromEntries(entries) as Record<AnalyzerName, Analyzer>;
}

const run = (more: Partial<Orchestration>) =>
  orchestrate({ focus: "full", context: context(), progress: () => undefined, now: () => new Date(0), analyzers: fakes({}), ...more });

describe("orchestrator", () => {
  it("runs phases one after the other and their members side by side", async () => {
    const log: string[] = [];
    await run({ analyzers: fakes({}, log) });
    expect(log.slice(0, 3).map((entry) => entry[0])).toEqual(["+", "+", "+"]);
    const position = (entry: string) => log.indexOf(entry);
    expect(position("-schemaAnalyzer")).toBeLessThan(position("+nPlusOneDetector"));
    expect(position("-indexAdvisor")).toBeLessThan(position("+migrationBuilder"));
  });

  it("hands earlier results on, of earlier phases only", async () => {
    let seen: string[] = [];
    await run({ analyzers: fakes({ indexAdvisor: ({ earlier }) => Promise.resolve({ summary: String((seen = [...earlier.keys()])) }) }) });
    expect(seen).toEqual(expect.arrayContaining(["queryProfiler", "slowQueryAnalyzer"]));
    expect(seen).not.toContain("configTuner");
  });

  it("one that fails stops nobody, and says why", async () => {
    const report = await run({
      analyzers: fakes({
        queryProfiler: () => Promise.reject(new OptimizerError({ kind: "database", message: "Permission denied.", advice: "GRANT it." })),
        indexScanner: () => Promise.reject(new TypeError("oops")),
      }),
    });
    const failed = report.analyzers.filter(({ status }) => status === "failed").map(({ reason }) => reason);
    expect(failed).toEqual(["Permission denied. GRANT it.", "Internal error: oops"]);
    expect(report.analyzers.filter(({ status }) => status === "done")).toHaveLength(9);
    expect(Report.parse(report)).toEqual(report);
  });

  it("skips what lacks its ground, with the reason", async () => {
    const report = await orchestrate({ focus: "full", context: context(), progress: () => undefined, now: () => new Date(0) });
    const reasons = Object.fromEntries(report.analyzers.map(({ analyzer, status, reason }) => [analyzer, reason ?? status]));
    expect(reasons).toMatchObject({
      queryProfiler: "No connection was given.",
      indexAdvisor: "No connection was given.",
      nPlusOneDetector: "There are no project files to look at.",
      schemaAnalyzer: "done",
      migrationBuilder: "done",
    });
    const missing = snapshot([], { available: false, reason: "Load pg_stat_statements." });
    const blind = await orchestrate({
      focus: "indexes",
      context: context({ session: fakeSession(), workload: () => Promise.resolve(missing) }),
      progress: () => undefined,
      now: () => new Date(0),
    });
    expect(blind.analyzers.find(({ analyzer }) => analyzer === "indexAdvisor")).toMatchObject({
      status: "skipped",
      reason: "Load pg_stat_statements.",
    });
  });

  it("is cancelled as a whole", async () => {
    const abort = new AbortController();
    const log: string[] = [];
    const cancel = (): Promise<AnalyzerResult> => {
      abort.abort();
      return Promise.reject(new Error("statement cancelled"));
    };
    const cancelled = run({ context: context({ signal: abort.signal }), analyzers: fakes({ queryProfiler: cancel }, log) });
    await expect(cancelled).rejects.toThrow();
    expect(log).not.toContain("+nPlusOneDetector");
  });

  it("reports progress by analyzers that have ended", async () => {
    const shares: number[] = [];
    await run({ progress: (_, share) => shares.push(share ?? -1) });
    expect(shares[0]).toBe(0);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    expect(shares.every((share) => share < 1)).toBe(true);
  });

  it("says a thing once, with the stronger evidence, the worst first", async () => {
    const same = (level: Recommendation["evidence"]["level"], fact: string) =>
      recommend({ id: "index-1", kind: "index", title: "Index", why: "", severity: "warning", evidence: { level, facts: [fact] } });
    const worst = recommend({ kind: "setting", title: "fsync", why: "", severity: "error", evidence: { level: "measured", facts: [] } });
    const report = await run({
      analyzers: fakes({
        schemaAnalyzer: () => Promise.resolve({ summary: "", recommendations: [same("schema", "a")] }),
        indexAdvisor: () => Promise.resolve({ summary: "", recommendations: [same("planner", "b"), worst] }),
      }),
    });
    expect(report.recommendations.map(({ id, evidence }) => [id, evidence])).toEqual([
      [worst.id, worst.evidence],
      ["index-1", { level: "planner", facts: ["b", "a"] }],
    ]);
  });

  it("shows findings as the last analyzer left them", async () => {
    const raised = finding({ evidence: { level: "workload", facts: [] } });
    const project = () => Promise.resolve({ findings: [finding(), finding({ id: "f2" })], files: 4, catalog: catalog() });
    const all = fakes({ nPlusOneDetector: () => Promise.resolve({ summary: "", findings: [raised] }) });
    const report = await run({
      context: context({ project }),
      analyzers: { ...all, nPlusOneDetector: { ...all.nPlusOneDetector, needs: ["project"] } },
    });
    expect(report.findings.map(({ id, evidence }) => [id, evidence.level])).toEqual([
      ["f1", "workload"],
      ["f2", "code"],
    ]);
    expect(report.files).toBe(4);
  });
});
