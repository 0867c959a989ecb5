import { describe, expect, it } from "vitest";
import type { Buffers, Plan } from "../../../server/src/protocol/plan.js";
import { readPlans } from "../../../server/src/plan/index.js";
import { document, nodeOf, raw, read, recorded, recordedPlan, recordedText } from "./fixtures.js";
import { violations } from "./laws.js";

const buffersOf = (buffers: Buffers | undefined, counter: keyof Buffers): number => buffers?.[counter] ?? 0;

/** Everything that must hold of any executed plan. */
function checkPlan(plan: Plan): void {
  expect(violations(plan)).toEqual([]);
}

function checkTree(plan: Plan): void {
  plan.nodes.forEach((node, index) => {
    expect(node.id).toBe(String(index));
    expect(node.parent === undefined).toBe(index === 0);
    if (node.parent !== undefined) expect(plan.nodes[Number(node.parent)]?.children).toContain(node.id);
    for (const child of node.children) expect(plan.nodes[Number(child)]?.parent).toBe(node.id);
  });
}

describe("recorded plans", () => {
  it("are all there", () => expect(recorded).toHaveLength(75));
  it.each(recorded)("%s adds up", (name) => {
    checkPlan(recordedPlan(name));
    checkTree(recordedPlan(name));
  });
  it.each(recorded)("%s adds up as TEXT", (name) => {
    const { plans, problems } = readPlans(recordedText(name));
    expect([plans.length, problems]).toEqual([1, []]);
    for (const plan of plans) checkPlan(plan);
  });
  it.each(recorded)("%s needs no excuse", (name) => {
    const jit = name === "pg15_disabled" ? [expect.stringContaining("starting the compiler")] : [];
    expect(recordedPlan(name).notes).toEqual(jit);
  });
});

describe("attribution", () => {
  it.each(["pg15", "pg17", "pg18"])("%s: a CTE's work lies in its scans", (version) => {
    const plan = recordedPlan(`${version}_cte2`);
    const cte = plan.nodes.find((node) => node.subplanName === "CTE c");
    expect(cte?.includedIn).toEqual(plan.nodes.filter((node) => node.type === "CTE Scan").map((node) => node.id));
    expect(buffersOf(nodeOf(plan, "CTE Scan").selfBuffers, "sharedHit")).toBe(0);
  });

  it.each(["pg15", "pg17", "pg18"])("%s: a SubPlan's buffers are taken from the node that calls it", (version) => {
    const plan = recordedPlan(`${version}_subplan`);
    const [root] = plan.nodes;
    expect(buffersOf(root?.buffers, "sharedHit")).toBeGreaterThan(100);
    expect(buffersOf(root?.selfBuffers, "sharedHit")).toBeLessThan(3);
  });

  it.each([
    ["from 17 on", "InitPlan 1", "(t.a > (InitPlan 1).col1)"],
    ["before 17", "InitPlan 1 (returns $0)", "(t.a > $0)"],
  ])("an InitPlan is charged to the node that evaluates it, %s", (_, name, filter) => {
    const initPlan = raw("Aggregate", { "Parent Relationship": "InitPlan", "Subplan Name": name, "Actual Total Time": 8 });
    const scan = raw("Seq Scan", { "Actual Total Time": 9, Filter: filter, Alias: "t" });
    const plan = read(document(raw("Sort", { "Actual Total Time": 10 }, [initPlan, scan])));
    expect(nodeOf(plan, "Aggregate").includedIn).toEqual([nodeOf(plan, "Seq Scan").id]);
    expect(nodeOf(plan, "Seq Scan").selfTimeMs).toBeCloseTo(1);
    expect(nodeOf(plan, "Sort").selfTimeMs).toBeCloseTo(1);
    checkPlan(plan);
  });

  it("an InitPlan that two nodes name lies in the first that has room for it", () => {
    const initPlan = raw("Aggregate", { "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1", "Actual Total Time": 8 });
    const small = raw("Seq Scan", { "Actual Total Time": 1, Filter: "(a > (InitPlan 1).col1)" });
    const large = raw("Index Scan", { "Actual Total Time": 9, "Index Cond": "(b > (InitPlan 1).col1)", "Parent Relationship": "Inner" });
    const plan = read(document(raw("Nested Loop", { "Actual Total Time": 11 }, [initPlan, small, large])));
    expect(nodeOf(plan, "Aggregate").includedIn).toEqual([nodeOf(plan, "Index Scan").id]);
    checkPlan(plan);
  });

  it("$1 is not $12, and a mark in quotes is none", () => {
    const initPlan = raw("Aggregate", {
      "Parent Relationship": "InitPlan",
      "Subplan Name": "InitPlan 2 (returns $1)",
      "Actual Total Time": 3,
    });
    const decoy = raw("Seq Scan", { "Actual Total Time": 4, Filter: "((a = $12) OR (b = '$1'::text))" });
    const user = raw("Seq Scan", { "Actual Total Time": 4, Filter: "(a = $1)", "Parent Relationship": "Inner" });
    const plan = read(document(raw("Nested Loop", { "Actual Total Time": 9 }, [initPlan, decoy, user])));
    expect(nodeOf(plan, "Aggregate").includedIn).toEqual([nodeOf(plan, "Seq Scan", 1).id]);
  });

  it("a Gather evaluates InitPlans for its workers", () => {
    const initPlan = raw("Result", { "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1", "Actual Total Time": 5 });
    const scan = raw("Seq Scan", { "Parallel Aware": true, "Actual Total Time": 4, "Actual Loops": 3, Filter: "(a = (InitPlan 1).col1)" });
    const plan = read(document(raw("Gather", { "Actual Total Time": 10, "Workers Planned": 2 }, [initPlan, scan])));
    expect(nodeOf(plan, "Result").includedIn).toEqual(["0"]);
    expect(nodeOf(plan, "Gather").selfTimeMs).toBeCloseTo(1);
    expect(nodeOf(plan, "Result").participants).toBe(1);
    expect(nodeOf(plan, "Seq Scan").participants).toBe(3);
    checkPlan(plan);
  });

  it("inner CTEs shadow outer ones of their name", () => {
    const cte = (time: number) => raw("Result", { "Parent Relationship": "InitPlan", "Subplan Name": "CTE x", "Actual Total Time": time });
    const scan = (time: number) => raw("CTE Scan", { "CTE Name": "x", "Actual Total Time": time });
    const inner = raw("Subquery Scan", { "Parent Relationship": "Inner", "Actual Total Time": 6 }, [cte(5), scan(5.5)]);
    const plan = read(document(raw("Nested Loop", { "Actual Total Time": 10 }, [cte(2), scan(3), inner])));
    const scans = plan.nodes.filter((node) => node.type === "CTE Scan");
    expect(plan.nodes.filter((node) => node.subplanName === "CTE x").map((node) => node.includedIn)).toEqual(
      scans.map((node) => [node.id]),
    );
    expect(scans.map((node) => node.selfTimeMs)).toEqual([1, 0.5]);
  });

  it("a Gather that waited less than its processes worked is shown as 0, and says so", () => {
    const scan = raw("Seq Scan", { "Actual Total Time": 12, "Actual Loops": 3, "Parallel Aware": true });
    const plan = read(document(raw("Gather", { "Actual Total Time": 10, "Workers Planned": 2 }, [scan])));
    expect(nodeOf(plan, "Gather").selfTimeMs).toBe(0);
    expect(plan.notes?.[0]).toContain("2.000 ms longer than it waited");
    expect(plan.unattributedMs).toBeCloseTo(0.1 - 2);
  });

  it("a BEFORE trigger ran inside the node that changes its table, an AFTER trigger did not", () => {
    const root = raw("ModifyTable", { Operation: "Insert", "Relation Name": "child", "Actual Total Time": 10 });
    const trigger = (name: string, constraint?: string) => ({
      "Trigger Name": name,
      "Constraint Name": constraint,
      Relation: "child",
      Time: 4,
      Calls: 500,
    });
    const plan = read(document(root, { Triggers: [trigger("fk", "child_fk"), trigger("stamp")], "Execution Time": 14.2 }));
    expect(plan.triggers.map((found) => found.inside)).toEqual([undefined, "0"]);
    expect(plan.nodes[0]?.selfTimeMs).toBeCloseTo(6);
    expect(plan.unattributedMs).toBeCloseTo(0.2);
  });

  it("a data-changing CTE that ran after the plan is named", () => {
    const blocks = { "Shared Hit Blocks": 10 };
    const cte = raw("ModifyTable", {
      Operation: "Delete",
      "Parent Relationship": "InitPlan",
      "Subplan Name": "CTE gone",
      "Actual Total Time": 5,
      ...blocks,
    });
    const plan = read(document(raw("Result", { "Actual Total Time": 0.01, "Shared Hit Blocks": 0 }, [cte]), { "Execution Time": 5.2 }));
    expect(plan.buffers?.sharedHit).toBe(10);
    expect(nodeOf(plan, "ModifyTable").includedIn).toEqual([]);
    expect(plan.notes?.join()).toContain("after the main plan had ended");
    expect(plan.unattributedMs).toBeGreaterThan(0);
    expect(plan.unattributedBuffers?.sharedHit).toBe(0);
  });
});

