import { expect, test } from "vitest";
import type { Finding } from "#protocol/finding";
import { byRule, totals } from "../../../webview/src/report/groups.js";
import { report } from "../../../webview/dev/report.mjs";

const finding = (rule: string, severity: Finding["severity"]) => ({ rule, severity }) as Finding;

test("the worst rule comes first, then the most frequent, then the alphabet", () => {
  const groups = byRule([finding("b", "info"), finding("a", "info"), finding("c", "warning"), finding("d", "info"), finding("d", "info")]);
  expect(groups.map(({ rule, findings }) => `${rule}${findings.length}`)).toEqual(["c1", "d2", "a1", "b1"]);
});

test("a group is as bad as its worst finding", () => {
  expect(byRule([finding("a", "hint"), finding("a", "error")])[0]?.severity).toBe("error");
});

test("the summary counts what is in the report", () => {
  expect(totals(report).map(({ label, value }) => [label, value])).toEqual([
    ["Findings", 4],
    ["Recommendations", 2],
    ["Proved indexes", 1],
    ["Targets missed", 1],
    ["Files read", 212],
  ]);
});
