import { expect, test } from "vitest";
import type { PlanInsight } from "#protocol/plan";
import { edgeWidth } from "../../../../webview/src/explain/drawing/paintEdges.js";
import { receive, type PageState } from "../../../../webview/src/explain/pageState.js";
import { indexPlan, startingNode } from "../../../../webview/src/explain/planIndex.js";
import { planFile } from "../../../../webview/src/explain/planFile.js";
import { planOf } from "../plans.js";

const plan = planOf(["0", undefined, { selfTimeMs: 1 }], ["1", "0", { selfTimeMs: 9 }], ["2", "0", { selfTimeMs: 4 }]);
const insight = (node: string, severity: PlanInsight["severity"]): PlanInsight => ({
  rule: "r",
  node,
  severity,
  message: "m",
  advice: "a",
});

test("a reader starts at the worst finding, else at the slowest node, else at the root", () => {
  expect(startingNode(indexPlan({ ...plan, insights: [insight("0", "info"), insight("2", "warning")] }))).toBe("2");
  expect(startingNode(indexPlan({ ...plan, insights: [insight("99", "error")] }))).toBe("1");
  expect(startingNode(indexPlan(planOf(["0", undefined], ["1", "0"])))).toBe("0");
});

test("edges grow with the rows' order of magnitude and stay within bounds", () => {
  const widths = [undefined, 0, 1, 100, 10_000, 1e7, 1e12].map(edgeWidth);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect(widths[0]).toBe(1);
  expect(widths.at(-1)).toBe(14);
});

test.each([
  ["[]", "orders", { json: true, name: "plan-orders.json" }],
  ["Seq Scan on orders", "orders", { json: false, name: "plan-orders.txt" }],
  ["[]", "../<b>", { json: true, name: "plan-____b_.json" }],
])("plan file of %s", (source, relation, expected) => {
  expect(planFile({ ...planOf(["0", undefined, { relation }]), source })).toEqual(expected);
});

test("the last result stays while a newer one runs, fails or is given up", () => {
  const explained = { type: "explain", result: { sql: "select 1" } } as unknown as NonNullable<PageState["explained"]>;
  const shown = receive({}, explained);
  const running = receive(shown, { type: "running", title: "Planning", cancellable: true });
  expect(running).toEqual({ explained, running: { title: "Planning", cancellable: true } });
  expect(receive(running, { type: "idle" })).toEqual({ explained });
  const failure = { kind: "cancelled", message: "Stopped." } as const;
  expect(receive(running, { type: "failed", failure })).toEqual({ explained, failure });
  expect(receive(receive(running, { type: "failed", failure }), explained)).toEqual({ explained });
});
