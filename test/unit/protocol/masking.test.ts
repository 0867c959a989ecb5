import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { maskTokens } from "#protocol/masking/lexer";
import { Masker, type TextKind } from "#protocol/masking/masker";
import { maskPlan } from "#protocol/masking/maskPlan";
import type { Plan } from "#protocol/plan";
import { planFromJson, planInsights } from "../../../server/src/plan/index.js";
import { initSql } from "../../../server/src/sql/index.js";

const both = { names: true, literals: true };

test.each([
  "SELECT * FROM \"a\"\"b\" WHERE x = 'it''s' -- end",
  "E'a\\'b' || $$x'y$$ || $t$ $$ $t$ > $1 /* open",
  "1e-5 + .5 + 12_000 'open",
  '"open',
  "日本 = U&'x' \u{1F600}",
  "",
])("tokens of %j are the whole text", (text) => {
  expect(
    maskTokens(text)
      .map((token) => token.text)
      .join(""),
  ).toBe(text);
});

describe("texts", () => {
  test.each<[TextKind, string, string]>([
    ["expression", "((o.total > 100) AND (o.status = 'shipped'::text))", "((name1.column1 > number1) AND (name1.column2 = 'text1'::text))"],
    ["expression", "(lower((c.name)::text) ~~ 'a%'::text)", "(lower((name1.column1)::text) ~~ 'text1'::text)"],
    ["expression", "(shop.rank(x) = ANY ('{1,2}'::integer[]))", "(name1.function1(column1) = ANY ('text1'::integer[]))"],
    ["expression", "(NOT (hashed SubPlan 1))", "(NOT (hashed SubPlan 1))"],
    ["expression", "(d > '2020-01-01 00:00:00'::timestamp without time zone)", "(column1 > 'text1'::timestamp without time zone)"],
    ["expression", '("order"."Total" IS NOT NULL)', "(name1.name2 IS NOT NULL)"],
    ["expression", "count(*) FILTER (WHERE (a IS NULL))", "count(*) FILTER (WHERE (column1 IS NULL))"],
    ["expression", "(x = $1)", "(column1 = $1)"],
    ["expression", "a.date DESC NULLS LAST", "name1.column1 DESC NULLS LAST"],
    ["expression", "(s = 'a'::shop.status)", "(column1 = 'text1'::type1.column2)"],
    [
      "statement",
      "select a from T -- secret\nwhere b = 5 order by c",
      "select column1 from column2 \nwhere column3 = number1 order by column4",
    ],
    ["statement", "select * from t where a = :value", "select * from column1 where column2 = :column3"],
    ["title", "Index Scan using orders_pkey on orders o", "Index Scan using column1 on column2 column3"],
    ["title", "Parallel Index Only Scan Backward using x on s.t", "Parallel Index Only Scan Backward using column1 on name1.column2"],
    ["title", "Custom Scan (Secret)", "Custom Scan (column1)"],
    ["fact", "external merge", "external merge"],
    ["fact", "exact=24 lossy=1", "column1=24 column2=1"],
  ])("%s: %s", (kind, text, masked) => {
    expect(new Masker(both, new Set()).text(text, kind)).toBe(masked);
  });
  test("the same name is the same mask, a mask is nobody's name, and known names win over words", () => {
    const masker = new Masker(both, new Set(["table1"]));
    expect(masker.name("sort", "table")).toBe("table2");
    expect(masker.text("(sort.sort = 1)", "expression")).toBe("(table2.table2 = number1)");
    expect(masker.text("Seq Scan on sort", "title")).toBe("Seq Scan on table2");
  });
  test("in sentences what is known, quoted or compared", () => {
    const masker = new Masker(both, new Set());
    masker.name("orders", "table");
    expect(masker.prose("The server's scan of orders (total = 5) read 120 rows; SET work_mem = '64MB' or ask 'Iris'.")).toBe(
      "The server's scan of table1 (total = number1) read 120 rows; SET work_mem = '64MB' or ask 'text1'.",
    );
  });
  test.each([
    [{ names: true, literals: false }, "(column1 = 5)"],
    [{ names: false, literals: true }, "(a = number1)"],
    [{ names: false, literals: false }, "(a = 5)"],
  ])("only what is asked for: %j", (options, masked) => {
    expect(new Masker(options, new Set()).text("(a = 5)", "expression")).toBe(masked);
  });
});

