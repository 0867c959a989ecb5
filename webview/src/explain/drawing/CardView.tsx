import type { Severity } from "#protocol/finding";
import { Icon } from "../../common/Icon.js";
import { severityIcon } from "../../common/Severity.js";
import type { Card } from "../card.js";
import type { Box } from "./layoutPlan.js";

interface CardViewProps {
  readonly box: Box;
  readonly card: Card;
  readonly selected: boolean;
  readonly severity: Severity | undefined;
  readonly onSelect: (id: string) => void;
}

export function CardView({ box, card, selected, severity, onSelect }: CardViewProps) {
  return (
    <div
      class={`card heat-${card.heat}${selected ? " selected" : ""}${card.never ? " never" : ""}`}
      style={{ left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` }}
      data-node={box.id}
      onClick={() => onSelect(box.id)}
    >
      {card.caption && <div class="line caption">{card.caption}</div>}
      <div class="line head">
        <Icon name={card.icon} />
        <span class="type clips">{card.type}</span>
        {severity && <Icon name={severityIcon(severity)} class={`severity-${severity}`} />}
      </div>
      {card.subject && <div class="line subject clips">{card.subject}</div>}
      <div class="line">
        <span class="primary clips">{card.primary}</span>
        {card.share && <span class="share">{card.share}</span>}
        {card.loops && <span class="muted end">{card.loops}</span>}
      </div>
      <RowsLine card={card} />
      {card.buffers && <div class="line muted clips">{card.buffers}</div>}
      <div class="bar" style={{ width: `${card.bar * 100}%` }} />
    </div>
  );
}

function RowsLine({ card }: { card: Card }) {
  if (!card.rows && !card.estimate) return null;
  return (
    <div class="line">
      {card.rows && <span>{card.rows}</span>}
      {card.estimate && <span class="muted clips">{card.estimate}</span>}
      {card.misestimate && (
        <span class={`chip end${card.misestimate.severe ? " severe" : ""}`}>
          {card.misestimate.direction === "more" ? "▲" : "▼"} {card.misestimate.label}
        </span>
      )}
    </div>
  );
}
