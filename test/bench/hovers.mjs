// What a person waits for between resting the mouse on an ORM query and seeing its SQL: the hover is asked for, the answer has arrived.
// `node test/bench/hovers.mjs FOLDER SERVER.js [FILES]` measures one project.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { withServer } from "./languageServer.mjs";
import { percentile } from "./process.mjs";

/** Calls that begin query expressions; the bench only needs places to point at. */
const begins = /\b(?:select|insert|update|delete)\(|\.query\b/g;

/**
 * Opens files with queries one after the other and rests on each of them: at first, again, and right after a keystroke in the same file while
 * its diagnostics are computed.
 * @returns {Promise<{ files: number, places: number, withSql: number, first: number[], again: number[], typing: number[], slowest: string }>}
 *   milliseconds
 */
export async function hovers({ server, folder, files: most }) {
  const files = queryFiles(folder).slice(0, most);
  return withServer(server, folder, async (connection) => {
    const result = { files: files.length, places: 0, withSql: 0, first: [], again: [], typing: [], slowest: "" };
    let slowest = 0;
    for (const { file, text: original } of files) {
      let text = original;
      const uri = pathToFileURL(file).href;
      await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "python", version: 1, text } });
      await connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } });
      const hover = async (position, times) => {
        const started = performance.now();
        const answer = await connection.sendRequest("textDocument/hover", { textDocument: { uri }, position });
        const took = performance.now() - started;
        const text = answer?.contents.value ?? "";
        const isQuery = text.includes("```sql") || text.includes("SQL not known");
        if (isQuery) times.push(took);
        return { isQuery, hasSql: text.includes("```sql"), took };
      };
      let version = 1;
      for (const position of places(text)) {
        const { isQuery, hasSql, took } = await hover(position, result.first);
        // Something else of that name.
        if (!isQuery) continue;
        result.places++;
        if (hasSql) result.withSql++;
        if (took > slowest) [slowest, result.slowest] = [took, `${file}:${position.line + 1}`];
        await hover(position, result.again);
        const end = { line: text.split("\n").length - 1, character: text.split("\n").at(-1).length };
        const contentChanges = [{ range: { start: end, end }, text: version === 1 ? "\n# x" : "x" }];
        text += contentChanges[0].text;
        await connection.sendNotification("textDocument/didChange", { textDocument: { uri, version: ++version }, contentChanges });
        const diagnostics = connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } });
        await hover(position, result.typing);
        await diagnostics;
      }
      await connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    }
    return result;
  });
}

function queryFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".py") && !/(^|\/)(tests?|migrations|alembic)\//.test(name))
    .sort()
    .map((name) => ({ file: join(folder, name), text: readFileSync(join(folder, name), "utf8") }))
    .filter(({ text }) => /sqlalchemy|models/.test(text) && text.search(begins) >= 0);
}

function places(text) {
  return text.split("\n").flatMap((line, at) => [...line.matchAll(begins)].map(({ index }) => ({ line: at, character: index + 1 })));
}

if (process.argv[1] === import.meta.filename) {
  const [folder, server, most = "40"] = process.argv.slice(2);
  const result = await hovers({ folder: resolve(folder), server: resolve(server), files: Number(most) });
  const told = (times) =>
    `p50 ${percentile(times, 0.5).toFixed(1)}, p95 ${percentile(times, 0.95).toFixed(1)}, max ${Math.max(...times).toFixed(1)} ms`;
  console.log(`${result.files} files, ${result.places} places, ${result.withSql} with SQL`);
  for (const kind of ["first", "again", "typing"]) console.log(`${kind.padEnd(7)} ${told(result[kind])}`);
  console.log(`slowest: ${result.slowest}`);
}
