import { expect, test } from "vitest";
import type { PlanNode } from "#protocol/plan";
import { cardOf, measureCard, measureNode, spokenCard, type Card } from "../../../../webview/src/explain/card.js";
import { planOf } from "../plans.js";

const buffers = {
  sharedHit: 1200,
  sharedRead: 56,
  sharedDirtied: 0,
  sharedWritten: 0,
  localHit: 0,
  localRead: 0,
  localDirtied: 0,
  localWritten: 0,
  tempRead: 3,
  tempWritten: 4,
};

function card(node: Partial<PlanNode>, executionTimeMs?: number): Card {
  const plan = { ...planOf(["0", undefined, node]), executionTimeMs };
  return cardOf(plan, plan.nodes[0], plan.nodes[0]!);
}

test.each<[string, Card, Partial<Card>]>([
  ["time and share", card({ selfTimeMs: 87.21 }, 100), { primary: "87.2 ms", share: "87 %", heat: 3, bar: 0.8721 }],
  [
    "several processes count once",
    card({ selfTimeMs: 90, selfWallTimeMs: 30, participants: 3, loops: 3 }, 100),
    { primary: "30.0 ms", share: "30 %", heat: 2, loops: "3 loops" },
  ],
  [
    "costs where nothing was run",
    card({ startupCost: 0.43, totalCost: 1234.5 }),
    { primary: "cost 0.43 … 1,234.50", share: undefined, bar: 1, heat: 0 },
  ],
  [
    "rows of all loops against estimates of all loops",
    card({ rows: 500, estimatedRows: 10, loops: 50 }),
    { rows: "500 rows", estimate: "500 estimated" },
  ],
  ["one row is one row", card({ rows: 1, loops: 1 }), { rows: "1 row" }],
  ["many more rows", card({ rowsRatio: 208.4 }), { misestimate: { direction: "more", ratio: 208.4, severe: true, label: "208×" } }],
  ["fewer rows", card({ rowsRatio: 0.25 }), { misestimate: { direction: "fewer", ratio: 0.25, severe: false, label: "4.0×" } }],
  ["a small error says nothing", card({ rowsRatio: 1.4 }), { misestimate: undefined }],
  [
    "never executed",
    card({ neverExecuted: true, rows: 0, loops: 0, estimatedRows: 5 }),
    { primary: "never executed", rows: undefined, estimate: undefined },
  ],
  ["self buffers", card({ selfBuffers: buffers }), { buffers: "1,200 hit · 56 read · 7 temp" }],
  ["index and relation", card({ index: "orders_pkey", relation: "orders", alias: "o" }), { subject: "orders_pkey on orders o" }],
  ["schema other than public", card({ relation: "orders", schema: "shop", alias: "orders" }), { subject: "shop.orders" }],
])("card: %s", (_, actual, expected) => {
  expect(actual).toMatchObject(expected);
});

test("a card is as high as its lines", () => {
  const low = measureCard(card({}));
  const high = measureCard(card({ relation: "orders", rows: 3, selfBuffers: buffers, subplanName: "InitPlan 1" }));
  expect(high.width).toBe(low.width);
  expect(high.height).toBeGreaterThan(low.height);
});

test("a card in words", () => {
  const spoken = spokenCard(
    card({ type: "Seq Scan", relation: "orders", selfTimeMs: 87.21, rows: 2000, estimatedRows: 10, loops: 1, rowsRatio: 200 }, 100),
    1,
  );
  expect(spoken).toBe(
    "Seq Scan on orders, self 87.2 ms, 87 % of the execution time, 2,000 rows, 10 estimated, 200 times more rows than estimated, 1 finding",
  );
});

const own = (hit: number, temp = 0) => ({ ...buffers, sharedHit: hit, sharedRead: 0, tempRead: temp, tempWritten: 0 });
test.each<Partial<PlanNode>>([
  {},
  { subplanName: "CTE x", totalCost: 3 },
  { alias: "x", rows: 0, loops: 1 },
  { relation: "orders", index: "orders_pkey", selfTimeMs: 0, rows: 2, estimatedRows: 3, selfBuffers: own(1) },
  { index: "i", estimatedRows: 4, selfBuffers: own(0) },
  { neverExecuted: true, rows: 0, estimatedRows: 4, totalCost: 3, selfBuffers: own(0, 2) },
])("a card's size is known without the card: %j", (node) => {
  const [made] = planOf(["0", undefined, node]).nodes;
  expect(measureNode(made!)).toEqual(measureCard(card(node)));
});
