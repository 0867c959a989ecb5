import { useCallback, useState } from "preact/hooks";
import { readState, writeState } from "./host.js";

/** State of the page that survives hiding and reloading; `accept` guards against what an older version left behind. */
export function usePersisted<T>(key: string, initial: T, accept: (value: unknown) => value is T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    const stored = readState()[key];
    return accept(stored) ? stored : initial;
  });
  const set = useCallback(
    (next: T) => {
      setValue(() => next);
      writeState({ [key]: next });
    },
    [key],
  );
  return [value, set];
}

export const isString = (value: unknown): value is string => typeof value === "string";
export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
export const isStringArray = (value: unknown): value is string[] => Array.isArray(value) && value.every(isString);
export const oneOf =
  <T extends string>(...allowed: readonly T[]) =>
  (value: unknown): value is T =>
    isString(value) && (allowed as readonly string[]).includes(value);
