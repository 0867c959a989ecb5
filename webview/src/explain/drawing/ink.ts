import type { DrawingTheme } from "./theme.js";

/** A canvas with the theme's fonts and a memory for how texts were clipped, which takes longer than writing them. */
export interface Ink {
  readonly context: CanvasRenderingContext2D;
  readonly theme: DrawingTheme;
  readonly clipped: Map<string, { readonly text: string; readonly width: number }>;
}

export type Face = "plain" | "bold" | "mono" | "icon";

export function fontOf(theme: DrawingTheme, face: Face, size: number): string {
  switch (face) {
    case "plain":
      return `${size}px ${theme.font}`;
    case "bold":
      return `600 ${size}px ${theme.font}`;
    case "mono":
      return `${size}px ${theme.mono}`;
    case "icon":
      return `${size}px codicon`;
  }
}

interface Written {
  readonly face: Face;
  readonly size: number;
  readonly color: string;
  /** Room; a longer text ends with an ellipsis. */
  readonly room: number;
  /** The text ends at `x` instead of beginning there. */
  readonly end?: boolean;
}

/** Writes one line whose middle is at `y`. @returns its width */
export function write({ context, theme, clipped }: Ink, text: string, x: number, y: number, how: Written): number {
  if (how.room < how.size / 2 || text === "") return 0;
  context.font = fontOf(theme, how.face, how.size);
  context.fillStyle = how.color;
  context.textBaseline = "middle";
  // In whole units: zooming would fill the memory with widths that differ by nothing.
  const room = Math.floor(how.room);
  const key = `${how.face}${how.size} ${room} ${text}`;
  let shown = clipped.get(key);
  if (shown === undefined) {
    if (clipped.size > 20_000) clipped.clear();
    const fitting = clip(context, text, room);
    clipped.set(key, (shown = { text: fitting, width: context.measureText(fitting).width }));
  }
  context.fillText(shown.text, how.end ? x - shown.width : x, y);
  return shown.width;
}

function clip(context: CanvasRenderingContext2D, text: string, room: number): string {
  // A name of a megabyte is not measured whole.
  const start = text.slice(0, 400);
  if (start.length === text.length && context.measureText(text).width <= room) return text;
  let low = 0;
  let high = start.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${start.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? "" : `${start.slice(0, low)}…`;
}
