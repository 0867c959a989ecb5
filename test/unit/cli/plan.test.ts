import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordedJson, recordedText } from "../plan/fixtures.js";
import { makeTree } from "../workspace/tree.js";
import { run } from "./terminal.js";

const files = {
  "before.json": recordedJson("pg15_parallel"),
  "after.json": recordedJson("pg18_parallel"),
  "not-a-plan.txt": "SELECT 1;\n",
  "empty.txt": "",
};

interface PlanJson {
  readonly executionTimeMs: number;
  readonly planningTimeMs: number;
  readonly unattributedMs: number;
  readonly timeErrorMs: number;
  readonly serializationMs: number;
  readonly nodes: readonly { readonly id: string; readonly parent?: string; readonly selfTimeMs: number; readonly participants: number }[];
  readonly buffers: Record<string, number>;
  readonly unattributedBuffers: Record<string, number>;
  readonly insights: readonly { readonly rule: string; readonly node: string; readonly message: string; readonly severity: string }[];
}

const inTree = (args: readonly string[], input?: string) =>
  run(["plan", ...args], { cwd: makeTree(files), ...(input === undefined ? {} : { input }) });

async function json<T>(args: readonly string[], input?: string): Promise<T> {
  const { out, err, code } = await inTree([...args, "--format", "json"], input);
  expect(code, err).toBe(0);
  return JSON.parse(out) as T;
}

describe("one plan", () => {
  test("JSON: the contract, whose self times sum up to the execution time", async () => {
    const plan = await json<PlanJson>(["after.json"]);
    const self = plan.nodes.reduce((sum, node) => sum + node.selfTimeMs / node.participants, 0);
    const parts = self + plan.serializationMs + plan.unattributedMs;
    expect(Math.abs(parts - plan.executionTimeMs)).toBeLessThanOrEqual(plan.timeErrorMs + 1e-9);
    expect(plan.nodes[0]).toMatchObject({ id: "0", type: "Aggregate", loops: 1 });
    expect(plan.nodes[0]).not.toHaveProperty("parent");
    expect(plan.nodes.at(-1)).toMatchObject({ relation: "big", index: "big_h_idx", participants: 3, estimatedRows: expect.any(Number) });
    expect(plan.planningTimeMs).toBeGreaterThan(0);
    expect(plan.buffers).toMatchObject({ sharedHit: expect.any(Number), tempWritten: 0 });
    expect(Object.values(plan.unattributedBuffers).every((blocks) => blocks === 0)).toBe(true);
  });

  test("standard input gives the same", async () => {
    expect(await json(["-"], files["after.json"])).toEqual(await json(["after.json"]));
  });

  test("text: a tree with the totals", async () => {
    const { out, code } = await inTree(["after.json"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Finalize GroupAggregate\n/);
    expect(out).toContain("Parallel Index Only Scan using big_h_idx on public.big");
    expect(out).toMatch(/planning .* · execution .* · .*unattributed/);
  });
});

describe("several plans in one text", () => {
  const both = `${recordedText("pg15_parallel")}\n${recordedText("pg15_sortdisk")}`;

  test("all of them, or one", async () => {
    const all = await json<PlanJson & { morePlans: PlanJson[] }>(["-"], both);
    expect([all.nodes[0], all.morePlans[0]!.nodes[0]]).toMatchObject([{ type: "Aggregate" }, { type: "Gather Merge" }]);
    const second = await json<PlanJson>(["-", "--plan", "2"], both);
    expect(second).toEqual(all.morePlans[0]);
    expect((await inTree(["-"], both)).out).toMatch(/^Plan 1 of 2\n(.*\n)+\nPlan 2 of 2\nGather Merge\n/);
  });

  test.each([
    { args: ["-", "--plan", "3"], error: /no plan 3: the text holds 2/ },
    { args: ["-", "--format", "html"], error: /holds 2 plans; a page shows one/ },
  ])("$args is refused", async ({ args, error }) => {
    const { code, out, err } = await inTree(args, both);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(error);
  });
});

test("masked: the numbers stay, the names go", async () => {
  const [open, masked] = [await inTree(["after.json", "--format", "json"]), await inTree(["after.json", "--format", "json", "--mask"])];
  expect(masked.out).not.toContain("big");
  const times = ({ out }: { out: string }) => (JSON.parse(out) as PlanJson).nodes.map(({ selfTimeMs }) => selfTimeMs);
  expect(times(masked)).toEqual(times(open));
  expect((await inTree(["after.json", "--mask"])).out).not.toContain("big");
});

test("into a file", async () => {
  const cwd = makeTree(files);
  const { code, out, err } = await run(["plan", "after.json", "--output", "plan.txt"], { cwd });
  expect({ code, out, err }).toEqual({ code: 0, out: "", err: "Wrote plan.txt.\n" });
  expect(readFileSync(join(cwd, "plan.txt"), "utf8")).toMatch(/^Finalize GroupAggregate\n/);
});

describe("two plans", () => {
  test("text: what changed, the merged tree, the indexes", async () => {
    const { out, code } = await inTree(["before.json", "--compare", "after.json"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d.* ms → .* ms \(.*\); every step is done the same way/);
    expect(out).toContain("Indexes used by both: big_h_idx");
  });

  test("JSON: both plans, and one tree that names their nodes", async () => {
    const { before, after, comparison } = await json<{
      before: PlanJson;
      after: PlanJson;
      comparison: { summary: string; nodes: { before?: string; after?: string; kind: string }[] };
    }>(["before.json", "--compare", "after.json"]);
    expect(comparison.nodes.map((node) => node.before)).toEqual(before.nodes.map(({ id }) => id));
    expect(comparison.nodes.map((node) => node.after)).toEqual(after.nodes.map(({ id }) => id));
    expect(comparison.nodes.every(({ kind }) => kind === "same")).toBe(true);
  });
});

describe("what cannot be read is refused with what, why and what to do", () => {
  const cases: { name: string; args: string[]; input?: string; error: RegExp }[] = [
    { name: "no such file", args: ["missing.json"], error: /missing\.json cannot be read: .*\n.*Name a file/s },
    { name: "no plan in it", args: ["not-a-plan.txt"], error: /not-a-plan\.txt: No plan was found.*\n.*EXPLAIN/s },
    { name: "an empty file", args: ["empty.txt"], error: /empty\.txt: There is nothing to read/ },
    { name: "nothing on standard input", args: ["-"], input: "", error: /The text: There is nothing to read/ },
    { name: "standard input twice", args: ["-", "--compare", "-"], error: /Only one of two plans/ },
    { name: "the other plan is none", args: ["before.json", "--compare", "not-a-plan.txt"], error: /not-a-plan\.txt: No plan was found/ },
  ];
  test.each(cases)("$name", async ({ args, input, error }) => {
    const { code, out, err } = await inTree(args, input);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(error);
  });
});
