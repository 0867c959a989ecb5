import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { maskTokens } from "#protocol/masking/lexer";
import { maskExplained } from "#protocol/masking/maskExplained";
import { inertJson, planPlace, sharePage } from "#protocol/sharePage";
import type { OperationOutput } from "#protocol/operations";
import { planFromJson } from "../../../../server/src/plan/index.js";
import { planMarkdown } from "../../../../webview/src/explain/export/markdown.js";
import { escapeXml, planSvg } from "../../../../webview/src/explain/export/svg.js";
import { indexPlan } from "../../../../webview/src/explain/planIndex.js";
import { planOf } from "../plans.js";

const attacks = [
  "</script><script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "]]>",
  "\u2028x\u2029",
  "```\n# heading",
  "</text></svg>",
  "\u0000&amp;",
];
const hostile = attacks.join(" ");
const plan = {
  ...planOf(
    [
      "0",
      undefined,
      { type: hostile, title: hostile, relation: hostile, alias: hostile, subplanName: hostile, selfTimeMs: 12, rows: 5, loops: 2 },
    ],
    ["1", "0", { type: "Seq Scan", title: "Seq Scan on orders", neverExecuted: true, details: [{ key: hostile, value: hostile }] }],
  ),
  executionTimeMs: 20,
  insights: [{ rule: "r", node: "0", severity: "warning" as const, message: `${hostile} \`${hostile}\` @someone #12`, advice: hostile }],
};

describe("Markdown", () => {
  const markdown = planMarkdown(indexPlan(plan), hostile);
  test("nothing outside code is markup", () => {
    const outside: string[] = [];
    let fence: string | undefined;
    for (const line of markdown.split("\n")) {
      const [run] = /^`{3,}/.exec(line) ?? [];
      if (fence === undefined && run) fence = run;
      else if (fence !== undefined && line === fence) fence = undefined;
      else if (fence === undefined) outside.push(line);
    }
    expect(fence).toBeUndefined();
    // Code spans are left aside: in them everything is text.
    const prose = outside.join("\n").replace(/(?<!\\)`[^`]*`/g, "");
    expect(prose.replace(/<\/?(details|summary)>/g, "")).not.toMatch(/<|(?<!\\)\[|(?<!\\)@|\u2028/);
    expect(outside.filter((line) => line.startsWith("#"))).toEqual(["### Query plan", "#### Findings"]);
  });
  test("the tree with figures, numbered as the findings say", () => {
    const calm = planMarkdown(
      indexPlan({
        ...plan,
        nodes: plan.nodes.map((node) => (node.id === "0" ? { ...node, title: "Limit", subplanName: undefined } : node)),
      }),
      "SELECT 1",
    );
    expect(calm).toContain("\n  1  Limit  self 12.0 ms (60 %), rows 5, loops 2\n  2    Seq Scan on orders  never executed\n");
    expect(calm).toContain("- **warning** (node 1)");
  });
});

describe("SVG", () => {
  test("every text is escaped; no element but the drawing's own", () => {
    const { svg } = planSvg(indexPlan(plan));
    const names = new Set([...svg.matchAll(/<\/?([a-zA-Z]+)/g)].map(([, name]) => name));
    expect([...names].sort()).toEqual(["g", "path", "rect", "svg", "text", "title"]);
    expect(svg).not.toMatch(/<[^>]* on[a-z]+=/);
    expect(svg).not.toContain("\u0000");
  });
  test.each([
    ["<a&b>\"'", "&lt;a&amp;b&gt;&quot;&#39;"],
    ["\u0000\u0007\ud800x\uffff", "x"],
    ["ü\u{1F600}", "ü\u{1F600}"],
  ])("%j", (text, expected) => expect(escapeXml(text)).toBe(expected));
});

describe("a page in one file", () => {
  test("JSON that no parser of HTML or JavaScript can leave", () => {
    const json = inertJson({ text: hostile });
    expect(json).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(json)).toEqual({ text: hostile });
  });
  test("only a template with one place for the plan is filled", () => {
    const content = { type: "explain" } as Parameters<typeof sharePage>[1];
    expect(sharePage(`<a>${planPlace}</a>`, content)).toBe('<a>{"type":"explain"}</a>');
    expect(() => sharePage("<a></a>", content)).toThrow();
    expect(() => sharePage(planPlace + planPlace, content)).toThrow();
  });
});

describe("a masked result", async () => {
  const source = await readFile(join(import.meta.dirname, "../../../fixtures/plans/pg17_seqfilter.json"), "utf8");
  const result: OperationOutput<"explain"> = {
    sql: "SELECT big.id FROM shop.big WHERE big.h = 4711 -- for Iris",
    connection: { id: "c", name: "shop", class: "sample", target: "iris@db.example:5432/shop", state: "connected", serverVersion: "17.1" },
    plan: planFromJson(source).plan!,
    suggestions: [
      {
        id: "x",
        table: "shop.big",
        columns: ["h"],
        method: "btree",
        ddl: "CREATE INDEX CONCURRENTLY big_h_idx ON shop.big (h)",
        reason: "The scan of big reads 7 rows with `h = 4711`.",
        proof: { method: "none", planBefore: "Seq Scan on big" },
        statements: [{ statement: "SELECT * FROM big", before: 2, after: 1 }],
        evidence: { level: "planner", facts: ["big has no index"] },
      },
    ],
    notes: ["Planned for big."],
    key: "secret",
    fragments: [{ node: "0", kind: "relation", start: 19, end: 27 }],
    tables: [
      {
        schema: "shop",
        name: "big",
        rows: 7,
        indexes: [
          {
            schema: "shop",
            name: "big_pkey",
            definition: "CREATE UNIQUE INDEX big_pkey ON shop.big USING btree (id)",
            unique: true,
            valid: true,
          },
        ],
      },
    ],
  };
  const masked = maskExplained(result, { names: true, literals: true });
  test("holds no name, literal, comment, connection or key", () => {
    const words = new Set(maskTokens(JSON.stringify(masked).replaceAll('"', " ")).map(({ text }) => text));
    expect(["big", "shop", "h", "4711", "Iris", "iris", "secret", "big_h_idx", "big_pkey"].filter((word) => words.has(word))).toEqual([]);
    expect(masked.suggestions[0]?.ddl).toMatch(/^CREATE INDEX CONCURRENTLY \w+ ON \w+\.table1 \(\w+\)$/);
  });
  test("fragments still say where", () => {
    const [fragment] = masked.fragments ?? [];
    expect(result.sql.slice(19, 27)).toBe("shop.big");
    expect(masked.sql.slice(fragment?.start, fragment?.end)).toMatch(/^\w+\.\w+$/);
  });
  test("without masking it is the same", () => expect(maskExplained(result, { names: false, literals: false })).toBe(result));
});
