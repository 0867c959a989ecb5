const decimals = (digits: number) => new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const byDigits = [0, 1, 2, 3].map(decimals);
const atMost = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

function fixed(value: number, digits: 0 | 1 | 2 | 3): string {
  return (byDigits[digits] as Intl.NumberFormat).format(value);
}

/** Three digits that say something: "0.042 ms", "4.31 ms", "87.2 ms", "1.23 s". */
export function formatTime(ms: number): string {
  if (ms === 0) return "0 ms";
  if (ms < 0.0005) return "< 0.001 ms";
  if (ms < 0.9995) return `${fixed(ms, 3)} ms`;
  if (ms < 9.995) return `${fixed(ms, 2)} ms`;
  if (ms < 99.95) return `${fixed(ms, 1)} ms`;
  if (ms < 999.5) return `${fixed(ms, 0)} ms`;
  return `${fixed(ms / 1000, ms < 99_950 ? 2 : 1)} s`;
}

/** All that EXPLAIN knows: three decimals, with the bound where rounding per loop has added up to a visible one. */
export function formatTimeExact(ms: number, errorMs = 0): string {
  const bound = errorMs > 0.000_55 ? ` ± ${fixed(errorMs, 3)}` : "";
  return `${fixed(ms, 3)}${bound} ms`;
}

/** Rows and calls: whole, unless the server itself gives fractions. */
export function formatCount(count: number): string {
  return atMost.format(count);
}

/** For cards and columns: whole to a million, then three digits. */
export function formatShort(count: number): string {
  return Math.abs(count) < 1_000_000 ? whole.format(count) : compact.format(count);
}

export function formatRows(rows: number, error = 0): string {
  return error >= 0.5 ? `${formatCount(rows)} ± ${formatCount(error)}` : formatCount(rows);
}

export function formatCost(cost: number): string {
  return fixed(cost, 2);
}

/** `share` of 0 to 1. Rounding makes neither nothing nor all of what is not. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  if (percent >= 99 && percent < 100) return `${fixed(Math.floor(percent * 10) / 10, 1)} %`;
  return `${fixed(percent, percent > 0 && percent < 9.95 ? 1 : 0)} %`;
}

/** How far apart two numbers lie, at least 1: "2.4×", "208×", "1.2M×". */
export function formatFactor(ratio: number): string {
  if (ratio === 0 || !Number.isFinite(ratio)) return "∞×";
  const factor = ratio >= 1 ? ratio : 1 / ratio;
  if (factor < 9.95) return `${fixed(factor, 1)}×`;
  return `${factor < 10_000 ? fixed(factor, 0) : compact.format(factor)}×`;
}

const units = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Binary units under the names PostgreSQL gives them. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${fixed(value, unit === 0 || value >= 99.95 ? 0 : 1)} ${units[unit]}`;
}

const blockSize = 8192;

export function formatBlocks(blocks: number): string {
  return `${formatCount(blocks)} (${formatBytes(blocks * blockSize)})`;
}
