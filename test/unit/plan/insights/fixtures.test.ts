import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, test } from "vitest";
import type { Plan } from "../../../../server/src/protocol/plan.js";
import { insightRules, planInsights } from "../../../../server/src/plan/insights/index.js";
import { readPlans } from "../../../../server/src/plan/index.js";
import { initSql } from "../../../../server/src/sql/index.js";
import { quotation, readCases, withQuotations, type InsightCase } from "./fixture.js";

// UPDATE_FIXTURES=1 writes the quotations that the engine gives; read the diff before you believe it.
const folder = join(import.meta.dirname, "fixtures");
const update = process.env["UPDATE_FIXTURES"] === "1";

beforeAll(() => initSql());

function read(text: string): Plan {
  const { plans, problems } = readPlans(text);
  if (!plans[0]) throw new Error(problems.map(({ message }) => message).join("; "));
  return plans[0];
}

function checkCase(rule: string, { fires, plan, catalog, expected }: InsightCase, written?: readonly string[]): void {
  const insights = planInsights(read(plan), catalog);
  expect(
    insights.some((insight) => insight.rule === rule),
    quotation(insights).join("\n"),
  ).toBe(fires);
  if (!written) expect(quotation(insights)).toEqual(expected);
  for (const { evidence } of insights) expect(evidence?.length).toBeGreaterThan(0);
}

describe.each(insightRules.map(({ id }) => id))("%s", (rule) => {
  const path = join(folder, `${rule}.md`);
  const markdown = existsSync(path) ? readFileSync(path, "utf8") : "";
  const cases = readCases(markdown);

  test("has a case that fires and one that does not", () =>
    expect(new Set(cases.map(({ fires }) => fires))).toEqual(new Set([true, false])));
  test("titles are unique", () => expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length));
  if (update) test("write", () => write(path, markdown, cases));
  else it.each(cases)("$title", (each) => checkCase(rule, each));
});

function write(path: string, markdown: string, cases: readonly InsightCase[]): void {
  const written = new Map(cases.map((each) => [each.title, quotation(planInsights(read(each.plan), each.catalog))]));
  writeFileSync(path, withQuotations(markdown, written));
}

test("every fixture belongs to an insight", () => {
  const ids = new Set(insightRules.map(({ id }) => `${id}.md`));
  expect(readdirSync(folder).filter((name) => !ids.has(name))).toEqual([]);
});
