import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A small application that runs on a seeded database, and what the checker must say about it. */
export interface Program {
  /** `topic/name`. */
  readonly id: string;
  readonly topic: string;
  readonly files: ProgramFiles;
  /** Python that fills the database in place of the general seeder: `def seed(session, n)`. */
  readonly seed?: string;
  /** The author's own repair: proves what is claimed where statements do not grow with the rows. */
  readonly fixed?: ProgramFiles;
  readonly settings: ProgramSettings;
  readonly expected: readonly Expectation[];
}

export type ProgramFiles = Readonly<Record<string, string>>;

export interface ProgramSettings {
  /** Which of programs/models/ is its models.py, where it brings none of its own. */
  readonly models?: string;
  /** It sends a statement per batch on purpose: a few more statements for more rows are right. */
  readonly batched?: true;
  /** The fault is a wrong result: the repaired program prints something else. */
  readonly resultDiffers?: true;
}

/** One finding. It stands at one of the places: where a serializer reads, both its call and the field are right. */
export interface Expectation {
  /** Any of them is right. */
  readonly rules: readonly string[];
  /** The attribute that is read (`Order.customer`), or a name that only ties places together. */
  readonly label?: string;
  readonly places: readonly PlaceOfLine[];
  /** Where the statements come from, when that is none of the places: another task, another thread. */
  readonly sources: readonly PlaceOfLine[];
}

export interface PlaceOfLine {
  readonly file: string;
  readonly line: number;
}

const folder = join(import.meta.dirname, "programs");

/** All programs, of one topic, or one by its id. */
export function readPrograms(only = ""): Program[] {
  const programs: Program[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === "models") continue;
    for (const file of readdirSync(join(folder, entry.name)).sort()) {
      const id = `${entry.name}/${file.replace(/\.md$/, "")}`;
      if (id.startsWith(only)) programs.push(readProgram(id, entry.name, readFileSync(join(folder, entry.name, file), "utf8")));
    }
  }
  return programs.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readProgram(id: string, topic: string, markdown: string): Program {
  const files: Record<string, string> = {};
  const fixed: Record<string, string> = {};
  let settings: ProgramSettings = {};
  let seed: string | undefined;
  for (const { info, text } of blocksOf(markdown)) {
    const [language, ...words] = info.split(/\s+/);
    const path = words.at(-1);
    if (language === "json" && path === undefined) settings = JSON.parse(text) as ProgramSettings;
    else if (path === undefined) throw new Error(`${id}: a block needs a path: ${info}`);
    else if (words[0] === "seed") seed = text;
    else if (words.length === 1) files[path] = text;
    else if (words[0] === "fixed") fixed[path] = text;
    else throw new Error(`${id}: a block of an unknown kind: ${info}`);
  }
  if (!("models.py" in files) && needsModels(files))
    files["models.py"] = readFileSync(join(folder, "models", `${settings.models ?? "shop"}.py`), "utf8");
  return {
    id,
    topic,
    files,
    settings,
    expected: expectationsOf(id, files),
    ...(seed === undefined ? {} : { seed }),
    ...(Object.keys(fixed).length > 0 ? { fixed: { ...files, ...fixed } } : {}),
  };
}

const needsModels = (files: ProgramFiles): boolean => Object.values(files).some((text) => /^\s*(from|import) models\b/m.test(text));

function* blocksOf(markdown: string): Generator<{ info: string; text: string }> {
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const fence = /^(`{3,})(.+)$/.exec(lines[index] ?? "");
    if (!fence) continue;
    const end = lines.indexOf(fence[1] ?? "", index + 1);
    if (end < 0) throw new Error(`A block is not closed: ${lines[index]}`);
    yield { info: (fence[2] ?? "").trim(), text: `${lines.slice(index + 1, end).join("\n")}\n` };
    index = end;
  }
}

const mark = /(?:#|\{#) (expect|sends): (.*?)\s*(?:#\})?$/;
const one = /^([a-z-]+(?:\|[a-z-]+)*)?(?: ?\(([^)]+)\))?$/;

interface Mark extends PlaceOfLine {
  readonly kind: string;
  readonly rules: string | undefined;
  readonly label: string | undefined;
}

/**
 * `# expect: rule[|rule] [(label)][, …]` at the end of a line; marks with one label are places of one finding. `# sends: (label)` says
 * where the statements of that finding come from.
 */
function expectationsOf(id: string, files: ProgramFiles): Expectation[] {
  const marks = [...marksOf(id, files)];
  const found: (Expectation & { places: PlaceOfLine[] })[] = [];
  for (const { kind, rules, label, file, line } of marks) {
    if (kind !== "expect") continue;
    const same = label === undefined ? undefined : found.find((other) => other.label === label);
    if (same) same.places.push({ file, line });
    else {
      if (rules === undefined) throw new Error(`${id}: an expectation without a rule at ${file}:${line}`);
      const sources = marks.filter((other) => other.kind === "sends" && other.label === label);
      found.push({ rules: rules.split("|"), ...(label === undefined ? {} : { label }), places: [{ file, line }], sources });
    }
  }
  return found;
}

function* marksOf(id: string, files: ProgramFiles): Generator<Mark> {
  for (const [file, text] of Object.entries(files)) {
    for (const [index, line] of text.split("\n").entries()) {
      const [, kind = "", list] = mark.exec(line) ?? [];
      for (const part of list?.split(", ") ?? []) {
        const [read, rules, label] = one.exec(part) ?? [];
        if (read === undefined || read === "") throw new Error(`${id}: an expectation that cannot be read: ${line.trim()}`);
        yield { kind, rules, label, file, line: index + 1 };
      }
    }
  }
}
