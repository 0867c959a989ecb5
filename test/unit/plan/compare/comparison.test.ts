import { describe, expect, test } from "vitest";
import type { ComparedNode } from "#protocol/comparison";
import type { Plan } from "#protocol/plan";
import { comparePlans } from "../../../../server/src/plan/index.js";
import { recorded, recordedPlan } from "../fixtures.js";
import { estimated, indexScan, plan, scan, step } from "./plans.js";

/** The merged tree, a line per node: `=` same, `~` done otherwise, `+` new, `-` gone; indented as deep as it stands. */
function tree(before: Plan, after: Plan): string[] {
  const { nodes } = comparePlans(before, after);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const depth = (node: ComparedNode): number => (node.parent === undefined ? 0 : 1 + depth(byId.get(node.parent)!));
  const sign = { same: "=", changed: "~", added: "+", removed: "-" };
  return nodes.map((node) => `${"  ".repeat(depth(node))}${sign[node.kind]} ${node.title}`);
}

const orders = (ms: number) => scan("orders", { ms, rows: 100_000 }, { Filter: "(customer_id = 5)" });
const byCustomer = (ms: number) => indexScan("orders", "ix_orders_customer", { ms, rows: 20 }, { "Index Cond": "(customer_id = 5)" });
const hash = (ms: number, table: string) => step("Hash", { ms, rows: 10 }, {}, scan(table, { ms, rows: 10 }));
const hashJoin = (ms: number, outer: ReturnType<typeof scan>, inner: ReturnType<typeof scan>) =>
  step("Hash Join", { ms }, { "Join Type": "Inner", "Hash Cond": "(o.id = c.id)" }, outer, inner);

describe("steps are matched by what they read", () => {
  const cases: { name: string; before: Plan; after: Plan; tree: string[] }[] = [
    {
      name: "the same plan",
      before: plan(orders(10)),
      after: plan(orders(20)),
      tree: ["= Seq Scan on orders"],
    },
    {
      name: "an index instead of a sequential scan",
      before: plan(orders(10)),
      after: plan(byCustomer(1)),
      tree: ["~ Index Scan using ix_orders_customer on orders"],
    },
    {
      name: "another order of the same join",
      before: plan(hashJoin(10, scan("orders", { ms: 4 }), hash(2, "customers"))),
      after: plan(hashJoin(10, scan("customers", { ms: 2 }), hash(4, "orders"))),
      tree: ["= Hash Join", "  - Hash", "    = Seq Scan on customers", "  + Hash", "    = Seq Scan on orders"],
    },
    {
      name: "another way of joining",
      before: plan(hashJoin(10, scan("orders", { ms: 4 }), hash(2, "customers"))),
      after: plan(
        step(
          "Nested Loop",
          { ms: 3 },
          { "Join Type": "Inner" },
          scan("orders", { ms: 1 }),
          indexScan("customers", "customers_pkey", { ms: 1 }),
        ),
      ),
      tree: ["~ Nested Loop", "  = Seq Scan on orders", "  - Hash", "    ~ Index Scan using customers_pkey on customers"],
    },
    {
      name: "a sort that is gone",
      before: plan(step("Limit", { ms: 10 }, {}, step("Sort", { ms: 10 }, { "Sort Key": ["id"] }, orders(8)))),
      after: plan(step("Limit", { ms: 1 }, {}, byCustomer(1))),
      tree: ["= Limit", "  - Sort", "    ~ Index Scan using ix_orders_customer on orders"],
    },
    {
      name: "a root that is gone",
      before: plan(step("Gather", { ms: 10 }, {}, orders(8))),
      after: plan(byCustomer(1)),
      tree: ["- Gather", "  ~ Index Scan using ix_orders_customer on orders"],
    },
    {
      name: "a table joined twice under two names",
      before: plan(
        hashJoin(9, scan("users", { ms: 1 }, { Alias: "a" }), step("Hash", { ms: 2 }, {}, scan("users", { ms: 2 }, { Alias: "b" }))),
      ),
      after: plan(
        hashJoin(9, scan("users", { ms: 2 }, { Alias: "b" }), step("Hash", { ms: 1 }, {}, scan("users", { ms: 1 }, { Alias: "a" }))),
      ),
      tree: ["= Hash Join", "  - Hash", "    = Seq Scan on users b", "  + Hash", "    = Seq Scan on users a"],
    },
    {
      name: "an alias under another name",
      before: plan(scan("orders", { ms: 2 }, { Alias: "o" })),
      after: plan(scan("orders", { ms: 2 }, { Alias: "orders_1" })),
      tree: ["= Seq Scan on orders orders_1"],
    },
    {
      name: "a bitmap scan of another index",
      before: plan(
        step(
          "Bitmap Heap Scan",
          { ms: 4 },
          { "Relation Name": "t", Alias: "t" },
          step("Bitmap Index Scan", { ms: 1 }, { "Index Name": "a" }),
        ),
      ),
      after: plan(
        step(
          "Bitmap Heap Scan",
          { ms: 4 },
          { "Relation Name": "t", Alias: "t" },
          step("Bitmap Index Scan", { ms: 1 }, { "Index Name": "b" }),
        ),
      ),
      tree: ["= Bitmap Heap Scan on t", "  ~ Bitmap Index Scan on b"],
    },
    {
      name: "partitions that are pruned now",
      before: plan(
        step(
          "Aggregate",
          { ms: 9 },
          { Strategy: "Plain" },
          step("Append", { ms: 8 }, {}, scan("p1", { ms: 4 }), scan("p2", { ms: 4 }), scan("p3", { ms: 4 })),
        ),
      ),
      after: plan(
        step("Aggregate", { ms: 5 }, { Strategy: "Plain" }, step("Append", { ms: 4 }, {}, scan("p1", { ms: 4 }), scan("p3", { ms: 4 }))),
      ),
      tree: ["= Aggregate", "  = Append", "    = Seq Scan on p1", "    - Seq Scan on p2", "    = Seq Scan on p3"],
    },
    {
      name: "subplans keep their roles",
      before: plan(
        step(
          "Result",
          { ms: 9 },
          {},
          { ...scan("t", { ms: 4 }), "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1 (returns $0)" },
          scan("t", { ms: 4 }),
        ),
      ),
      after: plan(
        step("Result", { ms: 9 }, {}, scan("t", { ms: 4 }), {
          ...scan("t", { ms: 4 }),
          "Parent Relationship": "InitPlan",
          "Subplan Name": "InitPlan 1",
        }),
      ),
      tree: ["= Result", "  = Seq Scan on t", "  = Seq Scan on t"],
    },
  ];
  test.each(cases)("$name", ({ before, after, tree: expected }) => {
    expect(tree(before, after)).toEqual(expected);
    checkMerged(before, after);
  });
});

