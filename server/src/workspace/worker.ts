import { parentPort } from "node:worker_threads";
import { createFactsEngine } from "./facts/engine.js";
import type { FactsAnswer, FactsRequest } from "./facts/messages.js";

const engine = createFactsEngine();

/** A worker without its parser answers, and says why: dying would look like a text that nobody can analyse. */
async function answer({ texts }: FactsRequest): Promise<FactsAnswer> {
  try {
    const compute = await engine;
    return texts.map((text) => {
      const result = compute(text);
      return "facts" in result ? { json: JSON.stringify(result.facts) } : result;
    });
  } catch (error) {
    return texts.map(() => ({ failed: error instanceof Error ? error.message : String(error) }));
  }
}

parentPort?.on("message", (request: FactsRequest) => {
  void answer(request).then((facts) => parentPort?.postMessage(facts));
});
