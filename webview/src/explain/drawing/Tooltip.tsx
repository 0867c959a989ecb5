import type { Card } from "../card.js";
import { measureLabels, type HeatMeasure, type Warmth } from "../heat.js";
import type { Placed } from "./scene.js";
import type { Size } from "./layoutPlan.js";
import type { View } from "./viewport.js";

interface TooltipProps {
  readonly box: Placed;
  readonly card: Card;
  readonly warmth: Warmth | undefined;
  readonly measure: HeatMeasure;
  readonly view: View;
  readonly size: Size;
}

const width = 320;

/** A card's text whole: at any zoom, and where the card had to clip it. */
export function Tooltip({ box, card, warmth, measure, view, size }: TooltipProps) {
  const left = Math.max(8, Math.min(size.width - width - 8, (box.x + box.width / 2) * view.k + view.x - width / 2));
  const below = (box.y + box.height) * view.k + view.y + 12;
  const above = size.height - (box.y * view.k + view.y) + 8;
  const place = below < size.height - 150 ? { top: `${below}px` } : { bottom: `${above}px` };
  const { node, group } = box.shown;
  return (
    <div class="tooltip" style={{ left: `${left}px`, width: `${width}px`, ...place }}>
      <strong class="wraps">{group ? card.type : node.title}</strong>
      {card.caption && <span class="wraps muted">{card.caption}</span>}
      {group && card.subject && <span class="wraps mono">{card.subject}</span>}
      <span>{[card.primary, card.share, card.loops].filter(Boolean).join(" · ")}</span>
      {(card.rows ?? card.estimate) && (
        <span>
          {[card.rows, card.estimate].filter(Boolean).join(", ")}
          {card.misestimate && `: ${card.misestimate.label} ${card.misestimate.direction}`}
        </span>
      )}
      {card.buffers && <span class="muted">Buffers {card.buffers}</span>}
      {warmth && measure !== "time" && (
        <span class="muted">
          {measureLabels[measure]} {warmth.label}
        </span>
      )}
    </div>
  );
}
