import type { KeptRun, RunStatistics } from "#protocol/history";

/** Of the measured runs that can be set beside one: the same values, the same database, the same steps. Undefined for a single one. */
export function statisticsOf(run: KeptRun, all: readonly KeptRun[]): RunStatistics | undefined {
  const times = all
    .filter((other) => isRepeat(run, other))
    .flatMap(({ executionTimeMs }) => executionTimeMs ?? [])
    .sort((a, b) => a - b);
  if (times.length < 2) return undefined;
  return {
    runs: times.length,
    medianMs: quantile(times, 0.5),
    lowerQuartileMs: quantile(times, 0.25),
    upperQuartileMs: quantile(times, 0.75),
    lowestMs: times[0]!,
    highestMs: times.at(-1)!,
  };
}

function isRepeat(run: KeptRun, other: KeptRun): boolean {
  return (
    other.analyzed &&
    other.key === run.key &&
    other.shape === run.shape &&
    other.connection.target === run.connection.target &&
    JSON.stringify(other.parameters) === JSON.stringify(run.parameters)
  );
}

/** Linear between neighbours (R's type 7), of sorted numbers. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}
