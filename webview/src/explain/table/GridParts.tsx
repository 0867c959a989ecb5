import { memo } from "preact/compat";
import { Icon } from "../../common/Icon.js";
import { severityIcon } from "../../common/Severity.js";
import { formatShare } from "../../common/numbers.js";
import { heatOf } from "../heat.js";
import { misestimateOf, selfShare, type PlanIndex } from "../planIndex.js";
import { cellId } from "./cells.js";
import type { Column } from "./columns.js";
import type { Remainder } from "./remainder.js";
import type { Sort, TableRow } from "./rows.js";

interface HeadProps {
  readonly columns: readonly Column[];
  readonly sort: Sort | undefined;
  readonly active: number | undefined;
  readonly onSort: (column: string) => void;
}

export function GridHead({ columns, sort, active, onSort }: HeadProps) {
  return (
    <div role="row" class="grid-row grid-head" aria-rowindex={1}>
      <span role="columnheader" id={cellId({ row: -1, column: 0 })} class={`cell first${active === 0 ? " active" : ""}`} aria-colindex={1}>
        Node
      </span>
      {columns.map(({ id, label, hint }, place) => {
        const sorted = sort?.column === id ? (sort.descending ? "descending" : "ascending") : undefined;
        return (
          <span
            key={id}
            role="columnheader"
            id={cellId({ row: -1, column: place + 1 })}
            class={`cell column-${id}${active === place + 1 ? " active" : ""}`}
            aria-colindex={place + 2}
            aria-sort={sorted ?? "none"}
            title={hint}
            onClick={() => onSort(id)}
          >
            {sorted && <Icon name={sorted === "descending" ? "arrow-down" : "arrow-up"} />}
            <span class="clips">{label}</span>
          </span>
        );
      })}
    </div>
  );
}

interface RowProps {
  readonly index: PlanIndex;
  readonly row: TableRow;
  readonly place: number;
  readonly columns: readonly Column[];
  /** In the tree's order. */
  readonly indented: boolean;
  readonly selected: boolean;
  readonly matched: boolean;
  readonly active: number | undefined;
  readonly onPress: (column: number) => void;
  readonly onOpen: () => void;
}

export const NodeRow = memo(RowOfNode, (before, after) =>
  // The handlers are new each time and do the same.
  (["index", "row", "place", "columns", "indented", "selected", "matched", "active"] as const).every(
    (prop) => before[prop] === after[prop],
  ),
);

function RowOfNode({ index, row, place, columns, indented, selected, matched, active, onPress, onOpen }: RowProps) {
  const { node, depth } = row;
  const severity = index.insights.get(node.id)?.[0]?.severity;
  const classes = ["grid-row", selected && "selected", matched && "matched", node.neverExecuted && "never"].filter(Boolean).join(" ");
  return (
    <div role="row" class={classes} aria-rowindex={place + 2} aria-selected={selected} data-node={node.id} onDblClick={onOpen}>
      <span
        role="rowheader"
        id={cellId({ row: place, column: 0 })}
        class={`cell first${active === 0 ? " active" : ""}`}
        aria-colindex={1}
        title={node.title}
        style={{ paddingInlineStart: `${12 + (indented ? Math.min(depth, 24) * 12 : 0)}px` }}
        onClick={() => onPress(0)}
      >
        <span class="clips">
          {node.subplanName && <span class="muted">{node.subplanName} · </span>}
          {node.title}
        </span>
        {severity && <Icon name={severityIcon(severity)} class={`severity-${severity}`} />}
      </span>
      {columns.map((column, at) => (
        <span
          key={column.id}
          role="gridcell"
          id={cellId({ row: place, column: at + 1 })}
          class={`cell column-${column.id}${active === at + 1 ? " active" : ""}`}
          aria-colindex={at + 2}
          onClick={() => onPress(at + 1)}
        >
          <Value index={index} row={row} column={column} />
        </span>
      ))}
    </div>
  );
}

function Value({ index, row: { node }, column }: { index: PlanIndex; row: TableRow; column: Column }) {
  const value = column.value(node);
  if (value === undefined) return null;
  if (column.id === "ratio") {
    const wrong = misestimateOf(node);
    return <span class={wrong ? `chip${wrong.severe ? " severe" : ""}` : "muted"}>{column.format(value)}</span>;
  }
  if (column.id !== "self") return <span class={value === 0 ? "muted" : ""}>{column.format(value)}</span>;
  const share = selfShare(index.plan, node);
  return (
    <>
      <span class={`track heat-${heatOf(share)}`} aria-hidden="true">
        <span class="bar" style={{ width: `${(share ?? 0) * 100}%` }} />
      </span>
      <span class="value">{column.format(value)}</span>
      <span class="share muted">{share === undefined ? "" : formatShare(share)}</span>
    </>
  );
}

interface RemainderProps {
  readonly lines: readonly Remainder[];
  readonly columns: readonly Column[];
  /** Rows above. */
  readonly after: number;
}

export function RemainderRows({ lines, columns, after }: RemainderProps) {
  return (
    <div role="rowgroup" class="grid-foot">
      {lines.map((line, place) => (
        <div key={line.label} role="row" class={`grid-row${line.total ? " total" : ""}`} aria-rowindex={after + place + 2}>
          <span role="rowheader" class="cell first" aria-colindex={1}>
            {line.label}
          </span>
          {columns.map((column, at) => {
            const value = line.value(column);
            return (
              <span key={column.id} role="gridcell" class={`cell column-${column.id}`} aria-colindex={at + 2}>
                {value === undefined ? "" : <span class="value">{column.format(value)}</span>}
                {column.id === "self" && <span class="share" />}
              </span>
            );
          })}
        </div>
      ))}
    </div>
  );
}
