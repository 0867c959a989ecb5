import { write, type Ink } from "./ink.js";
import { misestimateText, paintGround, type Area, type CardLook } from "./paintCard.js";
import type { Level, Placed } from "./scene.js";
import { firstRightOf } from "./scene.js";
import type { Heat } from "../heat.js";

const text = { size: 11, line: 14, padding: 6 };
const corner = 6;

/**
 * A card that is too small for its text: the same card with fewer lines, the most telling first, in letters that stay readable.
 * @param area in pixels of the screen, as the canvas is set to then
 */
export function paintSmallCard(ink: Ink, area: Area, look: CardLook): void {
  const { context, theme } = ink;
  const heat = look.warmth?.heat ?? 0;
  paintGround(ink, area, look, corner, true);
  if (heat > 0) {
    context.fillStyle = theme.heat[heat];
    context.beginPath();
    context.roundRect(area.x, area.y, 4, area.height, [corner, 0, 0, corner]);
    context.fill();
  }
  const { card } = look;
  const joined = (...parts: (string | undefined)[]) => parts.filter(Boolean).join("  ");
  const rows = joined(card.rows ?? card.estimate, card.misestimate && misestimateText(card.misestimate));
  const lines = [card.type, joined(card.primary, card.share), card.subject ?? card.caption ?? "", rows];
  const said = lines.filter((line) => line !== "");
  const fitting = said.slice(0, Math.max(1, Math.floor((area.height - 4) / text.line)));
  const left = area.x + text.padding + 2;
  const top = area.y + (area.height - fitting.length * text.line) / 2;
  for (const [i, line] of fitting.entries())
    write(ink, line, left, top + (i + 0.5) * text.line, {
      face: i === 0 ? "bold" : "plain",
      size: text.size,
      color: i === 0 && !card.never ? theme.text : theme.muted,
      room: area.x + area.width - text.padding - left,
    });
}

/** Blocks are drawn per colour, all of a colour at once. */
export interface Blocks {
  readonly heat: readonly [Path2D, Path2D, Path2D, Path2D];
  readonly matched: Path2D;
}

/**
 * A level whose cards are no more than blocks. Those that lie on one pixel are one block, the hottest of them: as many blocks as
 * the screen has columns, however many cards there are.
 */
export function addBlocks(
  blocks: Blocks,
  level: Level,
  from: number,
  to: number,
  k: { readonly x: number; readonly y: number },
  look: (box: Placed) => { readonly heat: Heat; readonly matched: boolean },
): void {
  const pixel = { x: 1 / k.x, y: 1 / k.y };
  for (let i = firstRightOf(level.boxes, from); i < level.boxes.length;) {
    const first = level.boxes[i] as Placed;
    if (first.x > to) break;
    let { heat, matched } = look(first);
    let { height } = first;
    let right = first.x + first.width;
    for (i++; i < level.boxes.length; i++) {
      const next = level.boxes[i] as Placed;
      if (next.x + next.width - first.x > 1.5 * pixel.x) break;
      const also = look(next);
      heat = Math.max(heat, also.heat) as Heat;
      matched ||= also.matched;
      height = Math.max(height, next.height);
      right = next.x + next.width;
    }
    const width = Math.max(right - first.x, pixel.x);
    const tall = Math.max(height, 2 * pixel.y);
    blocks.heat[heat].rect(first.x, first.y, width, tall);
    if (matched) blocks.matched.rect(first.x - 2 * pixel.x, first.y - 2 * pixel.y, width + 4 * pixel.x, tall + 4 * pixel.y);
  }
}

export function emptyBlocks(): Blocks {
  return { heat: [new Path2D(), new Path2D(), new Path2D(), new Path2D()], matched: new Path2D() };
}

export function fillBlocks({ context, theme }: Pick<Ink, "context" | "theme">, blocks: Blocks): void {
  context.fillStyle = theme.matchLine;
  context.fill(blocks.matched);
  for (const [heat, path] of blocks.heat.entries()) {
    context.fillStyle = theme.heat[heat as Heat];
    context.fill(path);
  }
}
