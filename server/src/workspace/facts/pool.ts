import { Worker } from "node:worker_threads";
import type { FactsAnswer, FactsRequest } from "./messages.js";

export type FactsOutcome = FactsAnswer[number];

/** A text that takes longer than this is given up; the slowest real file takes a hundredth of it. */
const longestBatchMs = 60_000;
/** Characters per message: large enough to amortise the posting, small enough to keep all workers busy to the end. */
const batchSize = 200_000;

interface Batch {
  readonly indexes: readonly number[];
}

/** Computes facts of many texts in worker threads. A worker that dies or hangs costs the text it worked on, nothing else. */
export class FactsPool {
  private readonly running = new Set<Worker>();

  constructor(
    private readonly script: string,
    private readonly size: number,
    private readonly longestMs = longestBatchMs,
  ) {}

  async compute(texts: readonly string[], signal: AbortSignal, done: (count: number) => void): Promise<FactsOutcome[]> {
    const outcomes = new Array<FactsOutcome>(texts.length);
    const queue = batchesOf(texts);
    const serve = async (): Promise<void> => {
      let worker: Worker | undefined;
      try {
        for (let batch = queue.shift(); batch && !signal.aborted; batch = queue.shift()) {
          worker ??= this.start();
          const answer = await ask(worker, { texts: batch.indexes.map((i) => texts[i]!) }, signal, this.longestMs);
          if (!answer) {
            this.stop(worker);
            worker = undefined;
            // Alone, the guilty text shows itself; the others get their facts.
            if (batch.indexes.length > 1) queue.push(...batch.indexes.map((i) => ({ indexes: [i] })));
            else outcomes[batch.indexes[0]!] = { failed: "the analysis of this file did not end" };
          } else {
            for (const [k, i] of batch.indexes.entries()) outcomes[i] = answer[k]!;
            done(batch.indexes.length);
          }
        }
      } finally {
        if (worker) this.stop(worker);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.size, queue.length) }, serve));
    signal.throwIfAborted();
    return outcomes;
  }

  dispose(): void {
    for (const worker of this.running) this.stop(worker);
  }

  private start(): Worker {
    const worker = new Worker(this.script);
    this.running.add(worker);
    return worker;
  }

  private stop(worker: Worker): void {
    this.running.delete(worker);
    void worker.terminate();
  }
}

/** Biggest texts first: a big one at the end would leave the other workers idle. */
function batchesOf(texts: readonly string[]): Batch[] {
  const order = [...texts.keys()].sort((a, b) => texts[b]!.length - texts[a]!.length);
  const batches: Batch[] = [];
  let indexes: number[] = [];
  let size = 0;
  for (const i of order) {
    indexes.push(i);
    size += texts[i]!.length;
    if (size < batchSize) continue;
    batches.push({ indexes });
    [indexes, size] = [[], 0];
  }
  if (indexes.length > 0) batches.push({ indexes });
  return batches;
}

/** The worker's answer, or undefined when it died, hung or was no longer wanted. */
function ask(worker: Worker, request: FactsRequest, signal: AbortSignal, longestMs: number): Promise<FactsAnswer | undefined> {
  return new Promise((resolve) => {
    const settle = (answer: FactsAnswer | undefined): void => {
      clearTimeout(timer);
      worker.off("message", settle).off("error", fail).off("exit", fail);
      // A late error of a worker that was given up must not end the process.
      if (!answer) worker.on("error", () => undefined);
      signal.removeEventListener("abort", fail);
      resolve(answer);
    };
    const fail = (): void => settle(undefined);
    const timer = setTimeout(fail, longestMs);
    worker.on("message", settle).on("error", fail).on("exit", fail);
    signal.addEventListener("abort", fail);
    worker.postMessage(request);
  });
}
