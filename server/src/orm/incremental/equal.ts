import { Names } from "../values/names.js";

/** Larger things are taken for different: comparing them would cost more than computing what hangs on them. */
const mostNodes = 100_000;

/** Whether two values hold the same, all through. Positions count; names in sight of a closure are the same only when they are identical. */
export function equal(a: unknown, b: unknown): boolean {
  return equalWithin(a, b, { left: mostNodes });
}

function equalWithin(a: unknown, b: unknown, budget: { left: number }): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || --budget.left < 0) return false;
  if (a instanceof Names || b instanceof Names) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, at) => equalWithin(one, b[at], budget));
  if (a instanceof Set) return b instanceof Set && a.size === b.size && equalWithin([...a], [...b], budget);
  if (a instanceof Map) return b instanceof Map && a.size === b.size && equalWithin([...a], [...b], budget);
  return !Array.isArray(b) && equalProperties(a as Record<string, unknown>, b as Record<string, unknown>, budget);
}

function equalProperties(a: Record<string, unknown>, b: Record<string, unknown>, budget: { left: number }): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && equalWithin(a[name], b[name], budget));
}
