/** The findings of the window by rule, without the editor's classes. */
export interface FoundPlace {
  readonly rule: string;
  readonly file: string;
  /** From 0, as the editor counts. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** 0 error, 1 warning, 2 information, 3 hint: the editor's order. */
  readonly severity: number;
}

export interface RuleGroup {
  readonly rule: string;
  readonly severity: number;
  readonly places: readonly FoundPlace[];
}

/** Worst rules first, then the most frequent; places by file and line. */
export function groupByRule(places: readonly FoundPlace[]): readonly RuleGroup[] {
  const groups = new Map<string, FoundPlace[]>();
  for (const place of places) groups.set(place.rule, [...(groups.get(place.rule) ?? []), place]);
  return [...groups]
    .map(([rule, found]) => ({
      rule,
      severity: Math.min(...found.map(({ severity }) => severity)),
      places: found.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column),
    }))
    .sort((a, b) => a.severity - b.severity || b.places.length - a.places.length || a.rule.localeCompare(b.rule));
}
