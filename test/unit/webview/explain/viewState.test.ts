import { expect, test } from "vitest";
import type { PlanNode } from "#protocol/plan";
import { indexPlan } from "../../../../webview/src/explain/planIndex.js";
import { highlightPieces, searchPlan } from "../../../../webview/src/explain/search.js";
import { storedChoices } from "../../../../webview/src/explain/storedView.js";
import { choose, firstChoices, viewOf, type Choices, type ViewAction } from "../../../../webview/src/explain/viewState.js";
import { planOf } from "../plans.js";

const scan = (relation: string, extra: Partial<PlanNode> = {}): Partial<PlanNode> => ({ relation, selfTimeMs: 1, ...extra });
const index = indexPlan(
  planOf(
    ["0", undefined, { type: "Hash Join", title: "Hash Join", details: [{ key: "Hash Cond", value: "(o.customer_id = c.id)" }] }],
    ["1", "0", scan("orders", { alias: "o", details: [{ key: "Filter", value: "(status = 'open'::text)" }] })],
    ["2", "0", { type: "Hash", title: "Hash" }],
    ["3", "2", scan("customers", { alias: "c", index: "customers_pkey", type: "Index Scan", title: "Index Scan" })],
  ),
);
const other = indexPlan(planOf(["0", undefined, { type: "Sort" }], ["1", "0"]));
const after = (...actions: readonly ViewAction[]): Choices => actions.reduce((now, action) => choose(index, now, action), firstChoices);
const viewAfter = (...actions: readonly ViewAction[]) => viewOf(index, after(...actions));

test.each<[string, string[]]>([
  ["orders", ["1"]],
  ["ORDERS", ["1"]],
  ["customers_pkey", ["3"]],
  ["status = 'open'", ["1"]],
  ["hash cond", ["0"]],
  ["hash", ["0", "2"]],
  ["scan", ["1", "3"]],
  ["scan customers", ["3"]],
  ["nowhere", []],
  ["  ", []],
])("search for %j", (text, expected) => {
  expect(searchPlan(index, text)).toEqual(expected);
});

test.each<[string, string, string]>([
  ["Seq Scan on orders", "scan OR", "Seq |Scan| on |or|ders"],
  ["orders", "orders", "|orders|"],
  ["orders", "", "orders"],
  ["aaa", "aa", "|aa|a"],
  ["İstanbul", "stan", "İstanbul"],
])("%j lit by %j", (text, search, expected) => {
  const lit = highlightPieces(text, search).map((piece) => (piece.hit ? `|${piece.text}|` : piece.text));
  expect(lit.join("")).toBe(expected);
});

test.each<[string, 1 | -1, string]>([
  ["0", 1, "1"],
  ["1", 1, "3"],
  ["3", 1, "1"],
  ["2", 1, "3"],
  ["1", -1, "3"],
  ["3", -1, "1"],
  ["2", -1, "1"],
  ["0", -1, "3"],
])("from node %s the match at step %i is %s", (node, step, expected) => {
  const view = viewAfter({ type: "select", node }, { type: "search", text: "scan" }, { type: "match", step });
  expect(view.selected).toBe(expected);
  expect(view.match).toBe(view.matches.indexOf(expected));
});

test("without a match the selection stays", () => {
  expect(viewAfter({ type: "select", node: "2" }, { type: "search", text: "nowhere" }, { type: "match", step: 1 }).selected).toBe("2");
});

test("nodes are open until they are folded, groups folded until they are opened", () => {
  const view = viewAfter(
    { type: "fold", id: "0", open: false },
    { type: "fold", id: "2", open: false },
    { type: "fold", id: "0", open: true },
    { type: "fold", id: "members of 0", open: true },
    { type: "fold", id: "members of 2", open: true },
    { type: "fold", id: "members of 2", open: false },
  );
  expect([...view.folded]).toEqual(["2"]);
  expect([...view.unfolded]).toEqual(["members of 0"]);
});

test("a plan of another shape starts anew, tab and search go on", () => {
  const choices = after(
    { type: "select", node: "3" },
    { type: "fold", id: "2", open: false },
    { type: "tab", tab: "text" },
    { type: "search", text: "x" },
  );
  const view = viewOf(other, choices);
  expect([view.selected, view.folded.size, view.tab, view.search]).toEqual(["0", 0, "text", "x"]);
  const chosen = choose(other, choices, { type: "select", node: "1" });
  expect([chosen.plan, chosen.selected, chosen.folded]).toEqual([other.key, "1", []]);
});

test("a measure that the plan has no numbers for gives way to one that it has", () => {
  const chosen = after({ type: "measure", measure: "buffers" });
  expect(viewOf(index, chosen).measure).toBe("time");
  expect(viewOf(other, chosen).measure).toBe("cost");
});

test.each<[string, unknown, Partial<Choices>]>([
  ["nothing", undefined, {}],
  ["what was written", { ...firstChoices, tab: "text", selected: "3", folded: ["2"] }, { tab: "text", selected: "3", folded: ["2"] }],
  ["a tab and a list of an older page", { tab: "plan", folded: "2", search: "x" }, { search: "x" }],
])("stored choices: %s", (_, stored, expected) => {
  expect(storedChoices(stored)).toEqual({ ...firstChoices, ...expected });
});
