import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Change, ComparedNode } from "#protocol/comparison";
import { formatCost, formatShort, formatTime } from "../common/numbers.js";
import { scrollTo } from "../common/scrollTo.js";
import { useVisibleRows } from "../common/useVisibleRows.js";
import { difference, rowsOf, scaleOf, type Measure, type Row } from "./model.js";

const rowHeight = 26;

interface MergedTreeProps {
  readonly nodes: readonly ComparedNode[];
  readonly measure: Measure;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** Both plans as one tree; only the rows in sight are rendered. The whole list has the focus, and tells which row is active. */
export function MergedTree({ nodes, measure, selected, onSelect }: MergedTreeProps) {
  const rows = useMemo(() => rowsOf(nodes), [nodes]);
  const scale = useMemo(() => scaleOf(nodes, measure), [nodes, measure]);
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end } = useVisibleRows(scroller, rows.length, rowHeight);
  const at = rows.findIndex(({ node }) => node.id === selected);

  useEffect(() => {
    const element = scroller.current;
    if (!element || at < 0) return;
    element.scrollTop = scrollTo(at, element.scrollTop, element.clientHeight, rowHeight, 0);
  }, [at]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const targets: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
      ArrowLeft: rows.findIndex(({ node }) => node.id === rows[at]?.node.parent),
      ArrowRight: rows[at]?.node.children.length ? at + 1 : at,
    };
    const target = targets[event.key];
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = rows[Math.min(Math.max(target, 0), rows.length - 1)];
    if (row) onSelect(row.node.id);
  };
  return (
    <div class="merged">
      <div class="merged-head" aria-hidden="true">
        <span>Step</span>
        <span class="number">{measure === "cost" ? "Cost" : "Self time"}</span>
        <span class="number">Rows</span>
        <span class="number">Blocks</span>
      </div>
      <div
        class="merged-rows"
        role="tree"
        aria-label="Both plans as one tree"
        aria-activedescendant={at < 0 ? undefined : `step-${selected}`}
        tabIndex={0}
        ref={scroller}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" style={{ height: `${rows.length * rowHeight}px` }}>
          {rows.slice(first, end).map((row, index) => (
            <Line
              key={row.node.id}
              row={row}
              top={(first + index) * rowHeight}
              selected={row.node.id === selected}
              {...{ measure, scale, onSelect }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface LineProps extends Pick<MergedTreeProps, "measure" | "onSelect"> {
  readonly row: Row;
  readonly top: number;
  readonly selected: boolean;
  readonly scale: number;
}

const signs = { same: "", changed: "~", added: "+", removed: "−" };
const spoken = { same: "", changed: "done otherwise: ", added: "only after: ", removed: "only before: " };

function Line({ row: { node, level, position, siblings }, top, selected, measure, scale, onSelect }: LineProps) {
  const show = measure === "cost" ? formatCost : formatTime;
  const delta = difference(node[measure]) ?? 0;
  const share = scale > 0 ? Math.abs(delta) / scale : 0;
  return (
    <div
      id={`step-${node.id}`}
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={selected}
      aria-label={`${spoken[node.kind]}${node.title}. ${[node.changes.join(", "), changeText(node[measure], show)].filter((part) => part !== "").join(". ")}`}
      class={`merged-row ${node.kind}${selected ? " selected" : ""}`}
      style={{ top: `${top}px`, height: `${rowHeight}px` }}
      onClick={() => onSelect(node.id)}
    >
      <span class="step" style={{ paddingInlineStart: `${Math.min(level - 1, 40) * 16}px` }}>
        <span class="sign">{signs[node.kind]}</span>
        <span class="clips" title={[node.title, ...node.changes].join("\n")}>
          {node.title}
        </span>
      </span>
      <span class={`number delta${delta > 0 ? " worse" : delta < 0 ? " better" : ""}`}>
        <span class="delta-bar" style={{ width: `${share * 100}%` }} />
        <span>{changeText(node[measure], show)}</span>
      </span>
      <span class="number">{node.rowsDiffer === false ? "" : changeText(node.rows, formatShort)}</span>
      <span class="number">{changeText(node.blocks, formatShort)}</span>
    </div>
  );
}

/** Nothing where both sides show the same. */
function changeText(change: Change | undefined, show: (value: number) => string): string {
  if (!change) return "";
  const [before, after] = [change.before, change.after].map((value) => (value === undefined ? undefined : show(value)));
  if (before === undefined) return after ?? "";
  if (after === undefined) return before;
  return before === after ? "" : `${before} → ${after}`;
}
