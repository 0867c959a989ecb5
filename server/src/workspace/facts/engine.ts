import { readFileSync } from "node:fs";
import { createPythonParser } from "../../python/index.js";
import { assetPath } from "../assets.js";
import type { FactsAnswer } from "./messages.js";

export interface FactsEngine {
  /** Facts of each text as JSON. One text that cannot be analysed fails alone. */
  compute(texts: readonly string[]): FactsAnswer;
}

/** Loads the parser: about 30 ms, once per thread. */
export async function createFactsEngine(): Promise<FactsEngine> {
  const parser = await createPythonParser({
    runtime: readFileSync(assetPath("web-tree-sitter.wasm")),
    grammar: readFileSync(assetPath("tree-sitter-python.wasm")),
  });
  const one = (text: string): FactsAnswer[number] => {
    try {
      return { json: JSON.stringify(parser.facts(text)) };
    } catch (error) {
      // Parsers recurse: an expression nested ten thousand deep ends the stack, and only that.
      return { failed: error instanceof RangeError ? "it is nested too deeply" : String(error) };
    }
  };
  return { compute: (texts) => texts.map(one) };
}
