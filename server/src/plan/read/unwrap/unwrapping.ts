import type { SourceLine } from "../lines.js";

/** Takes one kind of wrapping off the lines, or says that there is none. */
export type Unwrapping = (lines: readonly SourceLine[]) => readonly SourceLine[] | undefined;

/** Changes the text of each line; undefined where nothing changes. */
export function changeEach(lines: readonly SourceLine[], change: (text: string) => string): readonly SourceLine[] | undefined {
  let changed = false;
  const result = lines.map((line) => {
    const text = change(line.text);
    if (text === line.text) return line;
    changed = true;
    return { ...line, text };
  });
  return changed ? result : undefined;
}

/** Does a line carry a plan? Cheap, and sure enough to take a wrapping off for. */
export function carriesPlan(text: string): boolean {
  return (
    text.includes("(cost=") ||
    text.includes("(actual ") ||
    text.includes("->  ") ||
    text.includes("Node Type") ||
    text.includes("Node-Type")
  );
}

/** Characters from the first that is no blank to the last, without a copy where there is nothing to cut. */
export const startsBlankOr = (text: string, mark: string): boolean => text.trimStart().startsWith(mark);
