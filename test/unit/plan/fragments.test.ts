import { beforeAll, describe, expect, test } from "vitest";
import type { PlanNode } from "#protocol/plan";
import { fragmentsOf } from "../../../server/src/plan/index.js";
import { initSql, type ColumnsOf } from "../../../server/src/sql/index.js";
import { planOf } from "../webview/plans.js";

beforeAll(() => initSql());

const columns: Readonly<Record<string, readonly string[]>> = {
  orders: ["id", "customer_id", "total", "status"],
  customers: ["id", "name"],
};
const columnsOf: ColumnsOf = ({ name }) => (columns[name] ? new Set(columns[name]) : undefined);

/** Kind and text of each fragment of one node beside others. */
function checkFragments(sql: string, node: Partial<PlanNode>, expected: readonly string[], ...others: readonly Partial<PlanNode>[]): void {
  const plan = planOf(["0", undefined, node], ...others.map((other, index) => [`${index + 1}`, "0", other] as const));
  const found = fragmentsOf(sql, plan, columnsOf).filter((fragment) => fragment.node === "0");
  expect(found.map(({ kind, start, end }) => `${kind}: ${sql.slice(start, end)}`)).toEqual(expected);
}

const detail = (key: string, value: string): Pick<PlanNode, "details"> => ({ details: [{ key, value }] });
const filter = (value: string, alias = "o"): Partial<PlanNode> => ({ alias, ...detail("Filter", value) });
const one = "SELECT o.id FROM orders o WHERE ";

describe("tables", () => {
  test.each<[string, Partial<PlanNode>, string[]]>([
    ["SELECT * FROM orders AS o", { relation: "orders", alias: "o" }, ["relation: orders AS o"]],
    ["SELECT * FROM shop.orders o JOIN x ON true", { relation: "orders", schema: "shop", alias: "o" }, ["relation: shop.orders o"]],
    ["SELECT * FROM shop.orders", { relation: "orders", schema: "other", alias: "orders" }, []],
    ['SELECT * FROM "Größe" -- a table\n, b', { relation: "Größe", alias: "Größe" }, ['relation: "Größe"']],
    ["UPDATE orders SET total = 1", { relation: "orders", alias: "orders" }, ["relation: orders"]],
    // The same name twice: the server calls the second orders_1, but which was planned first nobody says.
    ["SELECT 1 FROM orders WHERE id IN (SELECT id FROM orders)", { relation: "orders", alias: "orders" }, []],
    // Behind a view.
    ["SELECT * FROM recent", { relation: "orders", alias: "orders" }, []],
    ["not a statement", { relation: "orders", alias: "orders" }, []],
    ["SELECT 1 FROM orders; SELECT 2", { relation: "orders", alias: "orders" }, []],
  ])("%s", (sql, node, expected) => checkFragments(sql, node, expected));
});

