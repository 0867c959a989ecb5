import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createPythonParser, type FileFacts, type PythonParser } from "../../../server/src/python/index.js";

const require = createRequire(import.meta.url);
let made: Promise<PythonParser> | undefined;

/** One that nothing else has used. */
export async function newParser(): Promise<PythonParser> {
  const [runtime, grammar] = await Promise.all(
    ["web-tree-sitter/web-tree-sitter.wasm", "tree-sitter-python/tree-sitter-python.wasm"].map((name) => readFile(require.resolve(name))),
  );
  return createPythonParser({ runtime: runtime!, grammar: grammar! });
}

/** One parser for a test file: loading the grammar costs more than most tests. */
export const pythonParser = (): Promise<PythonParser> => (made ??= newParser());
export const factsOf = async (text: string): Promise<FileFacts> => (await pythonParser()).facts(text);
