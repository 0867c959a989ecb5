import type { Frame } from "./layoutFlame.js";
import type { Palette } from "./palette.js";
import type { Rect } from "./view.js";

export interface Painting {
  readonly rects: readonly Rect[];
  readonly palette: Palette;
  readonly heat: (frame: Frame) => 0 | 1 | 2 | 3;
  readonly selected: string;
  readonly matched: ReadonlySet<string>;
  readonly hovered: Frame | undefined;
  readonly focused: Frame | undefined;
  /** Pixels of the canvas's own coordinates; `top` of them are scrolled away. */
  readonly width: number;
  readonly height: number;
  readonly top: number;
}

const gap = 1;
const padding = 6;

/** Draws what is in sight. Text is only measured where it might not fit. */
export function paintFlame(context: CanvasRenderingContext2D, painting: Painting): void {
  const { palette, rects, width, height, top } = painting;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  context.font = palette.font;
  context.textBaseline = "middle";
  for (const rect of rects) {
    const y = rect.y - top;
    if (y + rect.height < 0 || y > height) continue;
    paintFrame(context, painting, rect, y);
  }
}

function paintFrame(context: CanvasRenderingContext2D, painting: Painting, rect: Rect, y: number): void {
  const { palette, heat, selected, matched, hovered, focused } = painting;
  const { frame } = rect;
  const width = Math.max(rect.width - gap, 0.5);
  const height = rect.height - gap;
  context.fillStyle = palette.fills[heat(frame)];
  context.fillRect(rect.x, y, width, height);
  const isSelected = frame.node !== undefined && frame.node.id === selected;
  if (palette.highContrast || frame === hovered)
    outline(context, palette.highContrast ? palette.line : palette.muted, 1, rect.x, y, width, height);
  if (frame.node && matched.has(frame.node.id)) {
    context.fillStyle = palette.match;
    context.fillRect(rect.x, y + height - 3, width, 3);
  }
  if (isSelected || frame === focused) outline(context, palette.focus, 2, rect.x, y, width, height);
  if (rect.width < 28) return;
  context.fillStyle = frame.node ? palette.text : palette.muted;
  const label = fitted(context, frame.label, width - 2 * padding);
  if (label !== "") context.fillText(label, rect.x + padding, y + height / 2 + 0.5);
}

function outline(
  context: CanvasRenderingContext2D,
  color: string,
  line: number,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  context.strokeStyle = color;
  context.lineWidth = line;
  context.strokeRect(x + line / 2, y + line / 2, Math.max(0, width - line), Math.max(0, height - line));
}

const widths = new Map<string, number>();

/** The label, cut with an ellipsis; nothing where less than three letters would fit. */
function fitted(context: CanvasRenderingContext2D, label: string, room: number): string {
  const width = widthOf(context, label);
  if (width <= room) return label;
  const letters = Math.floor((label.length * (room - widthOf(context, "…"))) / width);
  return letters < 3 ? "" : `${label.slice(0, letters).trimEnd()}…`;
}

/** Measuring costs more than drawing; a plan over partitions has the same labels again and again. */
function widthOf(context: CanvasRenderingContext2D, label: string): number {
  const key = `${context.font} ${label}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (widths.size > 20_000) widths.clear();
  const width = context.measureText(label).width;
  widths.set(key, width);
  return width;
}