/** Every node of both plans stands in the merged tree exactly once, and the tree hangs together. */
function checkMerged(before: Plan, after: Plan): void {
  const { nodes } = comparePlans(before, after);
  expect(nodes.flatMap(({ before: id }) => id ?? []).sort()).toEqual(before.nodes.map(({ id }) => id).sort());
  expect(nodes.flatMap(({ after: id }) => id ?? []).sort()).toEqual(after.nodes.map(({ id }) => id).sort());
  const told = nodes.flatMap(({ id, children }) => children.map((child) => `${id} ${child}`));
  expect(told.sort()).toEqual(
    nodes
      .slice(1)
      .map(({ id, parent }) => `${parent} ${id}`)
      .sort(),
  );
}

describe("recorded plans", () => {
  const plans = recorded.map((name) => ({ name, plan: recordedPlan(name) }));
  test.each(plans)("$name with itself: nothing changes", ({ plan: one }) => {
    const { nodes, summary } = comparePlans(one, one);
    expect(nodes.every(({ kind, timeDiffers, rowsDiffer }) => kind === "same" && timeDiffers !== true && rowsDiffer !== true)).toBe(true);
    expect(nodes.map(({ after }) => after)).toEqual(one.nodes.map(({ id }) => id));
    expect(summary).toContain("every step is done the same way");
  });

  test.each(plans)("$name with all others: every node stands in the tree once", ({ plan: one }) => {
    for (const { plan: other } of plans) checkMerged(one, other);
  });

  test.each(recorded.filter((name) => name.startsWith("pg15_")))("%s on 15 and 18 is matched node by node", (name) => {
    const { nodes } = comparePlans(recordedPlan(name), recordedPlan(name.replace("pg15", "pg18")));
    const alone = nodes.filter(({ kind }) => kind === "added" || kind === "removed").map(({ title }) => title);
    expect(alone).toEqual(otherSince15[name] ?? []);
  });
});

