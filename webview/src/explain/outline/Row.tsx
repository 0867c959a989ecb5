import type { Severity } from "#protocol/finding";
import { Icon } from "../../common/Icon.js";
import { severityIcon } from "../../common/Severity.js";
import { formatCost, formatShort } from "../../common/numbers.js";
import { spokenCard, type Card } from "../card.js";
import { sumOf, type HeatMeasure, type Warmth } from "../heat.js";
import type { PlanIndex } from "../planIndex.js";
import { Highlight } from "../Highlight.js";
import type { Shown } from "../tree/shownTree.js";

export const rowHeight = 24;

interface RowProps {
  readonly shown: Shown;
  /** Where in the list, in pixels: only rows in sight are made. */
  readonly top: number;
  readonly index: PlanIndex;
  readonly card: Card;
  readonly severity: Severity | undefined;
  readonly warmth: Warmth | undefined;
  readonly measure: HeatMeasure;
  readonly search: string;
  readonly matched: boolean;
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
  readonly onFold: (id: string, open: boolean) => void;
}

export function Row(props: RowProps) {
  const { shown, index, card, warmth, selected } = props;
  const { analyzed } = index.plan;
  const hide = { "aria-hidden": true } as const;
  return (
    <div
      role="treeitem"
      class={`row heat-${warmth?.heat ?? 0}${card.never ? " never" : ""}${props.matched ? " matched" : ""}`}
      style={{ top: `${props.top}px` }}
      aria-level={shown.level}
      aria-posinset={shown.position}
      aria-setsize={shown.siblings}
      aria-expanded={shown.expanded}
      aria-selected={selected}
      tabIndex={selected ? 0 : -1}
      data-node={shown.id}
      onClick={(event) => {
        props.onSelect(shown.id);
        event.currentTarget.focus({ preventScroll: true });
      }}
    >
      <span class="visually-hidden">{spokenCard(card, findings(index, shown))}</span>
      <Name {...props} />
      <span class="time" {...hide}>
        <span class="track">
          <span class="bar" style={{ width: `${(warmth?.part ?? 0) * 100}%` }} />
        </span>
        <span class="value">{card.never ? "never executed" : warmth?.label.split(", ")[0]}</span>
      </span>
      <span class="rows" {...hide}>
        {rowsText(index, shown)}
      </span>
      {analyzed && (
        <span class="estimated" {...hide}>
          {card.misestimate && <span class={`chip${card.misestimate.severe ? " severe" : ""}`}>{card.misestimate.label}</span>}{" "}
          {card.estimate?.replace(" estimated", "")}
        </span>
      )}
      {analyzed && (
        <span class="buffers" {...hide}>
          {card.buffers}
        </span>
      )}
      <span class="cost" {...hide}>
        {costText(shown)}
      </span>
    </div>
  );
}

function Name({ shown, card, severity, search, onFold }: RowProps) {
  const { id, level, expanded } = shown;
  return (
    <span class="name" aria-hidden="true" style={{ paddingInlineStart: `${Math.min(level - 1, 24) * 14}px` }}>
      <span
        class="twistie"
        onClick={(event) => {
          if (expanded === undefined) return;
          event.stopPropagation();
          onFold(id, !expanded);
        }}
      >
        {expanded !== undefined && <Icon name={expanded ? "chevron-down" : "chevron-right"} />}
      </span>
      <span class="clips">
        {card.caption && <span class="muted">{card.caption} · </span>}
        <Highlight text={card.type} search={search} />
        {card.subject && (
          <span class="muted">
            {" "}
            <Highlight text={card.subject} search={search} />
          </span>
        )}
      </span>
      {severity && <Icon name={severityIcon(severity)} class={`severity-${severity}`} />}
    </span>
  );
}

function findings(index: PlanIndex, { node, group }: Shown): number {
  return (group?.members ?? [node]).reduce((sum, { id }) => sum + (index.insights.get(id)?.length ?? 0), 0);
}

function rowsText(index: PlanIndex, { node, group }: Shown): string {
  const numbers = (group?.members ?? [node]).map((one) =>
    one.neverExecuted ? undefined : index.plan.analyzed ? one.rows : one.estimatedRows,
  );
  const rows = sumOf(numbers);
  return rows === undefined ? "" : formatShort(rows);
}

function costText({ node, group }: Shown): string {
  const cost = sumOf((group?.members ?? [node]).map((one) => one.totalCost));
  return cost === undefined ? "" : formatCost(cost);
}
