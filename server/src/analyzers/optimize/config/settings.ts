/** pg_settings by name, as a session gives them. */
export type Settings = ReadonlyMap<string, { readonly value: string; readonly unit?: string; readonly source: string }>;

const unitBytes: Readonly<Record<string, number>> = { B: 1, kB: 1024, "8kB": 8192, "16MB": 16 * 1024 ** 2, MB: 1024 ** 2, GB: 1024 ** 3 };

/** A memory setting in bytes; undefined where it is missing or special (−1 means "as another one"). */
export function bytesOf(settings: Settings, name: string): number | undefined {
  const setting = settings.get(name);
  const number = Number(setting?.value);
  if (!setting || !Number.isFinite(number) || number < 0) return undefined;
  return number * (unitBytes[setting.unit ?? "B"] ?? 1);
}

export function numberOf(settings: Settings, name: string): number | undefined {
  const value = settings.get(name)?.value;
  const number = value === undefined || value === "" ? NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

export function isOff(settings: Settings, name: string): boolean {
  return settings.get(name)?.value === "off";
}

export function isDefault(settings: Settings, name: string): boolean {
  return settings.get(name)?.source === "default";
}
