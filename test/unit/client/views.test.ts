import { describe, expect, test } from "vitest";
import type { ConnectionStatus } from "#protocol/connection";
import type { SlowQuery } from "#protocol/workload";
import { completeProfile } from "../../../client/src/features/connections/profiles.js";
import { connectionRow } from "../../../client/src/features/connections/treeModel.js";
import { groupByRule, type FoundPlace } from "../../../client/src/features/findings/model.js";
import { pagesToForget } from "../../../client/src/features/pages/archiveModel.js";
import { pageHtml } from "../../../client/src/features/pages/html.js";
import { duration, failed, kindOf, percent, slowQueryRow } from "../../../client/src/features/slowQueries/model.js";
import { statusText } from "../../../client/src/features/statusBar/model.js";

const query: SlowQuery = {
  ...{ queryId: "1", query: "select *\n  from orders", calls: 1200, totalTimeMs: 61_234, meanTimeMs: 51.03, rows: 2400 },
  ...{ sharedBlocksHit: 10, sharedBlocksRead: 20, tempBlocksWritten: 0, share: 0.42 },
};

describe("slow queries", () => {
  test.each([
    [0.0123, "0.012 ms"],
    [5.678, "5.68 ms"],
    [51.03, "51 ms"],
    [999, "999 ms"],
    [1500, "1.5 s"],
    [61_234, "1 min 1 s"],
    [3_600_000 * 2 + 60_000, "2 h 1 min"],
  ])("%d ms is %s", (ms, text) => expect(duration(ms)).toBe(text));

  test.each([
    [0.42, "42 %"],
    [0.0001, "less than 0.1 %"],
    [0, "0 %"],
  ])("a share of %d is %s", (share, text) => expect(percent(share)).toBe(text));

  test.each([
    ["total", "1 min 1 s"],
    ["mean", "51 ms"],
    ["calls", "1,200"],
    ["rows", "2,400"],
    ["reads", "20"],
  ] as const)("by %s the number that orders stands first", (order, label) => {
    expect(slowQueryRow(query, order)).toMatchObject({ label, description: "select * from orders" });
  });

  const readAt = new Date(0);
  test.each([
    ["no connection", undefined, false, "noConnection"],
    ["not read yet", undefined, true, "loading"],
    ["read", { queries: [query], readAt }, true, "ready"],
    ["nothing counted", { queries: [], readAt }, true, "empty"],
    ["extension missing", { queries: [], readAt, unavailable: "missing" }, true, "unavailable"],
    ["never reached", failed(undefined, "refused"), true, "failed"],
    ["lost: the last state stays", failed({ queries: [query], readAt }, "gone"), true, "ready"],
  ] as const)("%s", (_name, state, hasConnection, kind) => expect(kindOf(state, hasConnection)).toBe(kind));

  test("a failure says how old the state is", () => {
    expect(failed({ queries: [query], readAt }, "gone")).toEqual({ queries: [query], readAt, failure: "gone" });
  });
});

describe("a connection in the tree", () => {
  const profile = completeProfile({ id: "a", name: "live", class: "production", host: "db", user: "u", database: "d" });
  const status: ConnectionStatus = {
    id: "a",
    name: "live",
    class: "production",
    target: "u@db:5432/d",
    state: "connected",
    serverVersion: "15.4",
  };
  test("idle", () => {
    const row = connectionRow(profile, { isDefault: false, isOwn: true, status: undefined });
    expect(row).toMatchObject({
      label: "live",
      description: "u@db:5432/d · production",
      icon: "shield",
      context: "connection.production.own",
    });
  });
  test("connected, and the default", () => {
    const row = connectionRow(profile, { isDefault: true, isOwn: false, status });
    expect(row.context).toBe("connection.production.default");
    expect(row.tooltip).toContain("PostgreSQL 15.4");
    expect(row.tooltip).toContain("pg_stat_statements: not installed");
  });
  test("failed", () => {
    const row = connectionRow(profile, { isDefault: false, isOwn: true, status: { ...status, state: "failed", error: "refused" } });
    expect(row).toMatchObject({ icon: "error", color: "errorForeground" });
    expect(row.tooltip).toContain("refused");
  });
});

describe("the status bar", () => {
  const connection = completeProfile({ id: "a", name: "live", class: "production" });
  const base = { connection, status: undefined, running: [], trusted: true };
  test.each([
    ["connected", base, "$(database) live", true],
    ["at work", { ...base, running: ["Explaining"] }, "$(sync~spin) live", true],
    ["nothing chosen", { ...base, connection: undefined }, "$(database) No database", false],
    ["untrusted", { ...base, trusted: false }, "$(database) DB Optimize", false],
  ])("%s", (_name, input, text, warn) => expect(statusText(input)).toMatchObject({ text, warn }));
});

test("findings by rule: worst first, then most, then by place", () => {
  const place = (rule: string, severity: number, file: string, line: number): FoundPlace => ({
    rule,
    severity,
    file,
    line,
    column: 0,
    message: "",
  });
  const groups = groupByRule([
    place("b", 1, "z.py", 3),
    place("c", 2, "a.py", 1),
    place("b", 1, "a.py", 9),
    place("b", 1, "a.py", 2),
    place("d", 1, "a.py", 1),
    place("a", 0, "a.py", 1),
  ]);
  expect(groups.map(({ rule, places }) => [rule, places.map(({ file, line }) => `${file}:${line}`)])).toEqual([
    ["a", ["a.py:1"]],
    ["b", ["a.py:2", "a.py:9", "z.py:3"]],
    ["d", ["a.py:1"]],
    ["c", ["a.py:1"]],
  ]);
});

test("the oldest pages are forgotten", () => {
  const files = [5, 1, 4, 2, 3].map((time) => ({ name: String(time), time }));
  expect(pagesToForget(files, 3)).toEqual(["1", "2"]);
  expect(pagesToForget(files, 9)).toEqual([]);
});

test("a page's policy lets in nothing but its own scripts, and no text becomes markup", () => {
  const html = pageHtml({
    ...{
      entry: "explain",
      language: "en",
      nonce: "N0nce",
      cspSource: "https://cdn.example",
      pageId: `"</script><script>alert(1)</script>`,
    },
    title: `<img src=x onerror="alert(1)">`,
    address: (file) => `https://cdn.example/${file}`,
  });
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
  expect(policy).toContain("default-src &#39;none&#39;");
  expect(policy).toContain("script-src &#39;nonce-N0nce&#39; https://cdn.example;");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(html).not.toContain("<img");
  expect(html.match(/<script/g)).toHaveLength(2);
  expect(html.match(/<script[^>]*nonce="N0nce"/g)).toHaveLength(2);
});
