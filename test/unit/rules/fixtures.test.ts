import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseStatements, walk } from "../../../server/src/sql/index.js";
import { markKey, readFixtures, replaceMarked, type FixtureCase, type Language } from "./support/fixture.js";
import { markOf, matches, readMarks, writeMarks, type Mark } from "./support/marks.js";
import { applyFixes, checkProject, sqlFile, type ProjectFile } from "./support/project.js";

// UPDATE_FIXTURES=1 writes the marks and fixed blocks that the engine gives; read the diff before you believe it.
const folder = join(import.meta.dirname, "fixtures");
const update = process.env["UPDATE_FIXTURES"] === "1";

for (const name of readdirSync(folder).filter((file) => file.endsWith(".md"))) {
  const rule = name.slice(0, -3);
  const markdown = readFileSync(join(folder, name), "utf8");
  const written = new Map<string, string>();
  describe(rule, () => {
    const cases = readFixtures(markdown);
    const titles = cases.map(({ title }) => title);
    test("titles are unique", () => expect(titles).toEqual([...new Set(titles)]));
    for (const fixture of cases) test(fixture.title, () => checkCase(rule, fixture, written));
    if (update) test("write", () => writeFileSync(join(folder, name), replaceMarked(markdown, written)));
  });
}

async function checkCase(rule: string, fixture: FixtureCase, written: Map<string, string>): Promise<void> {
  const read = fixture.files.map((file) => ({ ...file, ...readMarks(file.marked) }));
  const { findings, syntaxProblems } = await checkProject(read, fixture.settings, [rule]);
  findings.forEach(({ message }) => checkProposed(message));
  const fixed = applyFixes(read, findings);
  const { certainty } = fixture.settings;
  if (certainty) expect(findings.map((finding) => finding.certainty)).toEqual(findings.map(() => certainty));
  for (const file of read) {
    const actual = findings.filter((finding) => finding.file === file.path).map((finding) => markOf(finding, file.text));
    if (update) {
      written.set(markKey(fixture.title, file.path, false), writeMarks(file.text, actual, file.language));
      written.set(markKey(fixture.title, file.path, true), fixed.find(({ path }) => path === file.path)?.text ?? "");
    } else {
      compareMarks(file.path, file.marks, actual, file);
      compareFixed(file.path, file.fixed, file.text, fixed);
    }
  }
  if (fixture.files.some((file) => file.fixed !== undefined)) await checkAfterFix(rule, fixture, findings.length, syntaxProblems, fixed);
}

/** A statement that a message proposes is one that PostgreSQL takes: it parses, and an index knows neither qualifiers nor parameters. */
function checkProposed(message: string): void {
  const proposed = [...message.matchAll(/`(CREATE (?:[^`]|``)*)`/g)].map(([, ddl]) => ddl ?? "");
  expect(message.split("CREATE ").length - 1, "statements stand in marks").toBe(proposed.length);
  for (const ddl of proposed) {
    const { statements, problems } = parseStatements(sqlFile("proposed.sql", ddl));
    expect(
      problems.map((problem) => problem.message),
      ddl,
    ).toEqual([]);
    expect(
      statements.map(({ parameters }) => parameters.length),
      ddl,
    ).toEqual([0]);
    walk(statements[0]?.tree, ({ tag, node }) => {
      if (tag === "ColumnRef") expect(node.fields?.length, `${ddl} has no qualifiers`).toBe(1);
    });
  }
}

function compareMarks(path: string, expected: readonly Mark[], actual: readonly Mark[], file: { text: string; language: Language }): void {
  const missing = expected.filter((mark) => !actual.some((found) => matches(mark, found)));
  const unmarked = actual.filter((found) => !expected.some((mark) => matches(mark, found)));
  if (missing.length === 0 && unmarked.length === 0) return;
  expect.fail(`${path} is not marked as it is found:\n${writeMarks(file.text, actual, file.language)}`);
}

/** A fix that changes something must be shown in a `fixed` block. */
function compareFixed(path: string, expected: string | undefined, before: string, fixed: readonly ProjectFile[]): void {
  const after = fixed.find((file) => file.path === path)?.text ?? "";
  expect(after, `${path} after its fixes`).toBe(expected === undefined ? before : readMarks(expected).text);
}

async function checkAfterFix(
  rule: string,
  fixture: FixtureCase,
  before: number,
  problemsBefore: readonly string[],
  fixed: readonly ProjectFile[],
): Promise<void> {
  const after = await checkProject(fixed, fixture.settings, [rule]);
  expect(after.syntaxProblems, "the fixed code parses").toEqual(problemsBefore);
  expect(
    after.findings.filter((finding) => finding.rule === rule && finding.fixes.length > 0),
    "nothing is left to fix",
  ).toEqual([]);
  expect(after.findings.length, "the fixed findings are gone").toBeLessThan(before);
}
