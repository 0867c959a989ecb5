import { useEffect, useMemo, useRef } from "preact/hooks";
import { Icon } from "../../common/Icon.js";
import { severityIcon } from "../../common/Severity.js";
import { formatCost, formatShort } from "../../common/numbers.js";
import { cardOf, spokenCard } from "../card.js";
import type { PlanIndex } from "../planIndex.js";
import type { PlanViewProps } from "../usePlanView.js";
import { moveBy, outlineRows, visibleAncestor, type OutlineRow } from "./rows.js";

/** The plan as an ARIA tree with numbers in columns. One row is in the tab order; arrow keys do the rest. */
export function Outline({ index, view, actions }: PlanViewProps) {
  const rows = useMemo(() => outlineRows(index, view.folded), [index, view.folded]);
  const current = visibleAncestor(index, rows, view.selected);
  const tree = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const row = tree.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    row?.scrollIntoView({ block: "nearest" });
    // Keys go on working from the row that a card, an insight or a key selected.
    if (tree.current?.contains(document.activeElement)) row?.focus({ preventScroll: true });
  }, [current, rows]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || current === undefined) return;
    if (event.key === "Enter" || event.key === " ") actions.open(current);
    else {
      const move = moveBy(event.key, rows, current);
      if (!move) return;
      if ("select" in move) actions.select(move.select);
      else if ("expand" in move) actions.fold(move.expand, true);
      else actions.fold(move.collapse, false);
    }
    event.preventDefault();
  };
  return (
    <div class={`outline${index.plan.analyzed ? "" : " planned"}`}>
      <div class="outline-head" aria-hidden="true">
        <span class="name">Node</span>
        {index.plan.analyzed && <span class="time">Self time</span>}
        <span class="rows">{index.plan.analyzed ? "Rows" : "Estimated rows"}</span>
        {index.plan.analyzed && <span class="estimated">Estimated</span>}
        {index.plan.analyzed && <span class="buffers">Buffers</span>}
        <span class="cost">Cost</span>
      </div>
      <div role="tree" aria-label="Plan" ref={tree} onKeyDown={onKeyDown}>
        {rows.map((row) => (
          <Row
            key={row.node.id}
            row={row}
            index={index}
            selected={row.node.id === current}
            onSelect={actions.select}
            onToggle={actions.fold}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: OutlineRow;
  readonly index: PlanIndex;
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
  readonly onToggle: (id: string, open: boolean) => void;
}

function Row({ row, index, selected, onSelect, onToggle }: RowProps) {
  const { node, level, expanded } = row;
  const card = cardOf(index.plan, index.root, node);
  const insights = index.insights.get(node.id) ?? [];
  const severity = insights[0]?.severity;
  return (
    <div
      role="treeitem"
      class={`row heat-${card.heat}${card.never ? " never" : ""}`}
      aria-level={level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={expanded}
      aria-selected={selected}
      tabIndex={selected ? 0 : -1}
      data-node={node.id}
      onClick={(event) => {
        onSelect(node.id);
        event.currentTarget.focus({ preventScroll: true });
      }}
    >
      <span class="visually-hidden">{spokenCard(card, insights.length)}</span>
      <span class="name" aria-hidden="true" style={{ paddingInlineStart: `${Math.min(level - 1, 24) * 14}px` }}>
        <span
          class="twistie"
          onClick={(event) => {
            if (expanded === undefined) return;
            event.stopPropagation();
            onToggle(node.id, !expanded);
          }}
        >
          {expanded !== undefined && <Icon name={expanded ? "chevron-down" : "chevron-right"} />}
        </span>
        <span class="clips">
          {card.caption && <span class="muted">{card.caption} · </span>}
          {card.type}
          {card.subject && <span class="muted"> {card.subject}</span>}
        </span>
        {severity && <Icon name={severityIcon(severity)} class={`severity-${severity}`} />}
      </span>
      {index.plan.analyzed && (
        <span class="time" aria-hidden="true">
          <span class="track">
            <span class="bar" style={{ width: `${card.bar * 100}%` }} />
          </span>
          <span class="value">
            {card.never ? "never executed" : card.share === undefined && node.selfTimeMs === undefined ? "" : card.primary}
          </span>
        </span>
      )}
      <span class="rows" aria-hidden="true">
        {shortRows(index, row)}
      </span>
      {index.plan.analyzed && (
        <span class="estimated" aria-hidden="true">
          {card.misestimate && <span class={`chip${card.misestimate.severe ? " severe" : ""}`}>{card.misestimate.label}</span>}{" "}
          {card.estimate?.replace(" estimated", "")}
        </span>
      )}
      {index.plan.analyzed && (
        <span class="buffers" aria-hidden="true">
          {card.buffers}
        </span>
      )}
      <span class="cost" aria-hidden="true">
        {node.totalCost === undefined ? "" : formatCost(node.totalCost)}
      </span>
    </div>
  );
}

function shortRows(index: PlanIndex, { node }: OutlineRow): string {
  const rows = index.plan.analyzed ? node.rows : node.estimatedRows;
  return rows === undefined || node.neverExecuted ? "" : formatShort(rows);
}
