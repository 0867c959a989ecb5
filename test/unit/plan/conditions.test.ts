import { beforeAll, describe, expect, it } from "vitest";
import { initEngine } from "../../../server/src/sql/engine/engine.js";
import { predicatesOf } from "../../../server/src/plan/conditions/predicates.js";
import { tableAccesses } from "../../../server/src/plan/index.js";
import { raw, read, document } from "./fixtures.js";

beforeAll(() => initEngine());

/** A predicate in one word per part, to keep the cases readable. */
function brief(condition: string): readonly string[] {
  const name = (column: { alias?: string; column: string; castTo?: string }) =>
    `${column.alias === undefined ? "" : `${column.alias}.`}${column.column}${column.castTo === undefined ? "" : `::${column.castTo}`}`;
  const one = (predicate: ReturnType<typeof predicatesOf>[number]): string => {
    switch (predicate.kind) {
      case "equality":
        return `${name(predicate.column)} = ${predicate.value.kind === "constant" ? predicate.value.text : predicate.value.kind}`;
      case "null":
        return `${name(predicate.column)} ${predicate.negated ? "not " : ""}null`;
      case "boolean":
        return `${name(predicate.column)} ${predicate.value}`;
      case "join":
        return `${name(predicate.left)} ${predicate.operator} ${name(predicate.right)}`;
      case "or":
        return predicate.branches.map((branch) => branch.map(one).join(" and ")).join(" or ");
      case "other":
        return `other(${predicate.columns.map(name).join(" ")})`;
      default:
        return `${predicate.kind} ${name(predicate.column)}`;
    }
  };
  return predicatesOf(condition).map(one);
}

describe("conditions of EXPLAIN", () => {
  it.each<[string, string[]]>([
    ["(customer_id = 42)", ["customer_id = 42"]],
    ["(42 = o.customer_id)", ["o.customer_id = 42"]],
    ["(n = 0)", ["n = 0"]],
    ["((o.status)::text = 'pending'::text)", ["o.status::text = pending"]],
    ["((o.a = $1) AND (o.b = ANY ('{1,2}'::integer[])))", ["o.a = parameter", "any o.b"]],
    ["((d >= '2024-01-01'::date) AND ('2025-01-01'::date > d))", ["range d", "range d"]],
    ["(created_at > (now() - '7 days'::interval))", ["range created_at"]],
    ["(name ~~ 'abc%'::text)", ["prefix name"]],
    ["(name ~~ '%abc'::text)", ["other(name)"]],
    ["((deleted_at IS NULL) AND (NOT done) AND active)", ["deleted_at null", "done false", "active true"]],
    ["(o.customer_id = c.id)", ["o.customer_id = c.id"]],
    ["((a = 1) OR ((b = 2) AND (c = 3)))", ["a = 1 or b = 2 and c = 3"]],
    ["(lower(email) = 'x'::text)", ["other(email)"]],
    ["(a = (b + 1))", ["other(a b)"]],
    ["(NOT (ANY (big.g = (hashed SubPlan 1).col1)))", ["other(big.g)"]],
    ["(a = (InitPlan 1).col1)", ["a = expression"]],
    ["(a = $0)", ["a = parameter"]],
    ["EXISTS(SubPlan 1)", ["other()"]],
    [`("order"."user" = 'it''s'::text)`, ["order.user = it's"]],
    ["(((broken", []],
    ["", []],
  ])("%s", (condition, expected) => expect(brief(condition)).toEqual(expected));
});

describe("table accesses", () => {
  const orders = raw("Seq Scan", {
    "Relation Name": "orders",
    Schema: "public",
    Alias: "o",
    Filter: "((o.status = 'open'::text) AND (o.total > 10))",
    Output: ["o.id", "o.total", "o.customer_id"],
  });
  const customers = raw("Seq Scan", { "Relation Name": "customers", Schema: "public", Alias: "c", Output: ["c.id", "upper(c.name)"] });
  const hash = raw("Hash", { "Parent Relationship": "Inner" }, [customers]);
  const join = raw("Hash Join", { "Hash Cond": "(o.customer_id = c.id)" }, [orders, hash]);

  it("know predicates, joins, order and columns", () => {
    const [first, second] = tableAccesses(read(document(raw("Sort", { "Sort Key": ["o.created_at DESC", "o.id"] }, [join]))));
    expect(first).toMatchObject({
      table: "orders",
      alias: "o",
      joined: ["customer_id"],
      columns: ["id", "total", "customer_id", "status"],
    });
    expect(first?.predicates.map(({ kind }) => kind)).toEqual(["equality", "range"]);
    expect(first?.sort).toEqual([
      { column: "created_at", descending: true },
      { column: "id", descending: false },
    ]);
    expect(second).toMatchObject({ table: "customers", joined: ["id"], sort: [], predicates: [], columns: ["id", "name"] });
  });

  it("an order over two tables is no index's", () => {
    const [first] = tableAccesses(read(document(raw("Sort", { "Sort Key": ["o.created_at", "c.name"] }, [join]))));
    expect(first?.sort).toEqual([]);
  });

  it("bitmap scans are read with the index scans below them", () => {
    const below = raw("Bitmap Index Scan", { "Index Name": "i", "Index Cond": "(a = 1)" });
    const [access] = tableAccesses(
      read(document(raw("Bitmap Heap Scan", { "Relation Name": "t", Filter: "(b = 2)", "Recheck Cond": "(a = 1)" }, [below]))),
    );
    expect(access?.predicates).toHaveLength(2);
    expect(access?.columns).toBeUndefined();
  });
});
