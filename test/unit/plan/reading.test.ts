import { beforeAll, describe, expect, it } from "vitest";
import fc from "fast-check";
import { planFromJson, planInsights, planText } from "../../../server/src/plan/index.js";
import { initSql } from "../../../server/src/sql/index.js";
import { document, nodeOf, raw, read, recorded, recordedJson, recordedPlan } from "./fixtures.js";

beforeAll(() => initSql());

describe("reading", () => {
  it.each([
    ["", "not JSON"],
    ["[]", "holds no plan"],
    ["null", "holds no plan"],
    ['[{"Utility Statement": 1}]', "“Plan” is missing"],
    ['[{"Plan": 3}]', "“Plan” is missing"],
  ])("%s is refused with the reason", (source, reason) => expect(planFromJson(source).problem).toContain(reason));

  it("survives any change of a real plan", () => {
    const sources = recorded.slice(0, 25).map(recordedJson);
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        fc.nat(),
        fc.constantFrom("0", "-1e9", "null", '"x"', "[]", "{}", ""),
        (source, at, value) => {
          const spots = [...source.matchAll(/: ([^\n{[]+?),?\n/g)];
          const spot = spots[at % spots.length];
          const start = (spot?.index ?? 0) + 2;
          const changed = source.slice(0, start) + value + source.slice(start + (spot?.[1]?.length ?? 0));
          const { plan } = planFromJson(changed);
          if (plan) expect(typeof planText({ ...plan, insights: [...planInsights(plan)] })).toBe("string");
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("survives a plan 3,000 nodes deep", () => {
    const deep = `${'{"Node Type":"Limit","Plans":['.repeat(3000)}{"Node Type":"Result"}${"]}".repeat(3000)}`;
    expect(read(`[{"Plan":${deep}}]`).nodes).toHaveLength(3001);
  });

  it("keeps keys that nobody knows", () => {
    const plan = read(document(raw("Custom Scan", { "Custom Plan Provider": "ColumnarScan", "Chunk Groups Removed": 7, Odd: { a: [1] } })));
    expect(plan.nodes[0]?.title).toBe("Custom Scan (ColumnarScan)");
    expect(plan.nodes[0]?.details).toContainEqual({ key: "Chunk Groups Removed", value: "7" });
    expect(plan.nodes[0]?.details).toContainEqual({ key: "Odd", value: '{"a":[1]}' });
  });

  it("unknown is absent, not zero", () => {
    const plan = read([{ Plan: { "Node Type": "Seq Scan", "Plan Rows": 5 } }]);
    expect(plan.analyzed).toBe(false);
    const { rows, selfTimeMs, buffers, loops } = nodeOf(plan, "Seq Scan");
    expect([rows, selfTimeMs, buffers, loops, plan.executionTimeMs, plan.unattributedMs]).toEqual(Array(6).fill(undefined));
    const untimed = read([{ Plan: { "Node Type": "Seq Scan", "Actual Rows": 5, "Actual Loops": 1 }, "Execution Time": 3 }]);
    expect(untimed.nodes[0]?.selfTimeMs).toBeUndefined();
    expect(untimed.nodes[0]?.rows).toBe(5);
  });

  it.each([
    ["pg15_subplan", "±0.5 rows per loop", 19.5],
    ["pg18_subplan", "±0.005 rows per loop from 18 on", 0.195],
  ])("%s: %s", (name, _, error) => {
    const scan = recordedPlan(name).nodes.find((node) => node.loops === 39);
    expect(scan?.rowsError).toBeCloseTo(error);
  });
});

describe("titles are those of EXPLAIN's text", () => {
  const firstWords = (line: string): string => line.replace("->", "").split("  (")[0]?.trim() ?? "";
  it.each(recorded)("%s", async (name) => {
    const { readFileSync } = await import("node:fs");
    const text = readFileSync(new URL(`../../fixtures/plans/${name}.text`, import.meta.url), "utf8");
    const lines = text.split("\n").filter((line) => line.includes("  (cost=") || line.includes("(never executed)"));
    expect(recordedPlan(name).nodes.map((node) => node.title)).toEqual(lines.map(firstWords));
  });
});

describe("text", () => {
  it("marks insights under their node", () => {
    const plan = recordedPlan("pg17_seqfilter");
    const text = planText({ ...plan, insights: [...planInsights(plan)] });
    expect(text).toContain("└─ Parallel Seq Scan on public.big");
    expect(text).toContain("▲ Parallel Seq Scan on public.big read about 400,002 rows");
    expect(text).toMatch(/execution 1\d\d ms · .*unattributed/);
  });
});
