import { expect, test } from "vitest";
import { FactsPool } from "../../../server/src/workspace/facts/pool.js";
import { makeTree } from "./tree.js";

/** Stands for the bundled worker: what it does with a text is what the text says. */
const script = `
import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ texts }) => {
  if (texts.includes("die")) process.exit(1);
  if (texts.includes("throw")) throw new Error("broken");
  if (texts.includes("hang")) for (;;);
  parentPort.postMessage(texts.map((text) => (text === "fail" ? { failed: "no" } : { json: JSON.stringify(text) })));
});`;

function makePool(): FactsPool {
  return new FactsPool(`${makeTree({ "worker.mjs": script })}/worker.mjs`, 2, 1000);
}
const { signal } = new AbortController();
const big = "x".repeat(150_000);

const cases: [name: string, texts: string[], expected: string[]][] = [
  ["none", [], []],
  ["in the order of the request, over several batches", [`a${big}`, "b", `c${big}`, "d", `e${big}`], ["a", "b", "c", "d", "e"]],
  ["a text that fails fails alone", ["a", "fail", "b"], ["a", "no", "b"]],
  ["a text that kills the worker costs itself", ["a", "die", "b", "die", "c"], ["a", "did not end", "b", "did not end", "c"]],
  ["a text that throws in the worker costs itself", ["a", "throw", "b"], ["a", "did not end", "b"]],
  ["a text that hangs costs itself", ["a", "hang", "b"], ["a", "did not end", "b"]],
];
test.each(cases)("%s", async (_name, texts, expected) => {
  const pool = makePool();
  let done = 0;
  const outcomes = await pool.compute(texts, signal, (count) => (done += count));
  expect(outcomes).toHaveLength(expected.length);
  for (const [i, outcome] of outcomes.entries()) {
    if ("json" in outcome) expect(outcome.json.slice(1, 2)).toBe(expected[i]);
    else expect(outcome.failed).toContain(expected[i]);
  }
  expect(done).toBe(outcomes.filter((outcome) => !("failed" in outcome && outcome.failed.includes("end"))).length);
});

test("cancelling ends it at once, whatever the workers do", async () => {
  const abort = new AbortController();
  const computing = makePool().compute(["hang"], abort.signal, () => undefined);
  setTimeout(() => abort.abort(), 100);
  await expect(computing).rejects.toThrow("aborted");
});
