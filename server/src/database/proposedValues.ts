import { arrayText } from "#protocol/arrayValue";
import type { ProposedValue } from "#protocol/operations";
import type { Parameter } from "#protocol/statement";
import type { ColumnStatistics } from "../catalog/catalog.js";
import { shareMet } from "./sharesOfRows.js";

type Use = Pick<Parameter, "comparison" | "many">;
type Value = Omit<ProposedValue, "source"> & { readonly source: "statistics" };

/** Values that show how differently a statement can behave: frequent, rare, at both ends, NULL; each once, with the rows that it will meet. */
export function valuesFrom(statistics: ColumnStatistics, rows: number | undefined, use: Use): Value[] {
  const { mostCommon, histogram, nullFraction } = statistics;
  const found = new Map<string | null, Value>();
  const propose = (value: string | null | undefined, label: string) => {
    if (value === undefined || found.has(value)) return;
    found.set(value, { value, label, source: "statistics", ...estimate(statistics, rows, use.comparison, [value]) });
  };
  const typical = histogram[Math.floor(histogram.length / 2)];
  propose(mostCommon[0]?.value, "most common value");
  propose(typical, mostCommon.length > 0 ? "rare value" : "typical value");
  propose(
    mostCommon.length > 1 ? mostCommon.at(-1)?.value : undefined,
    typical === undefined ? "rarest value" : "least of the common values",
  );
  propose(histogram[0], "smallest value");
  propose(histogram.at(-1), "largest value");
  if (nullFraction > 0) propose(null, use.comparison === undefined ? "no value" : "a comparison with NULL meets no row");
  if (use.many === undefined) return [...found.values()];
  return listsFrom(statistics, rows, use.comparison);
}

const lengths = [1, 3, 10];

/** Lists of the most frequent values, and of values in between, of a few lengths. */
function listsFrom(statistics: ColumnStatistics, rows: number | undefined, comparison: string | undefined): Value[] {
  const common = statistics.mostCommon.map(({ value }) => value);
  const { histogram } = statistics;
  const spread = (count: number) =>
    Array.from({ length: count }, (_, at) => histogram[Math.floor(((at + 0.5) * histogram.length) / count)] ?? "");
  const lists = lengths.flatMap((count) => [
    ...(common.length >= count
      ? [{ values: common.slice(0, count), label: count === 1 ? "the most common value" : `the ${count} most common values` }]
      : []),
    ...(histogram.length >= count ? [{ values: spread(count), label: count === 1 ? "one rare value" : `${count} rare values` }] : []),
  ]);
  const most = Math.max(common.length, histogram.length);
  if (most === 0) return [];
  return lists.map(({ values, label }) => ({
    value: arrayText(values),
    label: common.length === 0 ? label.replace("rare", "typical") : label,
    source: "statistics",
    ...estimate(statistics, rows, comparison, values),
  }));
}

/** Rows that meet a comparison with any of the values; nothing where the statistics do not tell. */
function estimate(
  statistics: ColumnStatistics,
  rows: number | undefined,
  comparison: string | undefined,
  values: readonly (string | null)[],
): { estimatedRows?: number } {
  if (rows === undefined || comparison === undefined) return {};
  let share = 0;
  for (const value of values) {
    const one = value === null ? 0 : shareMet(statistics, rows, comparison, value);
    if (one === undefined || (values.length > 1 && comparison !== "=")) return {};
    share += one;
  }
  if (share === 0) return { estimatedRows: 0 };
  return { estimatedRows: Math.max(1, Math.round(Math.min(1, share) * rows)) };
}
