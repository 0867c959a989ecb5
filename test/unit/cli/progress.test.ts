import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Environment } from "../../../server/src/cli/environment.js";
import { startProgress } from "../../../server/src/cli/progress.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function terminal(isTTY: boolean): { environment: Environment; written: string[] } {
  const written: string[] = [];
  const stderr = { isTTY, write: (text: string) => written.push(text) };
  return { environment: { env: {}, stderr, stdout: { columns: 20 } } as unknown as Environment, written };
}

test("nothing before half a second, then what changes, then a clean line", () => {
  const { environment, written } = terminal(true);
  const progress = startProgress(environment);
  progress.report("Reading");
  vi.advanceTimersByTime(499);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1000);
  progress.report("Reading", 0.5);
  vi.advanceTimersByTime(1000);
  progress.report("A line that is longer than the terminal\nis wide");
  vi.advanceTimersByTime(1000);
  progress.end();
  vi.advanceTimersByTime(1000);
  expect(written).toEqual(["Reading …", "Reading 50 %", "A line that is long", ""].map((line) => `\r\u001b[2K${line}`));
});

test("what is quick, and what nobody sees, prints nothing", () => {
  for (const [isTTY, ms] of [
    [true, 100],
    [false, 5000],
  ] as const) {
    const { environment, written } = terminal(isTTY);
    const progress = startProgress(environment);
    progress.report("Reading");
    vi.advanceTimersByTime(ms);
    progress.end();
    expect(written).toEqual([]);
  }
});