describe("rows", () => {
  const scan = (keys: Record<string, unknown>) => raw("Seq Scan", { Alias: "t", ...keys });
  const ratioIn = (plan: Record<string, unknown>) => nodeOf(read(document(plan)), "Seq Scan").rowsRatio;

  it("a partial plan's estimate is of one process by the planner's own divisor", () => {
    const partial = scan({ "Parallel Aware": true, "Plan Rows": 41667, "Actual Rows": 33333, "Actual Loops": 3 });
    expect(ratioIn(raw("Gather", { "Workers Planned": 2 }, [partial]))).toBeCloseTo(1, 3);
    const four = scan({ "Parallel Aware": true, "Plan Rows": 25000, "Actual Rows": 20000, "Actual Loops": 5 });
    expect(ratioIn(raw("Gather", { "Workers Planned": 4 }, [four]))).toBeCloseTo(1, 3);
  });

  it("the inner side of a parallel join is whole in each process", () => {
    const inner = raw("Hash", { "Parent Relationship": "Inner", "Actual Loops": 3 }, [
      scan({ "Plan Rows": 100, "Actual Rows": 200, "Actual Loops": 3 }),
    ]);
    const outer = raw("Index Scan", { "Parallel Aware": true, "Actual Loops": 3 });
    expect(ratioIn(raw("Gather", { "Workers Planned": 2 }, [raw("Hash Join", { "Actual Loops": 3 }, [outer, inner])]))).toBe(2);
  });

  it.each([
    ["LIMIT stops its input", [], undefined],
    ["a sort reads all of it first", ["Sort"], 0.05],
    ["an incremental sort does not", ["Incremental Sort"], undefined],
  ])("%s", (_, between, expected) => {
    const bottom = scan({ "Plan Rows": 100, "Actual Rows": 5 });
    const plan = between.reduce((child, type) => raw(type, { "Plan Rows": 100, "Actual Rows": 5 }, [child]), bottom);
    expect(ratioIn(raw("Limit", { "Plan Rows": 5, "Actual Rows": 5 }, [plan]))).toBe(expected);
  });
});
