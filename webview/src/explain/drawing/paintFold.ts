import { formatShort } from "../../common/numbers.js";
import { write, type Ink } from "./ink.js";
import type { CardLook } from "./paintCard.js";
import type { Placed } from "./scene.js";

const radius = 9;
/** Zoom below which it could not be hit. */
const smallest = 0.35;
/** How far below its card the button reaches. */
export const foldReach = radius;

/** A button at the lower edge of a card: hides what is below it, or says how much is hidden and shows it. */
export function paintFold(ink: Ink, box: Placed, look: CardLook, k: number): void {
  const { expanded } = box.shown;
  // While it is open, only under the mouse: a plan reads better without.
  if (expanded === undefined || (expanded && !look.hovered) || k < smallest) return;
  const { context, theme } = ink;
  const text = expanded ? "−" : `+${formatShort(hiddenBelow(box))}`;
  context.font = `11px ${theme.font}`;
  const width = Math.max(2 * radius, context.measureText(text).width + 12);
  const x = box.x + box.width / 2;
  const y = box.y + box.height;
  context.beginPath();
  context.roundRect(x - width / 2, y - radius, width, 2 * radius, radius);
  context.fillStyle = theme.background;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = look.hovered ? theme.hovered : theme.chipLine;
  context.stroke();
  const textWidth = context.measureText(text).width;
  write(ink, text, x - textWidth / 2, y + 0.5, { face: "plain", size: 11, color: theme.text, room: width });
}

/** Children of a folded node, members of a group. */
function hiddenBelow({ shown: { group, node } }: Placed): number {
  return group ? group.members.length : node.children.length;
}

/** Whether a point of the drawing lies on the button. */
export function onFold(box: Placed, x: number, y: number, k: number): boolean {
  return (
    k >= smallest &&
    box.shown.expanded !== undefined &&
    Math.abs(y - (box.y + box.height)) <= radius + 2 &&
    Math.abs(x - (box.x + box.width / 2)) <= 2 * radius
  );
}
