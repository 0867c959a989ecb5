/** Figures as a person reads them; locale-free, so that reports are the same everywhere. */

export function count(value: number): string {
  const whole = Math.round(value).toString();
  const sign = whole.startsWith("-") ? "-" : "";
  const digits = whole.slice(sign.length);
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= 3) groups.unshift(digits.slice(Math.max(end - 3, 0), end));
  return sign + groups.join(",");
}

/** "1 row", "2,000 rows". */
export function counted(value: number, thing: string, things = `${thing}s`): string {
  const text = count(value);
  return `${text} ${text === "1" ? thing : things}`;
}

export function milliseconds(value: number): string {
  if (value >= 60_000) return `${(value / 60_000).toFixed(1)} min`;
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3)} ms`;
}

export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 1) return "< 1 %";
  if (value > 99 && value < 100) return "> 99 %";
  return `${Math.round(value)} %`;
}

const units = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** PostgreSQL's units: 1 kB is 1024 bytes. */
export function bytes(value: number): string {
  let unit = 0;
  let scaled = value;
  while (scaled >= 1024 && unit < units.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${unit === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit]}`;
}

/** The size as a setting takes it, rounded up to whole megabytes: `64MB`. */
export function settingMegabytes(value: number): string {
  return `${Math.max(1, Math.ceil(value / 1024 ** 2))}MB`;
}
