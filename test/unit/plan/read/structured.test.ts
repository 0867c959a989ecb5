import { describe, expect, it } from "vitest";
import type { Plan } from "../../../../server/src/protocol/plan.js";
import { readPlans } from "../../../../server/src/plan/index.js";
import { recorded, recordedJson } from "../fixtures.js";
import { asXml, asYaml } from "./formats.js";
import { logs, wrappings } from "./wrappings.js";

/** Everything but where it stands. Empty lists of JSON are nothing in the other formats. */
function content(plan: Plan | undefined): unknown {
  return plan && { ...plan, source: "", queryText: undefined, nodes: plan.nodes.map((node) => ({ ...node, lines: undefined })) };
}

const identified = (plan: Plan | undefined): Plan | undefined =>
  plan && { ...plan, details: plan.details?.filter(({ key }) => key !== "Query Identifier") };

function checkSame(written: string, json: string): void {
  const { plans, problems } = readPlans(written);
  expect(problems, written.slice(0, 800)).toEqual([]);
  expect(plans).toHaveLength(1);
  expect(content(identified(plans[0]))).toEqual(content(identified(readPlans(json).plans[0])));
}

describe.each([
  ["XML", asXml],
  ["YAML", asYaml],
])("%s", (_, write) => {
  it.each(recorded)("of %s", (name) => checkSame(write(recordedJson(name)), recordedJson(name)));

  it.each(Object.entries({ ...wrappings, ...logs }))("in %s", (_name, wrapping) => {
    for (const name of ["pg15_cte2", "pg17_subplan", "pg18_values"]) {
      checkSame(wrapping(write(recordedJson(name)).split("\n"), true), recordedJson(name));
    }
  });
});

describe("lines of the nodes", () => {
  const json = JSON.stringify(JSON.parse(recordedJson("pg18_cte2")), undefined, 2);
  it.each([
    ["JSON", json],
    ["JSON in a frame", wrappings["psql"]?.(json.split("\n"), true) ?? ""],
    ["JSON without a comma", json.replace('"Plan Rows": 10,', '"Plan Rows": 10')],
    ["XML", asXml(json)],
    ["YAML", asYaml(json)],
  ])("%s", (_, source) => {
    const lines = source.split("\n");
    for (const node of readPlans(source).plans[0]?.nodes ?? []) {
      const { first, last } = node.lines ?? { first: 0, last: 0 };
      const own = lines.slice(first - 1, last).join("\n");
      expect(own).toContain(node.type);
      expect(own).toContain(String(node.totalCost));
      expect(own).not.toMatch(/Plans\b/);
      expect(own.match(/[^/]Node.Type/g)).toHaveLength(1);
    }
  });
});
