import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseTemplate } from "../../../server/src/templates/index.js";
import { childrenOf, forEachExpr, type Expr } from "../../../server/src/python/index.js";
import { write } from "../python/outline.js";

function only(text: string): Expr {
  const { functions, problems } = parseTemplate(text);
  expect(problems).toEqual([]);
  const [statement] = functions[0]!.body;
  if (statement?.kind !== "expression") throw new Error("no expression");
  return statement.value;
}

/** Expressions, each with the tree that Jinja's own parser makes of it. */
const table = JSON.parse(readFileSync(new URL("expressions.json", import.meta.url), "utf8")) as [string, string][];

describe("as Jinja reads it", () => {
  for (const [code, expected] of table) test(code, () => expect(write(only(`{{ ${code} }}`))).toBe(expected));
});

const hasSlice = (expr: Expr): boolean => expr.kind === "slice" || (expr.kind === "tuple" && expr.items.some(hasSlice));

/** Each part's own text, read alone, gives the same part (with the `not` of `x is not f`, which stands inside). */
function checkPositions(code: string): void {
  const text = `é ${"\u{1f600}"} {{- ${code} -}} tail`;
  const whole = only(text);
  const visit = (expr: Expr): void => {
    const own = text.slice(expr.start, expr.end);
    if (own === "" || hasSlice(expr)) return childrenOf(expr).forEach(visit);
    // What a filter or a test is called by stands apart from what it is applied to.
    if (expr.kind === "attribute" && expr.of.kind === "name" && expr.of.id.startsWith("__")) expect(own).toBe(expr.name);
    else expect([write(expr), `(not ${write(expr)})`]).toContain(write(only(`{{ ${own} }}`)));
    for (const child of childrenOf(expr)) visit(child);
  };
  visit(whole);
}

describe("positions are those of the expression's own text", () => {
  for (const [code] of table) test(code, () => checkPositions(code));
});

describe("strings", () => {
  const cases: readonly (readonly [string, string, readonly number[]])[] = [
    ["{{ 'abc' }}", "abc", [0, 4]],
    ["{{ 'a\\nb' }}", "a\nb", [0, 4, 2, 7]],
    ["{{ 'a' \"b\" }}", "ab", [0, 4, 1, 8]],
    ["{{ '' }}", "", [0, 6]],
  ];
  for (const [text, value, map] of cases)
    test(text, () => {
      const found = only(text);
      expect(found.kind === "string" && found.value).toBe(value);
      if (value !== "") expect(found.kind === "string" && found.map).toEqual(map);
    });
});

test("every expression of a whole template is reached by the common walk", () => {
  const { functions } = parseTemplate("{% for a in b if c %}{{ d|e(f) }}{% endfor %}");
  const names: string[] = [];
  for (const { body } of functions) forEachExpr(body, (expr) => void (expr.kind === "name" && names.push(expr.id)));
  expect(names.sort()).toEqual(["__filter__", "a", "b", "c", "d", "f"]);
});