/** Steps that 18 plans otherwise than 15: its SetOp takes two inputs. */
const otherSince15: Record<string, readonly string[]> = {
  pg15_setop: ["Append", 'Subquery Scan on "*SELECT* 1"', 'Subquery Scan on "*SELECT* 2"'],
};

describe("what changed, in one sentence", () => {
  const cases: { name: string; before: Plan; after: Plan; summary: string }[] = [
    {
      name: "an index",
      before: plan(orders(100)),
      after: plan(byCustomer(2)),
      summary:
        "100 ms → 2.00 ms (50 times faster): orders: Index Scan using ix_orders_customer instead of Seq Scan (100 ms → 2.00 ms of its own).",
    },
    {
      name: "the step that weighs most comes first",
      before: plan(step("Limit", { ms: 100 }, {}, step("Sort", { ms: 99 }, { "Sort Key": ["id"] }, orders(80)))),
      after: plan(step("Limit", { ms: 1 }, {}, byCustomer(1))),
      summary:
        "100 ms → 1.00 ms (100 times faster): orders: Index Scan using ix_orders_customer instead of Seq Scan (80.0 ms → 1.00 ms of its own); 1 more step differs.",
    },
    {
      name: "no structure",
      before: plan(orders(10)),
      after: plan(orders(30)),
      summary: "10.0 ms → 30.0 ms (3.0 times slower); every step is done the same way, so the difference lies in data, caches or chance.",
    },
    {
      name: "costs are not called times",
      before: estimated(orders(10)),
      after: estimated(byCustomer(1)),
      summary: "Planner cost 1000.00 → 100.00, not measured times: orders: Index Scan using ix_orders_customer instead of Seq Scan.",
    },
  ];
  test.each(cases)("$name", ({ before, after, summary }) => {
    expect(comparePlans(before, after).summary).toBe(summary);
  });
});

describe("figures", () => {
  test("indexes of each", () => {
    const { indexes } = comparePlans(
      plan(hashJoin(9, byCustomer(1), indexScan("c", "old", { ms: 1 }))),
      plan(hashJoin(9, byCustomer(1), indexScan("c", "new", { ms: 1 }))),
    );
    expect(indexes).toEqual({ both: ["ix_orders_customer"], onlyBefore: ["old"], onlyAfter: ["new"] });
  });

  test("a difference within the rounding is none", () => {
    const { nodes } = comparePlans(plan(orders(10)), plan(orders(10.001)));
    expect(nodes[0]).toMatchObject({ timeDiffers: false, selfTimeMs: { before: 10, after: 10.001 } });
    expect(comparePlans(plan(orders(10)), plan(orders(10.01))).nodes[0]!.timeDiffers).toBe(true);
  });

  test("an estimate is not set beside a count", () => {
    const { nodes } = comparePlans(estimated(orders(10)), plan(orders(10)));
    expect(nodes[0]!.rows).toEqual({ before: 100_000, after: 100_000 });
    expect(nodes[0]!.selfTimeMs).toEqual({ after: 10 });
  });

  test("sorts on disk and hash batches are told", () => {
    const sort = (type: string, used: number) =>
      plan(step("Sort", { ms: 5 }, { "Sort Key": ["id"], "Sort Space Type": type, "Sort Space Used": used }, orders(4)));
    expect(comparePlans(sort("Disk", 2048), sort("Memory", 4096)).nodes[0]!.changes).toEqual([
      "sorted in memory (4.0 MB) instead of on disk (2.0 MB)",
    ]);
    const batches = (number: number) => plan(step("Hash", { ms: 5 }, { "Hash Batches": number }, orders(4)));
    expect(comparePlans(batches(8), batches(1)).nodes[0]!.changes).toEqual(["1 hash batch instead of 8"]);
  });
});

test("ten thousand partitions take the time of ten thousand nodes", () => {
  const many = (from: number) =>
    plan(step("Append", { ms: 10_000 }, {}, ...Array.from({ length: 10_000 }, (_, i) => scan(`p${i + from}`, { ms: 1 }))));
  const { nodes } = comparePlans(many(0), many(5000));
  expect(nodes).toHaveLength(15_001);
  expect(nodes.filter(({ kind }) => kind === "removed")).toHaveLength(5000);
  expect(nodes.filter(({ kind }) => kind === "added")).toHaveLength(5000);
});
