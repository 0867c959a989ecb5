import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { TranslatedQuery } from "#protocol/translation";
import { queryText } from "../../../server/src/lsp/queryHover.js";
import { initSql } from "../../../server/src/sql/index.js";
import { startFake, type Setup } from "./fakeEngine.js";

const file = "/project/a.py";
beforeAll(() => initSql(readFileSync(createRequire(import.meta.url).resolve("libpg-query/wasm/libpg-query.wasm"))));

let running: Setup | undefined;
const setup = async () => (running = await startFake({ folders: ["/project"] }));
afterEach(async () => {
  await running?.client.stop({ exit: false });
  running = undefined;
});
const textOf = (hover: unknown) => (hover as { contents: { value: string } } | null)?.contents.value;

test("a hover with SQL does not wait for a check, and has the findings that are known", async () => {
  const { client, engine } = await setup();
  await client.open(file, "QUERY SELECT 1\nQUERY SELECT SAFE\n");
  let open: () => void = () => undefined;
  engine.gate = new Promise((resolve) => (open = resolve));
  const pull = client.diagnostics(file);
  await expect.poll(() => engine.checks.length).toBe(1);
  expect(textOf(await client.hover(file, 1, 14))).toMatch(/^```sql\nSELECT SAFE\n```/);
  expect(textOf(await client.hover(file, 1, 14))).not.toContain("About safe");
  open();
  await pull;
  expect(textOf(await client.hover(file, 1, 14))).toContain("About safe");
});

test("a document is translated once per text, and again when another file has changed", async () => {
  const { client, engine } = await setup();
  await client.open(file, "QUERY SELECT 1");
  const resolved = async () => Promise.all((await client.lenses(file)).map((lens) => client.resolveLens(lens)));
  expect((await resolved()).map(({ command }) => command?.title)).toEqual(["Explain", "Analyze", "Copy SQL"]);
  await resolved();
  expect(engine.translations).toBe(1);
  await client.change(file, "QUERY SELECT 2");
  await resolved();
  expect(engine.translations).toBe(2);
  await client.open("/project/b.py", "");
  await resolved();
  expect(engine.translations).toBe(3);
});

test("a query whose SQL is not known has no lens", async () => {
  const { client } = await setup();
  await client.open(file, "QUERY !what x is is not known");
  expect(await client.lenses(file)).toEqual([]);
});

const query = (more: Partial<TranslatedQuery>): TranslatedQuery => ({
  file,
  line: 2,
  endLine: 3,
  span: { start: 0, end: 9 },
  causes: [],
  ...more,
});
const parameters = [
  { position: 1, name: "name or `x`", pythonType: "str", sqlType: "character varying" },
  { position: 2, value: "a" },
  { position: 3, name: "ids", expanding: true as const },
];
const sqls = (count: number) => Array.from({ length: count }, (_, at) => ({ sql: `SELECT ${at}`, when: `x == ${at}`, parameters: [] }));

const texts: readonly (readonly [name: string, query: TranslatedQuery, has: readonly string[]])[] = [
  [
    "SQL, parameters and links",
    query({ sql: "SELECT a FROM t WHERE a = $1 AND b = $2 AND c IN ($3)", parameters }),
    [
      "```sql\nSELECT a\nFROM t\nWHERE a = $1 AND b = $2 AND c IN ($3)\n```",
      "- `$1` = `` name or `x` `` · character varying, Python str",
      '- `$2` = `"a"`',
      "- `$3` = `ids` · one parameter per element",
      "[Explain this query](command:dbOptimize.explainStatement?",
      "[Copy SQL](command:dbOptimize.copySql?",
    ],
  ],
  ["variants with their branches", query({ variants: sqls(2) }), ["**When** `x == 0`\n\n```sql\nSELECT 0\n```", "**When** `x == 1`"]],
  ["not more variants than are read", query({ variants: sqls(7) }), ["`x == 3`", "… and 3 more, depending on branches"]],
  [
    "what else is sent",
    query({ sql: "SELECT 1", causes: [{ kind: "eager-load", relationship: "User.orders", sql: "SELECT 2" }] }),
    ["Sent after it: `User.orders`\n\n```sql\nSELECT 2\n```"],
  ],
  ["a part of a larger statement", query({ sql: "SELECT 1", within: 3 }), ["A part of this statement:"]],
  [
    "a refusal",
    query({ refused: { reason: "what <b> is", line: 2 } }),
    ["**SQL not known:** what \\<b\\> is. Only SQL that is certain is shown."],
  ],
  ["a refusal because of another line", query({ refused: { reason: "x", line: 7 } }), ["x ([line 7](file:///a.py#L7))"]],
];
test.each(texts)("the hover shows %s", (_, one, has) => {
  const text = queryText(one, { uri: "file:///a.py", line: 2, column: 1 });
  for (const part of has) expect(text).toContain(part);
  expect(text.includes("command:")).toBe(one.refused === undefined);
});
