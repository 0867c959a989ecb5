import type { Heat } from "../heat.js";
import type { Shown } from "../tree/shownTree.js";
import type { Ink } from "./ink.js";
import { paintCard, type CardLook } from "./paintCard.js";
import { addEdges, strokeEdges, type Edges, type Window } from "./paintEdges.js";
import { addBlocks, emptyBlocks, fillBlocks, paintSmallCard } from "./paintFar.js";
import { paintFold } from "./paintFold.js";
import { firstRightOf, type Level, type Placed, type Scene } from "./scene.js";
import type { Size } from "./layoutPlan.js";
import type { View } from "./viewport.js";

/** Zoom from which a card shows all its text, and from which it shows some. */
export const detailFrom = { all: 0.8, some: 0.22 };

/** What the drawing asks of the page, node by node: only of those in sight. */
export interface Looks {
  readonly of: (shown: Shown) => CardLook;
  /** The part of it that a block shows, without making a card. */
  readonly block: (shown: Shown) => { readonly heat: Heat; readonly matched: boolean };
  /** Id of what is selected. */
  readonly selected: string | undefined;
}

/** @param ratio of the screen's pixels to those of the page */
export function paintScene(ink: Ink, scene: Scene, looks: Looks, view: View, size: Size, ratio: number): void {
  const { context, theme } = ink;
  const { x, y, k } = view;
  const onScreen = () => context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const inDrawing = () => context.setTransform(ratio * k, 0, 0, ratio * k, ratio * x, ratio * y);
  onScreen();
  context.fillStyle = theme.background;
  context.fillRect(0, 0, size.width, size.height);
  const sight = { left: -x / k, right: (size.width - x) / k, top: -y / k, bottom: (size.height - y) / k };

  inDrawing();
  const edges: Edges = new Map();
  for (const level of scene.levels) for (const box of withLines(level, sight)) addEdges(edges, box, sight, k);
  strokeEdges(ink, edges);

  const levels = scene.levels.filter(({ top, bottom }) => bottom + 12 > sight.top && top < sight.bottom);
  if (k < detailFrom.some) {
    paintBlocks(ink, levels, sight, k, looks);
    return frameBlock(ink, scene.byId.get(looks.selected ?? ""), k);
  }
  if (k < detailFrom.all) onScreen();
  for (const level of levels)
    for (let i = firstRightOf(level.boxes, sight.left - 12); i < level.boxes.length; i++) {
      const box = level.boxes[i] as Placed;
      if (box.x > sight.right) break;
      const look = looks.of(box.shown);
      if (k >= detailFrom.all) paintCard(ink, box, look);
      else paintSmallCard(ink, { x: box.x * k + x, y: box.y * k + y, width: box.width * k, height: box.height * k }, look);
    }
  inDrawing();
  for (const level of levels)
    for (let i = firstRightOf(level.boxes, sight.left); i < level.boxes.length; i++) {
      const box = level.boxes[i] as Placed;
      if (box.x > sight.right) break;
      paintFold(ink, box, looks.of(box.shown), k);
    }
}

/** A level's cards whose lines downwards may cross the window: those over it, and those to its sides whose children reach into it. */
function withLines(level: Level, sight: Window): readonly Placed[] {
  if (level.top > sight.bottom) return [];
  return level.boxes.filter(({ x, width, below }) => {
    const last = below.at(-1);
    if (!last) return false;
    const left = Math.min(x, (below[0] as Placed).x);
    return left <= sight.right && Math.max(x + width, last.x + last.width) >= sight.left;
  });
}

function paintBlocks(ink: Ink, levels: readonly Level[], sight: Window, k: number, looks: Looks): void {
  const blocks = emptyBlocks();
  for (const level of levels) addBlocks(blocks, level, sight.left, sight.right, { x: k, y: k }, ({ shown }) => looks.block(shown));
  fillBlocks(ink, blocks);
}

/** However small, the selected card is seen: a frame of at least ten pixels. */
function frameBlock({ context, theme }: Ink, box: Placed | undefined, k: number): void {
  if (!box) return;
  const width = Math.max(box.width, 10 / k);
  const height = Math.max(box.height, 10 / k);
  context.lineWidth = 2 / k;
  context.strokeStyle = theme.focus;
  context.strokeRect(box.x + (box.width - width) / 2 - 2 / k, box.y + (box.height - height) / 2 - 2 / k, width + 4 / k, height + 4 / k);
}
