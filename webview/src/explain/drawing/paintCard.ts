import type { Severity } from "#protocol/finding";
import { severityIcon } from "../../common/Severity.js";
import type { Card } from "../card.js";
import type { Warmth } from "../heat.js";
import { write, type Ink } from "./ink.js";

/** A rectangle in the units that the canvas is set to. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** All that the drawing shows of one node. */
export interface CardLook {
  readonly card: Card;
  readonly warmth: Warmth | undefined;
  readonly severity: Severity | undefined;
  readonly selected: boolean;
  readonly hovered: boolean;
  /** Whether the search found the node; undefined when nothing is searched. */
  readonly matched: boolean | undefined;
  /** Several partitions on one card, or nodes hidden below it. */
  readonly stacked: boolean;
}

export const cardPadding = { x: 12, top: 9 };
export const cardLine = 18;
const radius = 8;

/** A card at its full size, where all its text can be read. */
export function paintCard(ink: Ink, box: Area, look: CardLook): void {
  const { context } = ink;
  const { x, y, width, height } = box;
  paintGround(ink, box, look, radius);
  const right = x + width - cardPadding.x;
  let line = y + cardPadding.top + cardLine / 2;
  for (const paint of [caption, head, subject, primary, rows, buffers]) {
    if (!paint(ink, look, x + cardPadding.x, right, line)) continue;
    line += cardLine;
  }
  if (look.warmth && look.warmth.part > 0) {
    context.save();
    context.beginPath();
    context.roundRect(x, y, width, height, radius);
    context.clip();
    context.fillStyle = ink.theme.heat[look.warmth.heat];
    context.fillRect(x, y + height - 4, width * look.warmth.part, 4);
    context.restore();
  }
}

/** Ground and border, the same at every size. */
export function paintGround({ context, theme }: Ink, box: Area, look: CardLook, corner: number, tinted = false): void {
  const { x, y, width, height } = box;
  const heat = look.warmth?.heat ?? 0;
  context.lineWidth = 1;
  context.strokeStyle = theme.heatLine[heat];
  if (look.stacked)
    for (const shift of [6, 3]) {
      context.beginPath();
      context.roundRect(x + shift, y + shift, width, height, corner);
      context.fillStyle = theme.background;
      context.fill();
      context.fillStyle = theme.card;
      context.fill();
      context.stroke();
    }
  context.beginPath();
  context.roundRect(x, y, width, height, corner);
  context.fillStyle = theme.background;
  context.fill();
  context.fillStyle = tinted ? theme.tint[heat] : theme.card;
  context.fill();
  if (look.matched && !theme.highContrast) {
    context.fillStyle = theme.match;
    context.fill();
  }
  if (look.card.never) context.setLineDash([4, 3]);
  if (look.matched) context.strokeStyle = theme.matchLine;
  if (look.hovered) context.strokeStyle = theme.hovered;
  if (look.matched || look.selected) context.lineWidth = 2;
  if (look.selected) {
    context.strokeStyle = theme.focus;
    // There what was found and what is selected have one colour.
    if (theme.highContrast) context.lineWidth = 4;
  }
  context.stroke();
  context.setLineDash([]);
}

type Line = (ink: Ink, look: CardLook, left: number, right: number, y: number) => boolean;

const caption: Line = (ink, { card }, left, right, y) => {
  if (!card.caption) return false;
  write(ink, card.caption, left, y, { face: "plain", size: 11, color: ink.theme.muted, room: right - left });
  return true;
};

const head: Line = (ink, { card, severity }, left, right, y) => {
  const { theme } = ink;
  write(ink, theme.glyph(card.icon), left, y, { face: "icon", size: 16, color: theme.muted, room: 20 });
  let end = right;
  if (severity) {
    write(ink, theme.glyph(severityIcon(severity)), right - 16, y, { face: "icon", size: 16, color: theme.severity[severity], room: 20 });
    end -= 22;
  }
  const color = card.never ? theme.muted : theme.text;
  write(ink, card.type, left + 22, y, { face: "bold", size: 13, color, room: end - left - 22 });
  return true;
};

const subject: Line = (ink, { card }, left, right, y) => {
  if (!card.subject) return false;
  const color = card.never ? ink.theme.muted : ink.theme.text;
  write(ink, card.subject, left, y, { face: "mono", size: 11.5, color, room: right - left });
  return true;
};

const primary: Line = (ink, { card }, left, right, y) => {
  if (!card.primary) return false;
  const { theme } = ink;
  const color = card.never ? theme.muted : theme.text;
  const loops = card.loops
    ? write(ink, card.loops, right, y, { face: "plain", size: 12, color: theme.muted, room: right - left, end: true }) + 6
    : 0;
  const width = write(ink, card.primary, left, y, { face: "bold", size: 12, color, room: right - left - loops });
  if (card.share)
    write(ink, card.share, left + width + 6, y, { face: "plain", size: 12, color: theme.muted, room: right - left - width - 6 - loops });
  return true;
};

const rows: Line = (ink, { card }, left, right, y) => {
  if (!card.rows && !card.estimate) return false;
  const { theme } = ink;
  const chip = card.misestimate ? paintChip(ink, card.misestimate, right, y) + 6 : 0;
  let x = left;
  if (card.rows) x += write(ink, card.rows, x, y, { face: "plain", size: 12, color: theme.text, room: right - x - chip }) + 6;
  if (card.estimate) write(ink, card.estimate, x, y, { face: "plain", size: 12, color: theme.muted, room: right - x - chip });
  return true;
};

export function misestimateText({ direction, label }: NonNullable<Card["misestimate"]>): string {
  return `${direction === "more" ? "▲" : "▼"} ${label}`;
}

/** @returns the chip's width; it ends at `right` */
function paintChip(ink: Ink, misestimate: NonNullable<Card["misestimate"]>, right: number, y: number): number {
  const { context, theme } = ink;
  const text = misestimateText(misestimate);
  context.font = `11px ${theme.font}`;
  const width = context.measureText(text).width + 12;
  context.beginPath();
  context.roundRect(right - width, y - 8, width, 16, 4);
  if (misestimate.severe) {
    context.fillStyle = theme.chip;
    context.fill();
  }
  context.lineWidth = 1;
  context.strokeStyle = misestimate.severe ? theme.warning : theme.chipLine;
  context.stroke();
  write(ink, text, right - width + 6, y + 0.5, { face: "plain", size: 11, color: theme.text, room: width });
  return width;
}

const buffers: Line = (ink, { card }, left, right, y) => {
  if (!card.buffers) return false;
  write(ink, card.buffers, left, y, { face: "plain", size: 12, color: ink.theme.muted, room: right - left });
  return true;
};
