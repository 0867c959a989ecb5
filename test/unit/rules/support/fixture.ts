import type { Certainty } from "#protocol/finding";

export type Language = "py" | "sql" | "jinja";
const extensions: Readonly<Record<Language, string>> = { py: "py", sql: "sql", jinja: "html" };
const isLanguage = (word: string | undefined): word is Language => word !== undefined && Object.hasOwn(extensions, word);

/** One file of a case: a fenced block under a `path` heading, or the only one. */
export interface FixtureFile {
  readonly path: string;
  readonly language: Language;
  /** With marks. */
  readonly marked: string;
  readonly fixed?: string;
}

export interface FixtureSettings {
  /** Rule levels, as in the editor's settings. Without them only the fixture's own rule runs. */
  readonly rules?: Record<string, string>;
  /** DDL of a schema that a server is taken to have. */
  readonly schema?: string;
  /** Rows per table, as the server's statistics would give them. */
  readonly rows?: Record<string, number>;
  /** False: as the front doors show it unless asked for more. */
  readonly includePossible?: boolean;
  /** How sure every finding of the case is. */
  readonly certainty?: Certainty;
  /** Why a case without marks sends more statements for more rows all the same; the truth layer holds it to that. */
  readonly grows?: string;
  /** Class of the exception in which the case ends on SQLAlchemy 2: it is about that, or about an older SQLAlchemy. */
  readonly raises?: string;
  /** `topic/name` of the truth layer's program that executes this shape, where calling the marked function would not. */
  readonly program?: string;
}

export interface FixtureCase {
  readonly title: string;
  readonly settings: FixtureSettings;
  readonly files: readonly FixtureFile[];
}

interface Block {
  readonly info: string;
  readonly path: string | undefined;
  readonly text: string;
  /** Lines of the document between which the text stands. */
  readonly from: number;
  readonly to: number;
}

/**
 * Reads `## title`, `### path`, and the fenced blocks below: `py`, `sql`, `jinja`, each also `fixed`, `json`, `sql schema`. Files before the
 * first title belong to every case that imports them and has none of its own under that path; they bear no marks.
 */
export function readFixtures(markdown: string): FixtureCase[] {
  const shared: Block[] = [];
  const cases: { title: string; blocks: Block[] }[] = [];
  for (const { title, block } of blocksOf(markdown)) {
    if (title !== undefined) cases.push({ title, blocks: [] });
    else if (block) (cases.at(-1)?.blocks ?? shared).push(block);
  }
  const common = shared.length ? toCase("the files before the first case", shared).files : [];
  return cases.map(({ title, blocks }) => withShared(toCase(title, blocks), common));
}

function withShared(fixture: FixtureCase, shared: readonly FixtureFile[]): FixtureCase {
  const wanted = shared.filter(({ path }) => !fixture.files.some((file) => file.path === path) && importsFile(fixture, path));
  return { ...fixture, files: [...wanted, ...fixture.files] };
}

function importsFile({ files }: FixtureCase, path: string): boolean {
  const module = path.replace(/\.py$/, "").replaceAll("/", ".");
  return files.some(({ marked }) => marked.split("\n").some((line) => new RegExp(`^\\s*(from|import) ${module}\\b`).test(line)));
}

function* blocksOf(markdown: string): Generator<{ title?: string; block?: Block }> {
  const lines = markdown.split("\n");
  let path: string | undefined;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const fence = /^(`{3,})(.*)$/.exec(line);
    if (line.startsWith("## ")) {
      path = undefined;
      yield { title: line.slice(3).trim() };
    } else if (line.startsWith("### ")) path = line.slice(4).replaceAll("`", "").trim();
    else if (fence) {
      const from = index + 1;
      while (index + 1 < lines.length && lines[index + 1] !== fence[1]) index++;
      yield {
        block: {
          info: (fence[2] ?? "").trim(),
          path,
          text: lines
            .slice(from, index + 1)
            .map((text) => `${text}\n`)
            .join(""),
          from,
          to: index + 1,
        },
      };
      index++;
    }
  }
}

function toCase(title: string, blocks: readonly Block[]): FixtureCase {
  const files: FixtureFile[] = [];
  let settings: FixtureSettings = {};
  for (const { info, path, text } of blocks) {
    if (info === "json") settings = { ...settings, ...(JSON.parse(text) as FixtureSettings) };
    else if (info === "sql schema") settings = { ...settings, schema: text };
    else if (isLanguage(info)) files.push({ path: path ?? `example.${extensions[info]}`, language: info, marked: text });
    else if (info === "py fixed" || info === "sql fixed" || info === "jinja fixed") {
      const at = path === undefined ? files.length - 1 : files.findIndex((file) => file.path === path);
      const file = files[at];
      if (!file) throw new Error(`"${title}": a fixed block without a file before it.`);
      files[at] = { ...file, fixed: text };
    } else throw new Error(`"${title}": a block of an unknown kind: ${info}`);
  }
  if (files.length === 0) throw new Error(`"${title}" has no code.`);
  return { title, settings, files };
}

/** The document with the marked text of each file of each case replaced. */
export function replaceMarked(markdown: string, replacements: ReadonlyMap<string, string>): string {
  const lines = markdown.split("\n");
  const edits: { block: Block; text: string }[] = [];
  let title = "";
  for (const found of blocksOf(markdown)) {
    title = found.title ?? title;
    const { block } = found;
    if (!block) continue;
    const [language, kind] = block.info.split(" ");
    if (!isLanguage(language) || kind === "schema") continue;
    const text = replacements.get(markKey(title, block.path ?? `example.${extensions[language]}`, kind === "fixed"));
    if (text !== undefined) edits.push({ block, text });
  }
  for (const { block, text } of edits.reverse()) lines.splice(block.from, block.to - block.from, ...text.replace(/\n$/, "").split("\n"));
  return lines.join("\n");
}

export const markKey = (title: string, path: string, fixed: boolean): string => `${title}\n${path}\n${fixed ? "fixed" : ""}`;
