// What a person waits for after a keystroke: the text change is sent, diagnostics are pulled, the answer has arrived.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withServer } from "./languageServer.mjs";
import { percentile } from "./process.mjs";

/**
 * Types into one open document, a character at a time, at the end of a comment line in the middle of the file.
 * @param {{ server: string, folder: string, file: string, text: string, edits: number, asked?: string }} options `asked`: another file, which
 *   is open too, and whose diagnostics are waited for instead
 * @returns {Promise<{ edits: number, p50: number, p95: number, max: number, findings: number }>} milliseconds
 */
export async function keystrokes({ server, folder, file, text, edits, asked = file }) {
  return withServer(server, folder, async (connection) => {
    const uri = pathToFileURL(file).href;
    const lines = text.split("\n");
    const line = Math.floor(lines.length / 2);
    const marked = [...lines.slice(0, line), "# ", ...lines.slice(line)].join("\n");
    await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "python", version: 1, text: marked } });
    const askedUri = pathToFileURL(asked).href;
    if (asked !== file) {
      const opened = { uri: askedUri, languageId: "python", version: 1, text: readFileSync(asked, "utf8") };
      await connection.sendNotification("textDocument/didOpen", { textDocument: opened });
    }
    const pull = () => connection.sendRequest("textDocument/diagnostic", { textDocument: { uri: askedUri } });
    let findings = (await pull()).items?.length ?? 0;
    const times = [];
    for (let i = 0; i < edits; i++) {
      const at = { line, character: 2 + i };
      const started = performance.now();
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: i + 2 },
        contentChanges: [{ range: { start: at, end: at }, text: "x" }],
      });
      const answer = await pull();
      times.push(performance.now() - started);
      if (answer.kind === "full") findings = answer.items.length;
    }
    return { edits, p50: percentile(times, 0.5), p95: percentile(times, 0.95), max: Math.max(...times), findings };
  });
}

/** A folder for one measurement, removed afterwards. */
export async function withFolder(run) {
  const folder = mkdtempSync(join(tmpdir(), "db-optimize-bench-"));
  try {
    return await run(folder, (name, text) => writeFileSync(join(folder, name), text));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
