import { expect, test } from "vitest";
import type { Finding } from "../../../server/src/protocol/finding.js";
import { makeFinding } from "./finding.js";
import { checkJson, coloured, findingsText, plain, sarif, summaryText } from "../../../server/src/report/index.js";

const text = "for user in users:\n    print(user.posts)\n\tx = '日本' + user.posts\nq = f(\n  a,\n  b)\n";

const frames: [name: string, finding: Partial<Finding>, expected: string][] = [
  [
    "place, message, code",
    {},
    `app/views.py:2:11: warning[lazy-load-per-row] \`User.posts\` is loaded once per \`user\`
  |
1 | for user in users:
2 |     print(user.posts)
  |           ^^^^^^^^^^
`,
  ],
  [
    "evidence, related places and fixes",
    {
      certainty: "likely",
      evidence: { level: "workload", facts: ["48,000 calls a day"] },
      related: [{ file: "app/repo.py", line: 41, column: 5, endLine: 41, endColumn: 9, message: "loaded here" }],
      fixes: [
        { title: "Add selectinload(User.posts)", applicability: "safe", edits: [] },
        { title: "Use a join", applicability: "displayOnly", edits: [] },
      ],
    },
    `app/views.py:2:11: warning[lazy-load-per-row] \`User.posts\` is loaded once per \`user\` (likely)
  |
1 | for user in users:
2 |     print(user.posts)
  |           ^^^^^^^^^^
  = workload: 48,000 calls a day
  = see: app/repo.py:41:5 loaded here
  = fix (safe): Add selectinload(User.posts)
  = help: Use a join
`,
  ],
  [
    "marks stand under wide characters and tabs",
    { line: 3, column: 13, endLine: 3, endColumn: 17 },
    `app/views.py:3:13: warning[lazy-load-per-row] \`User.posts\` is loaded once per \`user\`
  |
2 |     print(user.posts)
3 |     x = '日本' + user.posts
  |                  ^^^^
`,
  ],
  [
    "several lines",
    { line: 4, column: 5, endLine: 6, endColumn: 5 },
    `app/views.py:4:5: warning[lazy-load-per-row] \`User.posts\` is loaded once per \`user\`
  |
3 |     x = '日本' + user.posts
4 | q = f(
  |     ^^ … to line 6
`,
  ],
  [
    "a line that is no longer there",
    { line: 99, endLine: 99 },
    `app/views.py:99:11: warning[lazy-load-per-row] \`User.posts\` is loaded once per \`user\`
`,
  ],
  [
    "escape sequences are shown, not obeyed",
    { line: 99, endLine: 99, message: "table \u001b[31mred\nline" },
    `app/views.py:99:11: warning[lazy-load-per-row] table \\x1b[31mred line
`,
  ],
];
test.each(frames)("text: %s", (_name, finding, expected) => {
  expect(findingsText([makeFinding(finding)], () => text, plain)).toBe(expected);
});

test("colours change nothing but the colours", () => {
  const findings = [makeFinding({ severity: "error" }), makeFinding({ severity: "info" })];
  const withColours = findingsText(findings, () => text, coloured);
  // eslint-disable-next-line no-control-regex -- colours are control sequences
  expect(withColours.replace(/\u001b\[\d+m/g, "")).toBe(findingsText(findings, () => text, plain));
  expect(withColours).toContain("\u001b[31m");
});

const summaries: [findings: Partial<Finding>[], expected: string][] = [
  [[], "No findings in 1 file in 0.50 s."],
  [
    [{}, { severity: "error" }, { severity: "info" }, { severity: "info" }],
    "Found 4 problems (1 error, 1 warning, 2 info) in 1 file in 0.50 s.",
  ],
  [
    [{ fixes: [{ title: "x", applicability: "safe", edits: [] }] }],
    "Found 1 problem (1 warning) in 1 file in 0.50 s. 1 can be fixed with --fix.",
  ],
];
test.each(summaries)("summary %#", (findings, expected) => {
  expect(summaryText(findings.map(makeFinding), 1, 500, plain)).toBe(expected);
});

const rich = makeFinding({
  related: [{ file: "a b.py", line: 1, column: 1, endLine: 1, endColumn: 2, message: "query" }],
  fixes: [
    {
      title: "Add it",
      applicability: "safe",
      edits: [{ file: "app/views.py", range: { line: 1, column: 1, endLine: 1, endColumn: 1 }, newText: "import x\n" }],
    },
    { title: "Think", applicability: "displayOnly", edits: [] },
  ],
});

test("JSON holds the contract and nothing else", () => {
  const leaky = { ...rich, internal: 1, related: rich.related.map((place) => ({ ...place, internal: 1 })) };
  expect(JSON.parse(checkJson([leaky], 3, 12.7))).toEqual({
    findings: [
      {
        id: "id1",
        rule: "lazy-load-per-row",
        severity: "warning",
        certainty: "certain",
        message: "`User.posts` is loaded once per `user`",
        file: "app/views.py",
        line: 2,
        column: 11,
        endLine: 2,
        endColumn: 21,
        evidence: { level: "code", facts: [] },
        related: [{ file: "a b.py", line: 1, message: "query" }],
        fixes: [
          {
            title: "Add it",
            applicability: "safe",
            edits: [{ file: "app/views.py", range: { line: 1, column: 1, endLine: 1, endColumn: 1 }, newText: "import x\n" }],
          },
          { title: "Think", applicability: "displayOnly", edits: [] },
        ],
      },
    ],
    files: 3,
    elapsedMs: 13,
  });
});

test("SARIF", () => {
  const rule = { id: "lazy-load-per-row", summary: "Lazy load per row", severity: "warning" as const, url: "https://example.org/rule" };
  const log = JSON.parse(sarif([rich], [{ ...rule, id: "other" }, rule], "1.2.3", "file:///p/")) as { version: string; runs: unknown[] };
  expect(log.version).toBe("2.1.0");
  expect(log.runs[0]).toMatchObject({
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: { ROOT: { uri: "file:///p/" } },
    tool: { driver: { name: "db-optimize", version: "1.2.3", rules: [{ id: "other" }, { id: rule.id, helpUri: rule.url }] } },
    results: [
      {
        ruleId: rule.id,
        ruleIndex: 1,
        level: "warning",
        partialFingerprints: { "dbOptimizeId/v1": "id1" },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "app/views.py", uriBaseId: "ROOT" },
              region: { startLine: 2, startColumn: 11, endLine: 2, endColumn: 21 },
            },
          },
        ],
        relatedLocations: [{ id: 1, message: { text: "query" }, physicalLocation: { artifactLocation: { uri: "a%20b.py" } } }],
        fixes: [
          {
            description: { text: "Add it" },
            artifactChanges: [
              {
                artifactLocation: { uri: "app/views.py" },
                replacements: [{ deletedRegion: { startLine: 1, startColumn: 1 }, insertedContent: { text: "import x\n" } }],
              },
            ],
          },
        ],
      },
    ],
  });
});
