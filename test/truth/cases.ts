import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "#protocol/finding";
import { readFixtures, type FixtureCase } from "../unit/rules/support/fixture.js";
import { readMarks } from "../unit/rules/support/marks.js";
import { applyFixes, checkProject, type ProjectFile } from "../unit/rules/support/project.js";
import { pythonFacts } from "../unit/rules/support/python.js";

/** A fixture as a program: its files before and after the fix, and the functions that the findings lie in. */
export interface TruthCase {
  readonly id: string;
  readonly before: Readonly<Record<string, string>>;
  /** The files with every fix applied; undefined where the rule has no fix for this shape. */
  readonly after?: Readonly<Record<string, string>>;
  readonly calls: readonly TruthCall[];
}

export interface TruthCall {
  readonly module: string;
  readonly function: string;
  /** The fix changes this function. */
  readonly mended: boolean;
  /** The finding says that something happens once per row; the others say that rows are loaded in vain. */
  readonly perRow: boolean;
}

const folder = join(import.meta.dirname, "../unit/rules/fixtures");

/** What the checker reports in a rule's fixture as certain or likely, and what its fixes make of it. */
export async function truthCases(rule: string): Promise<TruthCase[]> {
  const cases: TruthCase[] = [];
  // A finding in what only an older SQLAlchemy has cannot be executed.
  for (const fixture of readFixtures(readFileSync(join(folder, `${rule}.md`), "utf8")))
    if (fixture.settings.raises === undefined && !hasProgram(fixture)) cases.push(await toCase(rule, fixture));
  return cases.filter(({ calls }) => calls.length > 0);
}

function hasProgram({ title, settings: { program } }: FixtureCase): boolean {
  if (program !== undefined && !existsSync(join(import.meta.dirname, `programs/${program}.md`)))
    throw new Error(`${title}: no program ${program}`);
  return program !== undefined;
}

async function toCase(rule: string, fixture: FixtureCase): Promise<TruthCase> {
  const files = fixture.files.map(({ path, marked }) => ({ path, text: readMarks(marked).text }));
  const { findings } = await checkProject(files, fixture.settings, [rule]);
  const own = findings.filter((finding) => finding.rule === rule && finding.certainty !== "possible");
  const fixed = applyFixes(files, own);
  const calls: TruthCall[] = [];
  for (const { path, text } of files) {
    const here = own.filter(({ file }) => file === path);
    const perRow = await functionsAround(
      text,
      here.filter(({ message }) => message.includes("once per")),
    );
    for (const name of await functionsAround(text, here)) {
      const changed = (await bodyOf(text, name)) !== (await bodyOf(textOf(fixed, path), name));
      const within = await Promise.all(here.map(async (one) => ((await functionsAround(text, [one])).includes(name) ? [one] : [])));
      // One finding that has no fix goes on sending.
      const mended = changed && within.flat().every(({ fixes }) => fixes.length > 0);
      calls.push({ module: moduleOf(path), function: name, mended, perRow: perRow.includes(name) });
    }
  }
  const before = byPath(files);
  const after = byPath(fixed);
  const changed = files.some(({ path }) => before[path] !== after[path]);
  return { id: `${rule}: ${fixture.title}`, before, ...(changed ? { after } : {}), calls };
}

const byPath = (files: readonly ProjectFile[]): Record<string, string> => Object.fromEntries(files.map(({ path, text }) => [path, text]));
const textOf = (files: readonly ProjectFile[], path: string): string => files.find((file) => file.path === path)?.text ?? "";

/** A fixture that the rule is silent on: every function of it, to see that it sends no more statements for more rows. */
export interface SilentCase {
  readonly id: string;
  readonly before: Readonly<Record<string, string>>;
  readonly calls: readonly { readonly module: string; readonly function: string }[];
  /** Why one of them does all the same. */
  readonly grows?: string;
  /** The exception in which each of them ends. */
  readonly raises?: string;
}

export async function silentCases(rule: string): Promise<SilentCase[]> {
  const cases: SilentCase[] = [];
  for (const fixture of readFixtures(readFileSync(join(folder, `${rule}.md`), "utf8"))) {
    const { title, settings, files } = fixture;
    if (hasProgram(fixture)) continue;
    const read = files.map(({ path, marked }) => ({ path, ...readMarks(marked) }));
    if (read.some(({ marks }) => marks.length > 0)) continue;
    // The last file is the program; the others are what it stands on.
    const { path, text } = read.at(-1)!;
    const { functions } = await pythonFacts(text);
    const outermost = functions.filter((fn) => fn.parent === 0 && fn.class === undefined);
    const calls = outermost.map((fn) => ({ module: moduleOf(path), function: fn.qualifiedName }));
    const { grows, raises } = settings;
    const expected = { ...(grows === undefined ? {} : { grows }), ...(raises === undefined ? {} : { raises }) };
    cases.push({ id: `${rule}: ${title}`, before: byPath(read), calls, ...expected });
  }
  return cases.filter(({ calls }) => calls.length > 0);
}

const moduleOf = (path: string): string => path.replace(/\.py$/, "").replaceAll("/", ".");

/** Qualified names of the outermost functions around these findings. */
async function functionsAround(text: string, findings: readonly Finding[]): Promise<string[]> {
  const { functions } = await pythonFacts(text);
  const starts = text.split("\n").reduce<number[]>((offsets, line) => [...offsets, (offsets.at(-1) ?? 0) + line.length + 1], [0]);
  const names = findings.map(({ line }) => {
    const offset = starts[line - 1] ?? 0;
    return functions.slice(1).find(({ start, end }) => start <= offset && offset < end)?.qualifiedName;
  });
  if (names.includes(undefined)) throw new Error(`A finding outside any function cannot be executed:\n${text}`);
  return [...new Set(names.filter((name) => name !== undefined))];
}

async function bodyOf(text: string, name: string): Promise<string> {
  const found = (await pythonFacts(text)).functions.find(({ qualifiedName }) => qualifiedName === name);
  return found ? text.slice(found.start, found.end) : "";
}