describe("conditions", () => {
  test.each<[string, string, string[]]>([
    ["total > 100", "(o.total > '100'::numeric)", ["total > 100"]],
    ["100 < total", "(total > '100'::numeric)", ["100 < total"]],
    ["o.status = $1 AND (o.total > 5)", "((status)::text = 'x'::text)", ["o.status = $1"]],
    ["(o.total > 5) AND o.status = 'x'", "(total > '5'::numeric)", ["(o.total > 5)"]],
    ["o.status IN ('a', 'b') ORDER BY 1", "((status)::text = ANY ('{a,b}'::text[]))", ["o.status IN ('a', 'b')"]],
    ["o.total BETWEEN 1 AND 2 AND o.id > 7", "((total >= '1'::numeric) AND (total <= '2'::numeric))", ["o.total BETWEEN 1 AND 2"]],
    ["o.total BETWEEN 1 AND 2 AND o.id > 7", "(id > 7)", ["o.id > 7"]],
    ["lower(o.status) LIKE 'a%'", "(lower((status)::text) ~~ 'a%'::text)", ["lower(o.status) LIKE 'a%'"]],
    [
      "NOT (o.status = 'x' OR o.total IS NULL)",
      "(NOT (((status)::text = 'x'::text) OR (total IS NULL)))",
      ["NOT (o.status = 'x' OR o.total IS NULL)"],
    ],
    ["status IS NOT NULL GROUP BY o.id", "(o.status IS NOT NULL)", ["status IS NOT NULL"]],
    ["o.total > 1 AND o.total > 2", "(total > '2'::numeric)", ["o.total > 2"]],
    // Two that cannot be told apart, one that the planner made, one that is another operator.
    ["o.total > $1 AND o.total > $2", "(total > '2'::numeric)", []],
    ["o.total > 1", "(total >= '1'::numeric)", []],
    ["o.total > 1", "(id = 5)", []],
    ["o.total > 1", "no condition at all", []],
  ])("%s ← %s", (where, condition, expected) => {
    checkFragments(
      one + where,
      filter(condition),
      expected.map((text) => `condition: ${text}`),
    );
  });
  test.each<[string, string, string[]]>([
    ["SELECT 1 FROM orders o JOIN customers c ON c.id = o.customer_id", "(o.customer_id = c.id)", ["condition: c.id = o.customer_id"]],
    [
      "SELECT 1 FROM orders o, customers c WHERE customer_id = c.id AND name = 'x'",
      "(o.customer_id = c.id)",
      ["condition: customer_id = c.id"],
    ],
    ["SELECT 1 FROM orders o JOIN unknown u ON total = u.id", "(o.total = u.id)", []],
  ])("%s", (sql, condition, expected) => checkFragments(sql, detail("Hash Cond", condition), expected));
  test("a bitmap index scan's columns are those of the scan above", () => {
    const plan = planOf(
      ["0", undefined, { type: "Bitmap Heap Scan", relation: "orders", alias: "o" }],
      ["1", "0", { type: "Bitmap Index Scan", ...detail("Index Cond", "(id < 5)") }],
    );
    const sql = "SELECT 1 FROM orders o, customers c WHERE o.id < 5 AND c.id < 6";
    expect(fragmentsOf(sql, plan, columnsOf).map(({ node, start, end }) => [node, sql.slice(start, end)])).toContainEqual([
      "1",
      "o.id < 5",
    ]);
  });
});

describe("order, groups, limit, WITH", () => {
  test.each<[string, Partial<PlanNode>, string[]]>([
    [
      "SELECT o.id FROM orders o ORDER BY o.total DESC, id LIMIT 5",
      detail("Sort Key", "o.total DESC, o.id"),
      ["order: ORDER BY o.total DESC, id"],
    ],
    ["SELECT o.total AS t FROM orders o ORDER BY t", detail("Sort Key", "total"), ["order: ORDER BY t"]],
    ["SELECT sum(o.total) FROM orders o ORDER BY 1", detail("Sort Key", "(sum(total))"), ["order: ORDER BY 1"]],
    ["SELECT o.id FROM orders o ORDER BY o.total", detail("Sort Key", "o.id"), []],
    ["SELECT status, count(*) FROM orders o GROUP BY status", detail("Group Key", "o.status"), ["group: GROUP BY status"]],
    ["SELECT 1 FROM orders o ORDER BY id LIMIT 10 OFFSET 5", { type: "Limit" }, ["limit: LIMIT 10"]],
    ["SELECT 1 FROM orders FETCH FIRST 3 ROWS ONLY", { type: "Limit" }, ["limit: FETCH FIRST 3 ROWS ONLY"]],
    ["SELECT 1 FROM (SELECT 1 LIMIT 5) s LIMIT 10", { type: "Limit" }, []],
    [
      "WITH a AS MATERIALIZED (SELECT (1)), b AS (SELECT 2) SELECT * FROM a, b",
      { subplanName: "CTE a" },
      ["with: a AS MATERIALIZED (SELECT (1))"],
    ],
    ["WITH a(x) AS (SELECT 1) SELECT * FROM a", detail("CTE Name", "a"), ["with: a(x) AS (SELECT 1)"]],
  ])("%s", (sql, node, expected) => checkFragments(sql, node, expected));
});
