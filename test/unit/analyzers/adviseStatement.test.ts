import { beforeAll, describe, expect, it } from "vitest";
import { adviseStatement } from "../../../server/src/analyzers/index.js";
import { planFromJson } from "../../../server/src/plan/index.js";
import { initSql } from "../../../server/src/sql/index.js";
import { catalog, column, fakeSession, scanPlan, table, type FakeAnswers } from "./fakes.js";

beforeAll(() => initSql());

const t = table("t", ["id", "a", column("b", "bigint", { distinct: 10 }), "c", column("wide", "text", { averageWidth: 500 })]);
const filtered = (filter: string, keys: Record<string, unknown> = {}) => scanPlan("t", { Filter: filter, ...keys });

async function advise(json: string, answers: FakeAnswers, signal = new AbortController().signal) {
  const session = fakeSession(answers);
  const { plan, problem } = planFromJson(json);
  if (!plan) throw new Error(problem);
  const request = { sql: "select", analyze: false, parameters: ["1"], genericPlan: false, consent: () => Promise.resolve(false) };
  const advice = await adviseStatement({ session, request, plan, catalog: catalog(t), signal });
  return { ...advice, asked: session.asked };
}

const costs = (by: Readonly<Record<string, number>>): FakeAnswers => ({ cost: (_, indexes) => by[indexes.join(" + ")] });

describe("advice for one statement", () => {
  it.each<[string, string, Record<string, number>, string[]]>([
    ["an index that the planner uses and that saves", "(a = 1)", { "t(a)": 40 }, ["a"]],
    ["one that the planner does not use", "(a = 1)", {}, []],
    ["one that saves less than a tenth", "(a = 1)", { "t(a)": 3700 }, []],
    ["of equals the narrowest", "((a = 1) AND (b = 2))", { "t(a,b)": 10, "t(a)": 40, "t(b)": 2000 }, ["a"]],
    ["the wider one where it saves more", "((a = 1) AND (b = 2))", { "t(a,b)": 10, "t(a)": 900 }, ["a,b"]],
    ["both sides of an OR, which only help together", "((a = 1) OR (c = 2))", { "t(a) + t(c)": 90 }, ["a", "c"]],
  ])("%s", async (_, filter, by, expected) => {
    const { suggestions } = await advise(filtered(filter), costs(by));
    expect(suggestions.map(({ columns }) => columns.join(","))).toEqual(expected);
    for (const { proof, evidence } of suggestions) {
      expect(proof.method).toBe("hypopg");
      expect(evidence.level).toBe("planner");
    }
  });

  it("a cheap statement is left alone", async () => {
    const { suggestions, asked } = await advise(filtered("(a = 1)", { "Total Cost": 8 }), costs({ "t(a)": 1 }));
    expect([suggestions, asked]).toEqual([[], []]);
  });

  it("says before and after, and shows the plan with the index's own name", async () => {
    const { suggestions } = await advise(filtered("(a = 1)"), costs({ "t(a)": 40 }));
    const [suggestion] = suggestions;
    expect(suggestion?.proof).toMatchObject({ costBefore: 4000, planBefore: expect.stringContaining("Seq Scan on public.t") });
    // HypoPG leaves out the descent: it is added.
    expect(suggestion?.proof.costAfter).toBeGreaterThan(40);
    expect(suggestion?.proof.costAfter).toBeLessThan(41);
    expect(suggestion?.proof.planAfter).toContain("Index Scan using ix_t_a on public.t");
    expect(suggestion?.ddl).toBe('CREATE INDEX CONCURRENTLY "ix_t_a" ON "public"."t" ("a");');
    expect(suggestion?.reason).toContain("falls from 4,000 to 40");
  });

  it.each([
    ["columns are included where that saves a twentieth", ["a", "c"], { "t(a)": 1000, "t(a) include c": 10 }, "INCLUDE"],
    ["not for a little", ["a", "c"], { "t(a)": 100, "t(a) include c": 10 }, undefined],
    ["nor wide ones", ["a", "wide"], { "t(a)": 1000, "t(a) include wide": 10 }, undefined],
  ])("%s", async (_, output, by, includes) => {
    const { suggestions } = await advise(filtered("(a = 1)", { Output: output }), costs(by));
    expect(suggestions).toHaveLength(1);
    expect(suggestions[0]?.ddl.includes("INCLUDE")).toBe(includes !== undefined);
  });

  it("is labelled unproved where the planner cannot be asked", async () => {
    const { suggestions, notes } = await advise(filtered("(a = 1)"), { unavailable: "HypoPG is not installed." });
    expect(suggestions[0]?.proof).toEqual({ method: "none", note: "HypoPG is not installed." });
    expect(suggestions[0]?.evidence.level).toBe("schema");
    expect(notes[0]).toContain("HypoPG is not installed.");
  });

  it("a real index's size is told, a hypothetical one's estimated", async () => {
    const { suggestions } = await advise(filtered("(a = 1)"), { ...costs({ "t(a)": 40 }), method: "rolled-back-index" });
    expect(suggestions[0]?.proof.method).toBe("rolled-back-index");
    expect(suggestions[0]?.proof.costAfter).toBe(40);
    expect(suggestions[0]?.sizeBytes).toBeGreaterThan(1_000_000);
  });

  it("stops when it is cancelled", async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(advise(filtered("(a = 1)"), costs({ "t(a)": 40 }), abort.signal)).rejects.toThrow();
  });
});
