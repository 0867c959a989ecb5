import { readFileSync } from "node:fs";
import { createPythonParser, type FileFacts } from "../../python/index.js";
import { assetPath } from "../assets.js";

/** A text that cannot be analysed fails alone, with the reason. */
export type FactsResult = { readonly facts: FileFacts } | { readonly failed: string };
export type FactsEngine = (text: string) => FactsResult;

/** Computes facts of texts that cannot be read directly. Loading the parser takes about 30 ms, once per thread. */
export async function createFactsEngine(): Promise<FactsEngine> {
  const parser = await createPythonParser({
    runtime: readFileSync(assetPath("web-tree-sitter.wasm")),
    grammar: readFileSync(assetPath("tree-sitter-python.wasm")),
  });
  return (text) => {
    try {
      return { facts: parser.factsFromTree(text) };
    } catch (error) {
      // Parsers recurse: an expression nested ten thousand deep ends the stack, and only that.
      return { failed: error instanceof RangeError ? "it is nested too deeply" : String(error) };
    }
  };
}
