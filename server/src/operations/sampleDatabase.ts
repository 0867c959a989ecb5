import { sampleDatabase as contract } from "#protocol/operations";
import type { SampleStatus } from "../embedded/index.js";
import { operation } from "./operation.js";

export const sampleDatabase = operation(contract, async ({ action }, { sample, signal, progress }) => {
  const status = await {
    start: () => sample.start({ signal, progress }),
    stop: () => sample.stop(),
    reset: () => sample.reset({ signal, progress }),
    status: () => sample.look(),
  }[action]();
  return outward(status);
});

function outward({ running, dsn, port, rows, dataDirectory }: SampleStatus): {
  running: boolean;
  dsn?: string;
  port?: number;
  rows?: number;
  dataDirectory: string;
} {
  return { running, dsn, port, rows, dataDirectory };
}
