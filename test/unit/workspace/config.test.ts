import { expect, test } from "vitest";
import { readProjectSettings } from "../../../server/src/workspace/config.js";
import { makeTree } from "./tree.js";

function read(pyproject: string | undefined, folder = ""): { settings: unknown; warnings: string[] } {
  const root = makeTree({ ".git/HEAD": "", "app/x.py": "", ...(pyproject === undefined ? {} : { "pyproject.toml": pyproject }) });
  const warnings: string[] = [];
  const settings = readProjectSettings(`${root}/${folder}`.replace(/\/$/, ""), ["select-star", "query-in-loop"], ({ message }) =>
    warnings.push(message),
  );
  return { settings: JSON.parse(JSON.stringify(settings).replaceAll(root, "ROOT")), warnings };
}
const defaults = { rules: {}, exclude: [], includeTests: false, includePossible: false };

test("no file, or a file that does not speak to us", () => {
  expect(read(undefined)).toEqual({ settings: defaults, warnings: [] });
  expect(read("[tool.black]\nline-length = 100")).toEqual({ settings: defaults, warnings: [] });
});

test("all settings, found from a folder below", () => {
  const text = `[tool.db-optimize]
exclude = ["legacy/**"]
include-tests = true
include-possible = true
fail-on = "error"
baseline = "known.json"
[tool.db-optimize.rules]
select-star = "off"
query-in-loop = "error"`;
  const settings = {
    rules: { "select-star": "off", "query-in-loop": "error" },
    exclude: ["legacy/**"],
    includeTests: true,
    includePossible: true,
    failOn: "error",
    baseline: "ROOT/known.json",
  };
  expect(read(text, "app")).toEqual({ settings, warnings: [] });
});

const bad: [name: string, text: string, warning: RegExp][] = [
  ["no TOML", "[tool.db-optimize\n", /^Settings in this file are ignored: it is no TOML at line 1, column \d+\.$/],
  ["no table", "[tool]\ndb-optimize = 3", /is no table/],
  ["wrong type", "[tool.db-optimize]\nexclude = 3", /^Setting exclude is 3\. Allowed: a list of patterns.* Used instead: no patterns\.$/],
  ["wrong value", '[tool.db-optimize]\nfail-on = "fatal"', /^Setting fail-on is "fatal"\. Allowed: error, warning, info, hint, never\./],
  ["unknown key", "[tool.db-optimize]\nfoo = 1", /^There is no setting foo\. Allowed: rules, exclude,/],
  ["unknown rule", '[tool.db-optimize.rules]\nselect-stra = "off"', /select-stra names no rule\. Allowed: query-in-loop, select-star/],
  ["wrong level", '[tool.db-optimize.rules]\nselect-star = "loud"', /select-star is "loud"\. Allowed: "off", "error"/],
];
test.each(bad)("a bad setting is named and costs only itself: %s", (_name, text, warning) => {
  expect(read(text)).toEqual({ settings: defaults, warnings: [expect.stringMatching(warning)] });
});
