import { describe, expect, it } from "vitest";
import { planInsights, planText, planToText, readPlans } from "../../../../server/src/plan/index.js";
import { recordedJson, recordedText } from "../fixtures.js";
import { asXml, asYaml } from "./formats.js";

const json = recordedJson("pg18_cte2");
const text = recordedText("pg18_cte2");
const half = (source: string): string => source.slice(0, source.length / 2);

describe("cut off in the middle: what is there is read, and the place of the fault is told", () => {
  it.each([
    ["JSON", half(json)],
    ["JSON in one line", half(JSON.stringify(JSON.parse(json)))],
    ["XML", half(asXml(json))],
    ["YAML", half(asYaml(json))],
  ])("%s", (_, source) => {
    const { plans, problems } = readPlans(source);
    expect(plans[0]?.nodes.length).toBeGreaterThan(3);
    expect(plans[0]?.nodes[0]?.title).toBe("Limit");
    expect(problems.length, JSON.stringify(problems)).toBeGreaterThan(_ === "YAML" ? -1 : 0);
    for (const { line } of problems) expect(line).toBeLessThanOrEqual(source.split("\n").length);
  });

  it("TEXT in a node's figures", () => {
    const { plans, problems } = readPlans(text.slice(0, text.indexOf("rows=1158")));
    expect(plans[0]?.nodes).toHaveLength(3);
    expect(plans[0]?.nodes[2]).toMatchObject({ title: "Gather Merge", totalCost: 7139.47 });
    expect(plans[0]?.nodes[2]?.rows).toBeUndefined();
    expect(problems).toMatchObject([{ line: 9, message: expect.stringContaining("closing parenthesis") as string }]);
  });

  it("TEXT from the middle", () => {
    const { plans, problems } = readPlans(text.slice(text.indexOf("          ->  Gather Merge")));
    expect(plans[0]?.nodes[0]?.title).toBe("Gather Merge");
    expect(problems[0]?.message).toContain("begins in the middle");
  });
});

describe("refused, with what, why and what to do", () => {
  it.each([
    ["", "nothing to read"],
    ["   \n\n", "nothing to read"],
    ["select 1", "No plan was found"],
    ["[]", "No plan was found"],
    ["null", "No plan was found"],
    ['{"a": 1}', "No plan was found"],
    ['[{"Utility Statement": 1}]', "No plan was found"],
    ["Index Scan is what I want, (cost=5) or not?", "No plan was found"],
    ["The Sort is slow:\n\nwhy?", "No plan was found"],
    ['{"Plan": ', "not whole"],
    ['{"Plan": [', "not whole"],
    ["<explain><Plan>", "not whole"],
  ])("%j", (source, reason) => {
    const { plans, problems } = readPlans(source);
    expect(plans).toEqual([]);
    expect(problems[0]?.message).toContain(reason);
  });
});