const folder = join(import.meta.dirname, "../../fixtures/plans");
const recorded = (await readdir(folder)).filter((name) => name.endsWith(".json"));
beforeAll(() => initSql());

async function recordedPlan(name: string): Promise<Plan> {
  const { plan } = planFromJson(await readFile(join(folder, name), "utf8"));
  return { ...plan!, insights: [...planInsights(plan!)] };
}

/** Identifiers and literals of a plan, found apart from the masker: by the fields, and by a look at every condition. */
function secretsOf(plan: Plan): Set<string> {
  const fields = plan.nodes.flatMap((node) => [node.relation, node.schema, node.alias, node.index]);
  const named = plan.nodes.flatMap((node) => node.details.filter(({ key }) => /^(CTE|Function) Name$/.test(key)).map(({ value }) => value));
  const texts = plan.nodes.flatMap((node) =>
    node.details.filter(({ key }) => /Cond|Filter|Key|Output/.test(key)).map(({ value }) => value),
  );
  const dotted = texts.flatMap((text) => [...text.matchAll(/\b([a-z_]\w*)\.([a-z_]\w*)/g)].flatMap(([, table, column]) => [table, column]));
  const strings = texts.flatMap((text) => [...text.matchAll(/'([^']+)'/g)].map(([, literal]) => literal));
  const quoted = texts.flatMap((text) => [...text.matchAll(/"([^"]+)"/g)].map(([, name]) => name));
  return new Set([...fields, ...named, ...dotted, ...strings, ...quoted].filter((secret) => secret !== undefined));
}

const strings = (value: unknown): string[] =>
  typeof value === "string" ? [value] : typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
const numbersIn = (value: unknown): number[] =>
  typeof value === "number" ? [value] : typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
const numbers = (value: unknown) => numbersIn(value).sort((a, b) => a - b);

/** The masked source is another text: a node stands on other lines of it. */
const withoutLines = (plan: Plan) => ({ ...plan, nodes: plan.nodes.map((node) => ({ ...node, lines: undefined })) });

test.each(recorded)("%s keeps its tree and numbers, and none of its names and literals", async (name) => {
  const plan = await recordedPlan(name);
  const masked = maskPlan(plan, both);
  const secrets = secretsOf(plan);
  expect(secrets.size).toBeGreaterThan(0);
  const words = new Set(
    strings(masked).flatMap((text) => maskTokens(text).flatMap(({ text: word }) => [word, word.replace(/^['"]|['"]$/g, "")])),
  );
  // Words in which EXPLAIN itself speaks may be somebody's names too.
  const left = [...secrets].filter((secret) => words.has(secret) && !["text", "n"].includes(secret));
  expect(left).toEqual([]);
  expect(numbers(withoutLines(masked))).toEqual(numbers(withoutLines(plan)));
  expect(masked.nodes.map(({ id, parent, type, children }) => [id, parent, type, children])).toEqual(
    plan.nodes.map(({ id, parent, type, children }) => [id, parent, type, children]),
  );
});

test.each(recorded)("%s can be read again from the masked source, with the same figures", async (name) => {
  const plan = await recordedPlan(name);
  const masked = maskPlan(plan, both);
  const again = planFromJson(masked.source).plan!;
  const figures = (of: Plan) =>
    of.nodes.map(({ id, parent, type, loops, rows, totalCost, selfTimeMs, buffers, selfBuffers, ioTimes, wal, workers }) => ({
      ...{ id, parent, type, loops, totalCost, buffers, selfBuffers, ioTimes, wal },
      workers: workers?.length,
      rows: rows?.toFixed(1),
      self: selfTimeMs?.toFixed(1),
    }));
  expect(figures(again)).toEqual(figures(masked));
  expect(again.nodes.map(({ title }) => title)).toEqual(masked.nodes.map(({ title }) => title));
  const lines = masked.source.split("\n");
  for (const { lines: at, type } of masked.nodes) {
    expect(lines[(at?.first ?? 0) - 1]?.trimEnd().endsWith("{")).toBe(true);
    const own = lines.slice((at?.first ?? 0) - 1, at?.last);
    expect(own.filter((line) => line.includes('"Node Type"'))).toEqual([expect.stringContaining(`"Node Type": "${type}"`)]);
  }
  expect(again.executionTimeMs).toBe(plan.executionTimeMs);
});

test("what an insight rests on and proposes is masked with the same masks", () => {
  const [node] = (["orders"] as const).map((relation) => ({
    id: "0",
    children: [],
    type: "Seq Scan",
    operation: "Seq Scan",
    title: "Seq Scan on public.orders o",
    relation,
    schema: "public",
    alias: "o",
    neverExecuted: false,
    details: [{ key: "Filter", value: "(o.total > 4711)" }],
  }));
  const plan: Plan = {
    analyzed: false,
    nodes: [node!],
    triggers: [],
    settings: [{ key: "app.tenant", value: "iris" }],
    queryText: "select total from orders where total > 4711",
    source: "",
    insights: [
      {
        rule: "r",
        node: "0",
        severity: "info",
        message: "Seq Scan on public.orders o keeps few rows of (o.total > 4711).",
        advice: "Index `orders (total)`.",
        evidence: [{ label: "Rows of orders", value: "12 of 4,000" }],
        sql: "CREATE INDEX ON public.orders (total)",
      },
    ],
  };
  const masked = maskPlan(plan, both);
  expect(masked.insights[0]).toEqual({
    rule: "r",
    node: "0",
    severity: "info",
    message: "Seq Scan on schema1.table1 alias1 keeps few rows of (alias1.column1 > number1).",
    advice: "Index `table1 (column1)`.",
    evidence: [{ label: "Rows of table1", value: "12 of 4,000" }],
    sql: "CREATE INDEX ON schema1.table1 (column1)",
  });
  expect(masked.queryText).toBe("select column1 from table1 where column1 > number1");
  expect(JSON.stringify(masked)).not.toMatch(/orders|total|4711|iris|tenant/);
});

describe("an insight", () => {
  const masked = () => {
    const { plan } = planFromJson(
      JSON.stringify([{ Plan: { "Node Type": "Result", "Actual Loops": 1, "Actual Rows": 1, "Actual Total Time": 1 } }]),
    );
    const insight = {
      rule: "trigger-time",
      node: "0",
      severity: "warning" as const,
      message: "It threw away > 99 % of them, all but x = 4711.",
      advice: "children (parent_id) has no index.",
      evidence: [{ label: "Time of one call", value: "4.56 ms (< 1 %)" }],
      sql: "CREATE INDEX CONCURRENTLY ON public.children (parent_id);",
    };
    return maskPlan({ ...plan!, insights: [insight] }, both).insights[0];
  };

  test("names of the catalog that only its statement tells apart are masked in its sentences too", () => {
    expect(strings(masked()).filter((text) => /children|parent_id|4711/.test(text))).toEqual([]);
  });
  test("figures and their labels stay", () => {
    expect(masked()?.message).toContain("threw away > 99 % of them");
    expect(masked()?.evidence).toEqual([{ label: "Time of one call", value: "4.56 ms (< 1 %)" }]);
    expect(masked()?.sql).toMatch(/^CREATE INDEX CONCURRENTLY ON /);
  });
});
