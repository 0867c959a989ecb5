import { beforeAll, describe, expect, it } from "vitest";
import { candidatesOf, branchCandidates } from "../../../server/src/analyzers/optimize/indexes/candidates.js";
import { createIndexSql, indexName, keySql, type Candidate } from "../../../server/src/analyzers/optimize/indexes/candidate.js";
import { estimateIndexSize } from "../../../server/src/analyzers/optimize/indexes/statistics.js";
import { planFromJson } from "../../../server/src/plan/index.js";
import { initSql } from "../../../server/src/sql/index.js";
import { catalog, column, index, scanPlan, table } from "./fakes.js";

beforeAll(() => initSql());

const orders = table("orders", [
  "id",
  "customer_id",
  column("status", "character varying(20)", {
    distinct: 3,
    mostCommon: [
      { value: "open", frequency: 0.02 },
      { value: "done", frequency: 0.9 },
    ],
  }),
  column("created_at", "timestamp with time zone"),
  column("shipped_at", "timestamp with time zone", { nullFraction: 0.01 }),
  column("deleted", "boolean", {
    distinct: 2,
    mostCommon: [
      { value: "f", frequency: 0.99 },
      { value: "t", frequency: 0.01 },
    ],
  }),
  column("note", "text"),
]);

const brief = ({ columns, predicate }: Candidate): string =>
  columns.map(keySql).join(",").replaceAll('"', "") + (predicate === undefined ? "" : ` where ${predicate.replaceAll('"', "")}`);

function planOf(keys: Record<string, unknown>, sort?: readonly string[]) {
  const scan = scanPlan("orders", keys);
  const node = (JSON.parse(scan) as [{ Plan: Record<string, unknown> }])[0].Plan;
  const sorted = {
    "Node Type": "Sort",
    "Sort Key": sort,
    "Total Cost": 5000,
    "Startup Cost": 0,
    "Plan Rows": 5,
    Plans: [{ ...node, "Parent Relationship": "Outer" }],
  };
  const { plan, problem } = planFromJson(sort ? JSON.stringify([{ Plan: sorted }]) : scan);
  if (!plan) throw new Error(problem);
  return plan;
}

const of = (filter: string, options: { sort?: string[]; table?: typeof orders; fixed?: boolean } = {}) =>
  candidatesOf(planOf({ Filter: filter }, options.sort), catalog(options.table ?? orders), {
    constantsAreFixed: options.fixed ?? false,
  }).map(brief);