describe("hostile", { timeout: 60_000 }, () => {
  const nodes = (source: string): number => readPlans(source).plans[0]?.nodes.length ?? 0;
  const nested = (depth: number): string => `${'{"Node Type":"Limit","Plans":['.repeat(depth)}{"Node Type":"Result"}${"]}".repeat(depth)}`;

  it("JSON 100,000 levels deep", () => expect(nodes(`[{"Plan":${nested(100_000)}}]`)).toBe(100_001));
  it("JSON 100,000 levels deep, cut off", () =>
    expect(nodes(`[{"Plan":${'{"Node Type":"Limit","Plans":['.repeat(100_000)}`)).toBe(100_000));
  it("lists 100,000 levels deep in an unknown key", () =>
    expect(nodes(`[{"Plan":{"Node Type":"Limit","Odd":${"[".repeat(100_000)}${"]".repeat(100_000)}}}]`)).toBe(1));
  it("brackets and nothing else", () => expect(nodes("[{".repeat(200_000))).toBe(0));
  it("XML 100,000 levels deep", () => expect(readPlans(`<explain>${"<Plan>".repeat(100_000)}`).plans.length).toBe(0));
  it("YAML 10,000 levels deep", () =>
    expect(readPlans(`- Plan:\n    Node Type: "Limit"\n    Odd: ${"[".repeat(10_000)}`).problems.length).toBeGreaterThan(0));
  it("10,000 siblings of each format", () => {
    const node = { "Node Type": "Seq Scan", "Relation Name": "p", "Startup Cost": 0, "Total Cost": 1 };
    const source = JSON.stringify([{ Plan: { "Node Type": "Append", Plans: Array(10_000).fill(node) } }], undefined, 1);
    expect(nodes(source)).toBe(10_001);
    expect(
      nodes(`Append  (cost=0.00..1.00 rows=1 width=4)\n${"  ->  Seq Scan on p  (cost=0.00..1.00 rows=1 width=4)\n".repeat(10_000)}`),
    ).toBe(10_001);
    expect(nodes(asXml(source))).toBe(10_001);
  });
  it("megabytes of nonsense", () => {
    for (const nonsense of ["((((", "-> -> ", "a: b\n", '"', "> ", "|\n", "(cost=", "\t", "Plan: ", "{'", "Sort\n", "'\n", "Worker 0: "]) {
      expect(readPlans(nonsense.repeat(300_000 / nonsense.length)).problems.length).toBeGreaterThanOrEqual(0);
    }
  });
  it("an XML of entities is not blown up", () => {
    const source = `<!DOCTYPE x [<!ENTITY a "${"x".repeat(1000)}"><!ENTITY b "${"&a;".repeat(1000)}">]><explain><Query><Plan><Node-Type>Result</Node-Type><Alias>&b;</Alias></Plan></Query></explain>`;
    expect(
      readPlans(`<explain><Query><Plan><Node-Type>Result</Node-Type><Alias>&b;</Alias></Plan></Query></explain>`).problems[0]?.message,
    ).toContain("entity");
    expect(readPlans(source).plans[0]?.nodes[0]?.alias?.length ?? 0).toBeLessThan(100);
  });
  it("keys of prototypes are keys", () => {
    const source = '[{"Plan":{"Node Type":"Result","__proto__":{"Alias":"x"},"constructor":"c","toString":1}}]';
    for (const given of [source, `${source.slice(0, -1)}`]) {
      const node = readPlans(given).plans[0]?.nodes[0];
      expect(node?.alias).toBeUndefined();
      expect(node?.details.map(({ key }) => key)).toEqual(["__proto__", "constructor", "toString"]);
    }
    expect(readPlans("Result  (cost=0.00..1.00 rows=1 width=4)\n  __proto__: x\n  Constructor: y").plans).toHaveLength(1);
  });
  it("a key that stands twice loses nothing", () => {
    const workers = '"Workers":[{"Worker Number":0,"Sort Method":"quicksort"}],"Workers":[{"Worker Number":0,"Actual Loops":1}]';
    const node = readPlans(
      `[{"Plan":{"Node Type":"Sort","Actual Loops":1,"Actual Rows":1,"Actual Total Time":1,${workers},"Filter":"a","Filter":"b"}}]`,
    ).plans[0]?.nodes[0];
    expect(node?.workers).toMatchObject([{ number: 0, sortMethod: "quicksort", loops: 1 }]);
    expect(node?.details).toContainEqual({ key: "Filter", value: "a, b" });
  });
  it.each(["-1", "1e999", "-1e308", "1e308", "NaN", "null", '"x"', "[]"])("figures of %s are neither negative nor infinite", (figure) => {
    const keys = [
      "Actual Loops",
      "Actual Rows",
      "Actual Total Time",
      "Actual Startup Time",
      "Shared Hit Blocks",
      "Temp Read Blocks",
      "Plan Rows",
      "Total Cost",
    ];
    for (const key of keys) {
      const source = json.replaceAll(new RegExp(`"${key}": [0-9.]+`, "g"), `"${key}": ${figure}`);
      for (const plan of readPlans(source).plans) checkFigures(plan);
    }
  });
});

function checkFigures(plan: object): void {
  const shown = JSON.stringify(plan, (key, value: unknown) => {
    if (key === "unattributedMs" || key === "amount" || key === "source" || key.startsWith("unattributed")) return undefined;
    if (typeof value === "number" && !(Number.isFinite(value) && value >= 0)) throw new Error(`${key} is ${value}`);
    return value;
  });
  expect(shown.length).toBeGreaterThan(0);
}

it("what was read of anything can be shown", () => {
  for (const source of [half(json), half(text), `${text}\n${json}`, text + half(text)]) {
    for (const plan of readPlans(source).plans) {
      expect(typeof planText({ ...plan, insights: [...planInsights(plan)] })).toBe("string");
      expect(typeof planToText(plan)).toBe("string");
    }
  }
});
