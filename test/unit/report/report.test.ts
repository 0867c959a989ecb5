import { expect, test } from "vitest";
import { plain, reportMarkdown, reportText } from "../../../server/src/report/index.js";
import type { Report } from "../../../server/src/protocol/report.js";
import { makeFinding } from "./finding.js";

const report: Report = {
  title: "Everything about shop",
  createdAt: "2026-01-01T00:00:00Z",
  depth: 3,
  database: "shop",
  analyzers: [
    { analyzer: "nPlusOneDetector", phase: "diagnose", status: "done", elapsedMs: 12, summary: "1 finding." },
    { analyzer: "indexAdvisor", phase: "optimize", status: "failed", reason: "The connection was lost.", elapsedMs: 5, summary: "" },
  ],
  metrics: [
    { name: "cache", label: "Cache hits", value: 99.25, unit: "%", target: "≥ 99 %", ok: true },
    { name: "pool", label: "Pool waits", unit: "", target: "0", note: "pg_stat_activity does not tell." },
  ],
  findings: [makeFinding({ message: "<b>bold</b> | [link](http://x) in `User.posts`" })],
  slowQueries: [
    {
      queryId: "1",
      query: "SELECT *\n  FROM orders -- `tick` | <i>",
      calls: 1200,
      totalTimeMs: 61_000,
      meanTimeMs: 50.8,
      rows: 300,
      sharedBlocksHit: 1,
      sharedBlocksRead: 2048,
      tempBlocksWritten: 0,
      share: 0.61,
    },
  ],
  recommendations: [
    {
      id: "r",
      kind: "index",
      title: "Index orders (customer_id)",
      why: "Each lookup reads the table.",
      severity: "warning",
      evidence: { level: "planner", facts: ["Planned with HypoPG."] },
      action: "CREATE INDEX CONCURRENTLY ON orders (customer_id);",
      applicability: "unsafe",
      edits: [],
      index: {
        id: "i",
        table: "orders",
        columns: ["customer_id"],
        method: "btree",
        ddl: "CREATE INDEX CONCURRENTLY ON orders (customer_id);",
        reason: "",
        proof: { method: "hypopg", costBefore: 1000, costAfter: 50 },
        statements: [],
        evidence: { level: "planner", facts: [] },
      },
    },
  ],
  applied: ["migrations/1.py"],
  files: 1234,
  elapsedMs: 4321,
};

test("text", () => {
  expect(reportText(report, () => undefined, 100, plain)).toMatchInlineSnapshot(`
    "Everything about shop
    Depth 3, 1,234 files, database shop, 4.32 s

    1 problem in the code (1 warning).
    1 index that the planner has confirmed.
    The statement that costs most takes 61 % of all time: 1,200 calls, 50.8 ms each.

    Start with

      1. warning Index orders (customer_id)
         Each lookup reads the table.
         may change behaviour: look first
         CREATE INDEX CONCURRENTLY ON orders (customer_id);

    Indexes that the planner has confirmed (1)

      warning  CREATE INDEX CONCURRENTLY ON orders (customer_id);
               planner cost 1,000 → 50 (95 % less); may change behaviour: look first

    Findings (1)

      warning  app/views.py:2  lazy-load-per-row  <b>bold</b> | [link](http://x) in \`User.posts\`

    Slow statements

    share    total     mean  calls  rows/call   read  statement
     61 %  1.0 min  50.8 ms  1,200        0.3  2,048  SELECT * FROM orders -- \`tick\` | <i>

    Metrics

      metric        value  target
      Cache hits  99.25 %  ≥ 99 %  ok

    Analyzers

      nPlusOneDetector  1 finding.
      indexAdvisor      failed: The connection was lost.

    Written

      migrations/1.py

    Everything in full: --verbose, --format markdown or --format json."
  `);
});

test("Markdown: nothing of foreign origin becomes markup", () => {
  expect(reportMarkdown(report)).toMatchInlineSnapshot(`
    "# Everything about shop

    Depth 3, 1,234 files, database shop, 4.32 s. Made 2026-01-01T00:00:00Z.

    ## Summary

    - 1 problem in the code (1 warning).
    - 1 index that the planner has confirmed.
    - The statement that costs most takes 61 % of all time: 1,200 calls, 50.8 ms each.
    - Start with: Index orders (customer\\_id)

    ## Recommendations

    ### 1. Index orders (customer\\_id)

    **warning**, evidence: planner. Each lookup reads the table.

    - Planned with HypoPG.
    - Planner cost 1,000 → 50 (95 % less) (hypopg)
    - May change behaviour: read it before you use it.

    \`\`\`sql
    CREATE INDEX CONCURRENTLY ON orders (customer_id);
    \`\`\`


    ## Findings

    | place | rule | severity | certainty | message |
    | --- | --- | --- | --- | --- |
    | app/views.py:2 | lazy-load-per-row | warning | certain | \\<b\\>bold\\</b\\> \\| \\[link\\](http://x) in \`User.posts\` |

    ## Slow queries

    | share | total | mean | calls | rows/call | read | statement |
    | ---: | ---: | ---: | ---: | ---: | ---: | --- |
    | 61 % | 1.0 min | 50.8 ms | 1,200 | 0.3 | 2,048 | SELECT \\* FROM orders -- \`tick\` \\| \\<i\\> |

    ## Metrics

    | metric | value | target | ok | note |
    | --- | ---: | --- | --- | --- |
    | Cache hits | 99.25 % | ≥ 99 % | yes |  |
    | Pool waits | unknown | 0 |  | pg\\_stat\\_activity does not tell. |

    ## Analyzers

    | phase | analyzer | status | time | result |
    | --- | --- | --- | ---: | --- |
    | diagnose | nPlusOneDetector | done | 12.0 ms | 1 finding. |
    | optimize | indexAdvisor | failed | 5.00 ms | The connection was lost. |

    ## Written

    - \`migrations/1.py\`
    "
  `);
});

test("an empty report has no empty sections", () => {
  const empty = {
    ...report,
    findings: [],
    slowQueries: [],
    recommendations: [],
    metrics: [],
    applied: [],
    analyzers: [],
    database: undefined,
  };
  expect(reportMarkdown(empty)).not.toContain("## ");
  expect(reportText(empty, () => undefined, 100, plain)).toBe("Everything about shop\nDepth 3, 1,234 files, no database, 4.32 s");
});
