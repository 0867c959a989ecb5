import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What the cache may take on disk, all projects together; the longest unused go first. */
const largestTotal = 512 * 1024 * 1024;
const largestPack = 256 * 1024 * 1024;
const format = "db-optimize facts 1";

/**
 * Facts by content hash, one file per project: a header with a digest, then one line per text. The digest makes a torn or damaged file
 * look like no file; a new engine has another version and does not read the old one's.
 */
export class FactsCache {
  private readonly file: string;

  constructor(
    private readonly directory: string,
    private readonly engineVersion: string,
    folders: readonly string[],
  ) {
    const project = createHash("sha1").update(folders.join("\0")).digest("hex").slice(0, 16);
    this.file = join(directory, `${project}.facts`);
  }

  /** Facts (as JSON text) by hash; empty when there is no usable cache. */
  async load(): Promise<Map<string, string>> {
    const facts = new Map<string, string>();
    const text = await readFile(this.file, "utf8").catch(() => undefined);
    if (text === undefined) return facts;
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (end < 0 || text.slice(0, end) !== this.header(body)) return facts;
    for (let at = 0; at < body.length;) {
      const newline = body.indexOf("\n", at);
      const space = body.indexOf(" ", at);
      facts.set(body.slice(at, space), body.slice(space + 1, newline));
      at = newline + 1;
    }
    // Says "used" to the clean-up; failing to say so costs a recomputation at most.
    await utimes(this.file, new Date(), new Date()).catch(() => undefined);
    return facts;
  }

  /** Replaces the project's facts. A reader in another process sees the old file or the new one, never a part. */
  async save(facts: ReadonlyMap<string, string>): Promise<void> {
    const lines: string[] = [];
    let size = 0;
    for (const [hash, json] of facts) {
      size += json.length;
      if (size > largestPack) break;
      lines.push(hash, " ", json, "\n");
    }
    const body = lines.join("");
    await mkdir(this.directory, { recursive: true });
    const temporary = `${this.file}.${process.pid}.${Date.now()}.tmp`;
    try {
      await writeFile(temporary, `${this.header(body)}\n${body}`);
      await rename(temporary, this.file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await this.removeOldest();
  }

  private header(body: string): string {
    return `${format} ${this.engineVersion} ${createHash("sha1").update(body).digest("hex")}`;
  }

  private async removeOldest(): Promise<void> {
    const packs = await Promise.all(
      (await readdir(this.directory))
        .filter((name) => /\.(facts|results|tmp)$/.test(name))
        .map(async (name) => {
          const path = join(this.directory, name);
          const stats = await stat(path).catch(() => undefined);
          return { path, size: stats?.size ?? 0, used: stats?.mtimeMs ?? 0 };
        }),
    );
    let total = 0;
    for (const pack of packs.sort((a, b) => b.used - a.used)) {
      total += pack.size;
      // A temporary file of an hour ago was left by a process that was killed.
      const abandoned = pack.path.endsWith(".tmp") && Date.now() - pack.used > 3_600_000;
      if ((total > largestTotal && pack.path !== this.file) || abandoned) await rm(pack.path, { force: true });
    }
  }
}
