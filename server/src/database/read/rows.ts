import type { Backend, Row, Value } from "../backend.js";

export type RawRow = Row;

export function rowsOf(backend: Backend, text: string, values: readonly Value[] = []): Promise<RawRow[]> {
  return backend.query(text, values);
}

/** By the owning table's `oid`, which the driver hands over as text or number. */
export function grouped(rows: readonly RawRow[]): Map<string, RawRow[]> {
  const groups = new Map<string, RawRow[]>();
  for (const row of rows) {
    const key = String(row.oid);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** int8 and numeric come as text; counters stay below 2^53. */
export function numberOf(value: unknown): number {
  return value === null || value === undefined ? 0 : Number(value);
}

export function textOf(value: unknown): string | undefined {
  if (value instanceof Date) return value.toISOString();
  return value === null || value === undefined ? undefined : String(value);
}

export function timeOf<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
