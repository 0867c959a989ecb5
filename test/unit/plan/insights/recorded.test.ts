import { beforeAll, describe, expect, it } from "vitest";
import { planInsights } from "../../../../server/src/plan/insights/index.js";
import { initSql } from "../../../../server/src/sql/index.js";
import { recorded, recordedPlan } from "../fixtures.js";

beforeAll(() => initSql());

/** All insights of the recorded plans: plan, node, insight, severity, and why that is right. What is not here has none. */
const judged: readonly (readonly [plan: string, node: number, rule: string, severity: string, because: string])[] = [
  // A scan that only a setting forbids costs 10^10 before 18, which starts the compiler for 500 rows; the scan itself takes no time worth a word.
  ["pg15_disabled", 0, "jit-costs-more", "warning", "184 of 412 ms compile a statement that counts 500 rows"],
  ["pg15_gathermerge", 2, "sort-for-limit", "warning", "400,000 rows are read for the 100 smallest t, which has no index"],
  ["pg17_gathermerge", 2, "sort-for-limit", "warning", "the same"],
  ["pg18_gathermerge", 2, "sort-for-limit", "warning", "the same"],
  [
    "pg15_insert_fk",
    0,
    "trigger-time",
    "warning",
    "500 checks of the foreign key take two thirds of the INSERT; those of 17 and 18 are under 5 ms",
  ],
  [
    "pg15_seqfilter",
    1,
    "sequential-scan-discards-rows",
    "warning",
    "a pattern that begins with % finds 3,000 of 400,000 rows; only a trigram index would serve it",
  ],
  ["pg17_seqfilter", 1, "sequential-scan-discards-rows", "warning", "the same"],
  ["pg18_seqfilter", 1, "sequential-scan-discards-rows", "warning", "the same"],
  ["pg15_sortdisk", 1, "sort-on-disk", "warning", "external merge in three processes"],
  ["pg17_sortdisk", 1, "sort-on-disk", "warning", "the same"],
  ["pg18_sortdisk", 1, "sort-on-disk", "warning", "the same"],
  ["pg15_union", 2, "heap-fetches", "warning", "1,206 fetches for 999 rows of an index-only scan, half of the time"],
  ["pg17_union", 2, "heap-fetches", "warning", "the same; on 18 the scan took less than 1 ms"],
];

describe("insights of the recorded plans", () => {
  it.each(recorded)("%s", (name) => {
    const found = planInsights(recordedPlan(name)).map(({ rule, node, severity }) => `${rule} at ${node}, ${severity}`);
    const wanted = judged.filter(([plan]) => plan === name).map(([, node, rule, severity]) => `${rule} at ${node}, ${severity}`);
    expect(found).toEqual(wanted);
  });
});