describe("candidates", () => {
  it.each<[string, string, string[], { sort?: string[]; fixed?: boolean }?]>([
    ["one equality", "(customer_id = 42)", ["customer_id"]],
    ["equality before range", "((created_at > now()) AND (customer_id = $1))", ["customer_id,created_at", "customer_id"]],
    ["equality, then order", "(customer_id = $1)", ["customer_id,created_at", "customer_id"], { sort: ["created_at DESC"] }],
    [
      "mixed directions are kept",
      "(customer_id = 1)",
      ["customer_id,created_at DESC,id", "customer_id"],
      { sort: ["created_at DESC", "id"] },
    ],
    [
      "unusual NULLS are kept",
      "(customer_id = 1)",
      ["customer_id,created_at DESC NULLS LAST", "customer_id"],
      { sort: ["created_at DESC NULLS LAST"] },
    ],
    ["the most telling equality first", "((status = $1) AND (customer_id = $2))", ["customer_id,status", "customer_id", "status"]],
    ["varchar compares as text", "((status)::text = 'open'::text)", ["status"]],
    ["a converting cast is not served", "((customer_id)::numeric = 1.5)", []],
    ["LIKE with a prefix", "(note ~~ 'abc%'::text)", ["note text_pattern_ops"]],
    ["LIKE with a leading wildcard", "(note ~~ '%abc'::text)", []],
    [
      "IS NULL of few rows",
      "((shipped_at IS NULL) AND (customer_id = 5))",
      ["customer_id,shipped_at", "customer_id where shipped_at IS NULL", "customer_id", "shipped_at"],
    ],
    ["few true rows", "(deleted AND (created_at < now()))", ["deleted,created_at", "deleted", "created_at where deleted"]],
    ["many false rows", "((NOT deleted) AND (created_at < now()))", ["deleted,created_at", "deleted"]],
    [
      "a literal may be a parameter's value",
      "((status)::text = 'open'::text) AND (customer_id = 1)",
      ["customer_id,status", "customer_id", "status"],
    ],
    [
      "a rare literal of the statement",
      "((status)::text = 'open'::text) AND (customer_id = 1)",
      ["customer_id,status", "customer_id where status = 'open'", "customer_id", "status"],
      { fixed: true },
    ],
    [
      "a common literal of the statement",
      "((status)::text = 'done'::text) AND (customer_id = 1)",
      ["customer_id,status", "customer_id", "status"],
      { fixed: true },
    ],
    ["the primary key leaves nothing to do", "((id = 5) AND (customer_id = 1))", ["customer_id"]],
    ["an unknown column", "(nobody = 5)", []],
    ["no condition", "", []],
  ])("%s", (_, filter, expected, options) => expect(of(filter, options)).toEqual(expected));

  it.each<[string, Partial<typeof orders>]>([
    ["small tables are left alone", { size: { rows: 500, pages: 10, bytes: 80_000 } }],
    ["views have no indexes", { kind: "view" }],
    ["an index that begins so serves it", { indexes: [index("i", ["customer_id", "status"])] }],
    ["in whatever order the equalities stand", { indexes: [index("i", ["customer_id"])] }],
  ])("%s", (_, more) => expect(of("(customer_id = 42)", { table: { ...orders, ...more } })).toEqual([]));

  it.each<[string, Partial<typeof orders>]>([
    ["an invalid index serves nothing", { indexes: [index("i", ["customer_id"], { valid: false })] }],
    ["nor does a partial one", { indexes: [index("i", ["customer_id"], { predicate: "deleted" })] }],
    ["nor one that begins otherwise", { indexes: [index("i", ["status", "customer_id"])] }],
    ["nor one of another method", { indexes: [index("i", ["customer_id"], { method: "hash" })] }],
  ])("%s", (_, more) => expect(of("(customer_id = 42)", { table: { ...orders, ...more } })).toEqual(["customer_id"]));

  it("a join is served from either side", () => {
    const node = (name: string) => (JSON.parse(scanPlan(name)) as [{ Plan: object }])[0].Plan;
    const hash = {
      "Node Type": "Hash",
      "Parent Relationship": "Inner",
      "Total Cost": 100,
      Plans: [{ ...node("customers"), "Parent Relationship": "Outer" }],
    };
    const join = {
      "Node Type": "Hash Join",
      "Hash Cond": "(orders.customer_id = customers.id)",
      "Total Cost": 9000,
      Plans: [{ ...node("orders"), "Parent Relationship": "Outer" }, hash],
    };
    const { plan } = planFromJson(JSON.stringify([{ Plan: join }]));
    const found = plan ? candidatesOf(plan, catalog(orders, table("customers", ["id"])), { constantsAreFixed: false }) : [];
    expect(found.map((candidate) => `${candidate.table}: ${brief(candidate)}`)).toEqual(["orders: customer_id"]);
  });

  it("the sides of an OR belong together, without those that an index serves already", () => {
    const groups = (filter: string) => branchCandidates(planOf({ Filter: filter }), catalog(orders)).map((group) => group.map(brief));
    expect(groups("((customer_id = 5) OR (created_at > now()))")).toEqual([["customer_id", "created_at"]]);
    expect(groups("((customer_id = 5) OR (id = 7))")).toEqual([["customer_id"]]);
    expect(groups("((customer_id = 5) OR (lower(note) = 'x'::text))")).toEqual([]);
  });
});

describe("names and DDL", () => {
  const candidate = (more: Partial<Candidate> = {}): Candidate => ({
    schema: "public",
    table: "orders",
    columns: [{ column: "customer_id" }],
    equalities: 1,
    include: [],
    reason: "",
    ...more,
  });

  it.each<[string, Candidate, string]>([
    ["plain", candidate(), 'CREATE INDEX CONCURRENTLY "ix_orders_customer_id" ON "public"."orders" ("customer_id");'],
    [
      "everything",
      candidate({ columns: [{ column: "a" }, { column: "b", descending: true, nulls: "last" }], include: ["c"], predicate: '"d" IS NULL' }),
      'CREATE INDEX CONCURRENTLY "ix_orders_a_b_MARK" ON "public"."orders" ("a", "b" DESC NULLS LAST) INCLUDE ("c") WHERE "d" IS NULL;',
    ],
    [
      "names that need quotes",
      candidate({ table: 'or"der', columns: [{ column: "Größe" }] }),
      'CREATE INDEX CONCURRENTLY "ix_or""der_Größe" ON "public"."or""der" ("Größe");',
    ],
  ])("%s", (_, given, expected) => {
    const ddl = createIndexSql(given, indexName(given));
    const [head, tail] = expected.split("MARK");
    expect(ddl.startsWith(head ?? "")).toBe(true);
    expect(ddl.endsWith(tail ?? expected)).toBe(true);
    expect(createIndexSql(given, indexName(given))).toBe(ddl);
  });

  it("a name fits into 63 bytes and is nobody else's", () => {
    const long = candidate({
      columns: Array.from({ length: 4 }, (_, position) => ({ column: `größenordnung_${position}_aaaaaaaaaaaaaaaa` })),
    });
    expect(new TextEncoder().encode(indexName(long)).length).toBeLessThanOrEqual(63);
    expect(indexName(candidate(), new Set(["ix_orders_customer_id"]))).toMatch(/^ix_orders_customer_id_[0-9a-f]{6}$/);
  });

  it("equal keys share their entry, so few values make a small index", () => {
    const unique = estimateIndexSize(candidate(), orders) ?? 0;
    const few = estimateIndexSize(candidate({ columns: [{ column: "status" }] }), orders) ?? 0;
    expect(few).toBeLessThan(unique / 2);
    expect(estimateIndexSize(candidate(), { ...orders, size: undefined })).toBeUndefined();
  });
});
