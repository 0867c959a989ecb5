import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { workerPath } from "./assets.js";

const format = "db-optimize results 1";

/** A template that the code asked for, and its text's hash; none where it could not be read. */
export type AskedTemplate = readonly [path: string, hash: string | undefined];

interface Stored<R> {
  /** Of everything that the result was made of, the templates' texts excepted: which of them matter is known only afterwards. */
  readonly inputs: string;
  readonly templates: readonly AskedTemplate[];
  readonly result: R;
}

/**
 * The result of the last check of a project, kept on disk: it holds as long as nothing has changed that it was made of. A torn or damaged file
 * looks like no file.
 */
export class ResultCache<R> {
  private readonly file: string;

  constructor(
    private readonly directory: string,
    folders: readonly string[],
  ) {
    const project = createHash("sha1").update(folders.join("\0")).digest("hex").slice(0, 16);
    this.file = join(directory, `${project}.results`);
  }

  /** @param hashOf the present hash of a template's text */
  async load(inputs: string, hashOf: (template: string) => string | undefined): Promise<R | undefined> {
    const text = await readFile(this.file, "utf8").catch(() => undefined);
    const end = text?.indexOf("\n") ?? -1;
    if (text === undefined || end < 0) return undefined;
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== header(body)) return undefined;
    const stored = JSON.parse(body) as Stored<R>;
    const holds = stored.inputs === inputs && stored.templates.every(([path, hash]) => hashOf(path) === (hash ?? undefined));
    return holds ? stored.result : undefined;
  }

  /** Replaces what was kept. A reader in another process sees the old file or the new one, never a part. */
  async save(inputs: string, templates: readonly AskedTemplate[], result: R): Promise<void> {
    const stored: Stored<R> = { inputs, templates, result };
    const body = JSON.stringify(stored);
    await mkdir(this.directory, { recursive: true });
    const temporary = `${this.file}.${process.pid}.${Date.now()}.tmp`;
    try {
      await writeFile(temporary, `${header(body)}\n${body}`);
      await rename(temporary, this.file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

const header = (body: string) => `${format} ${createHash("sha1").update(body).digest("hex")}`;

/**
 * Another for each build of the engine: bundles name what they import by its content, so that this one's bytes change whenever anything does
 * that it is made of. Undefined where the engine runs from its sources.
 */
export function bundleVersion(): string | undefined {
  if (workerPath() === undefined) return undefined;
  return createHash("sha1")
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest("hex");
}
