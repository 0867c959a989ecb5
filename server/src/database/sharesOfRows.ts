import type { ColumnStatistics } from "../catalog/catalog.js";

/**
 * The share of a table's rows (0 to 1) for which `column <comparison> value` holds, as the planner reckons it from the column's statistics.
 * Undefined where they do not tell: other operators, and orders that only the server knows.
 */
export function shareMet(statistics: ColumnStatistics, rows: number, comparison: string, value: string): number | undefined {
  const equal = shareEqual(statistics, rows, value);
  if (comparison === "=") return equal;
  if (comparison === "<>") return equal === undefined ? undefined : Math.max(0, 1 - statistics.nullFraction - equal);
  const below = shareBelow(statistics, value);
  if (below === undefined) return undefined;
  const known = 1 - statistics.nullFraction;
  const common = statistics.mostCommon.find((each) => each.value === value)?.frequency ?? 0;
  switch (comparison) {
    case "<":
      return below;
    case "<=":
      return Math.min(known, below + common);
    case ">":
      return Math.max(0, known - below - common);
    case ">=":
      return Math.max(0, known - below);
    default:
      return undefined;
  }
}

/** Values that are not among the most common ones share what is left. */
function shareEqual({ mostCommon, distinct, nullFraction }: ColumnStatistics, rows: number, value: string): number | undefined {
  const common = mostCommon.find((each) => each.value === value);
  if (common) return common.frequency;
  const count = distinct < 0 ? -distinct * rows : distinct;
  const others = count - mostCommon.length;
  return others > 0 ? Math.max(0, 1 - sumOf(mostCommon) - nullFraction) / others : undefined;
}

/** Between two bounds of the histogram lies the same share of what is not common; within them the middle is taken. */
function shareBelow({ mostCommon, histogram, nullFraction }: ColumnStatistics, value: string): number | undefined {
  const all = [value, ...histogram, ...mostCommon.map((each) => each.value)].map(rankOf);
  if (all.some((rank) => rank === undefined)) return undefined;
  const [at = 0, ...others] = all as number[];
  const bounds = others.slice(0, histogram.length);
  const ranks = others.slice(histogram.length);
  const commonBelow = sumOf(mostCommon.filter((_, index) => (ranks[index] ?? 0) < at));
  if (bounds.length < 2) return mostCommon.length > 0 ? commonBelow : undefined;
  return commonBelow + Math.max(0, 1 - nullFraction - sumOf(mostCommon)) * fractionBelow(bounds, at);
}

function fractionBelow(bounds: readonly number[], at: number): number {
  const above = bounds.findIndex((bound) => bound >= at);
  if (above === 0) return 0;
  if (above < 0) return 1;
  const [low = 0, high = 0] = [bounds[above - 1], bounds[above]];
  const within = high > low ? (at - low) / (high - low) : 0.5;
  return (above - 1 + within) / (bounds.length - 1);
}

const instant = /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(\.\d+)?(?:([+-])(\d\d)(?::?(\d\d))?)?)?$/;

/** A place on one line for numbers, and for dates and times in ISO style; text is ordered by collations that only the server knows. */
function rankOf(value: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return Number(value);
  const parts = instant.exec(value);
  if (!parts) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", sign, zoneHours = "0", zoneMinutes = "0"] = parts;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === "-" ? -60 : 60);
  const seconds = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) / 1000;
  return seconds + Number(fraction) - zone;
}

function sumOf(common: ColumnStatistics["mostCommon"]): number {
  return common.reduce((sum, { frequency }) => sum + frequency, 0);
}
