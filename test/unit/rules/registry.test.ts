import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { indexRules, resolveRules, ruleIds, rulesById } from "../../../server/src/rules/index.js";
import { pythonExample, templateExample } from "./support/examples.js";
import { checkProject } from "./support/project.js";

const root = resolve(import.meta.dirname, "../../..");
const fixtures = join(import.meta.dirname, "fixtures");

test("pages and manifest are what the rules say", () => {
  const check = () => execFileSync(process.execPath, [join(root, "scripts/generate-docs.mjs"), "--check"], { cwd: root, encoding: "utf8" });
  expect(check).not.toThrow();
});

test("every fixture belongs to a rule", () => {
  const named = readdirSync(fixtures).map((name) => name.replace(/\.md$/, ""));
  expect(named.filter((name) => !ruleIds.has(name))).toEqual([]);
});

test("two rules of one name are refused", () => {
  const [rule] = rulesById.values();
  expect(() => indexRules([rule!, rule!])).toThrow(/Two rules are called/);
});

describe.each([...rulesById.values()].map((rule) => [rule.meta.id, rule] as const))("%s", (id, { meta, docs }) => {
  test("is named and described", () => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(meta.summary).toMatch(/\.$/);
    expect(docs.whatItDoes.length * docs.whyBad.length).toBeGreaterThan(0);
  });

  test("has a fixture", () => expect(existsSync(join(fixtures, `${id}.md`))).toBe(true));

  const example = async (text: string) => {
    const [language] = meta.languages;
    const files =
      language === "python" ? pythonExample(text) : language === "jinja" ? templateExample(text) : [{ path: "example.sql", text }];
    const { findings, syntaxProblems } = await checkProject(files, { rules: { [id]: meta.severity } });
    expect(syntaxProblems).toEqual([]);
    return findings.map((finding) => finding.rule);
  };
  test("the bad example fires this rule and no other", async () => expect([...new Set(await example(docs.bad))]).toEqual([id]));
  test("the good example fires none", async () => expect(await example(docs.good)).toEqual([]));
});

describe("levels", () => {
  const cases: [string, unknown, string, RegExp | undefined][] = [
    ["a level of its own", { "select-star": "error" }, "error", undefined],
    ["off", { "select-star": "off" }, "off", undefined],
    ["nothing set", undefined, "info", undefined],
    ["null", null, "info", undefined],
    ["an unknown level", { "select-star": "loud" }, "info", /rules\.select-star is "loud"\. Allowed: "off", "error", .*level is used/],
    ["a wrong type", { "select-star": 3 }, "info", /rules\.select-star is 3/],
    ["an unknown rule", { "select-stars": "off" }, "info", /rules\.select-stars names no rule\. Allowed: .*select-star/],
    ["no object", ["select-star"], "info", /Setting rules is \["select-star"\]/],
  ];
  test.each(cases)("%s", (_, value, level, problem) => {
    const resolved = resolveRules([{ name: "rules", value }]);
    expect(resolved.levels.get("select-star")).toBe(level);
    expect(resolved.problems.map(({ message }) => message)).toEqual(problem ? [expect.stringMatching(problem)] : []);
  });

  test("later settings win, one bad value costs only itself", () => {
    const resolved = resolveRules([
      { name: "pyproject.toml", value: { "select-star": "off", "order-by-random": "hint" } },
      { name: "dbOptimize.rules", value: { "select-star": "warning", "order-by-random": 1 } },
    ]);
    expect([resolved.levels.get("select-star"), resolved.levels.get("order-by-random")]).toEqual(["warning", "hint"]);
  });

  test("only the named rules, whatever is off", () => {
    const { levels, problems } = resolveRules([{ name: "rules", value: { "select-star": "off" } }], ["select-star", "nonsense"]);
    expect([...levels].filter(([, level]) => level !== "off")).toEqual([["select-star", "info"]]);
    expect(problems.map(({ setting }) => setting)).toEqual(["nonsense"]);
  });
});
