import type { Severity } from "#protocol/finding";

/** How a terminal shows emphasis. Plain text goes to files, pipes and terminals that ask for it. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const same = (text: string): string => text;
export const plain: Style = { bold: same, dim: same, red: same, yellow: same, green: same, cyan: same };

const ansi =
  (on: number, off: number) =>
  (text: string): string =>
    text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;
export const coloured: Style = {
  bold: ansi(1, 22),
  dim: ansi(2, 22),
  red: ansi(31, 39),
  yellow: ansi(33, 39),
  green: ansi(32, 39),
  cyan: ansi(36, 39),
};

export function severityStyle(style: Style, severity: Severity): (text: string) => string {
  return { error: style.red, warning: style.yellow, info: style.cyan, hint: style.dim }[severity];
}

/**
 * Text from files and servers, made harmless for a terminal: escape sequences in a table's name must not move the cursor.
 * Line ends and tabs stay.
 */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** On one line, whatever it holds. */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, " ").trim());
}
