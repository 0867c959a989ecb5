import type { ShownTree, Shown } from "../tree/shownTree.js";
import { sumOf } from "../heat.js";
import { estimatedTotal } from "../planIndex.js";
import { boundsOf, layoutPlan, type Box, type Size } from "./layoutPlan.js";

export interface Placed extends Box {
  readonly shown: Shown;
  readonly above: Placed | undefined;
  readonly below: Placed[];
  /** Those that flow upwards from here, of all loops. */
  readonly rows: number | undefined;
}

/** The cards of one depth, from left to right. */
export interface Level {
  readonly top: number;
  readonly bottom: number;
  readonly boxes: readonly Placed[];
}

/** The drawing, apart from where it is looked at from. */
export interface Scene {
  readonly levels: readonly Level[];
  readonly byId: ReadonlyMap<string, Placed>;
  readonly bounds: Size;
}

export function sceneOf(tree: ShownTree, measure: (shown: Shown) => Size): Scene {
  const boxes = layoutPlan(tree.root, measure);
  const byId = new Map<string, Placed>();
  const levels: { top: number; bottom: number; boxes: Placed[] }[] = [];
  for (const box of boxes) {
    const shown = tree.byId.get(box.id) as Shown;
    const above = box.parent === undefined ? undefined : byId.get(box.parent);
    const placed: Placed = { ...box, shown, above, below: [], rows: rowsOf(shown) };
    above?.below.push(placed);
    byId.set(box.id, placed);
    const level = (levels[shown.level - 1] ??= { top: box.y, bottom: box.y, boxes: [] });
    level.bottom = Math.max(level.bottom, box.y + box.height);
    level.boxes.push(placed);
  }
  return { levels, byId, bounds: boundsOf(boxes) };
}

function rowsOf({ node, group }: Shown): number | undefined {
  return sumOf((group?.members ?? [node]).map((one) => one.rows ?? estimatedTotal(one)));
}

/** Where in a level, or among siblings, the first box begins that ends right of `x`. */
export function firstRightOf(boxes: readonly Placed[], x: number): number {
  let low = 0;
  let high = boxes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const box = boxes[middle] as Placed;
    if (box.x + box.width > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The card at a point of the drawing. `reach` widens cards downwards, where their fold buttons hang. */
export function boxAt(scene: Scene, x: number, y: number, reach = 0): Placed | undefined {
  const level = scene.levels.find(({ top, bottom }) => y >= top && y <= bottom + reach);
  const box = level?.boxes[firstRightOf(level.boxes, x)];
  return box && x >= box.x && y <= box.y + box.height + reach ? box : undefined;
}
