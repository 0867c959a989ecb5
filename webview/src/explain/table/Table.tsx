import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { isString, usePersisted } from "../../common/usePersisted.js";
import { scrollTo } from "../../common/scrollTo.js";
import { useVisibleRows } from "../../common/useVisibleRows.js";
import { shownFigure, useSteps } from "../details/steps.js";
import type { PlanViewProps } from "../usePlanView.js";
import { cellId, moveCell, type Cell } from "./cells.js";
import { columns as allColumns, shownColumns, type Column } from "./columns.js";
import { ColumnChoice } from "./ColumnChoice.js";
import { GridHead, NodeRow, RemainderRows } from "./GridParts.js";
import { GroupTable } from "./GroupTable.js";
import type { GroupBy } from "./groups.js";
import { remaindersOf } from "./remainder.js";
import { nextSort, sortRows, treeRows, type Sort } from "./rows.js";

/** As the style sheet has them, in pixels. */
const rowHeight = 24;
const headHeight = 30;

export function TableView(props: PlanViewProps) {
  const { plan } = props.index;
  const [chosen, setChosen] = usePersisted<readonly string[] | undefined>("tableColumns", undefined, isChoice);
  const [grouping, setGrouping] = usePersisted<GroupBy | "node">("tableGroups", "node", isGrouping);
  const columns = useMemo(() => shownColumns(plan, chosen), [plan, chosen]);
  return (
    <div class="table-view">
      <div class="table-tools">
        <label>
          Rows{" "}
          <select value={grouping} onChange={(event) => setGrouping(event.currentTarget.value as GroupBy | "node")}>
            <option value="node">one per node</option>
            <option value="relation">by relation</option>
            <option value="index">by index</option>
            <option value="type">by node type</option>
          </select>
        </label>
        <ColumnChoice plan={plan} shown={columns} onChoose={setChosen} />
      </div>
      {grouping === "node" ? (
        <NodeGrid {...props} columns={columns} />
      ) : (
        <GroupTable plan={plan} by={grouping} columns={columns} search={props.actions.setSearch} />
      )}
    </div>
  );
}

const isChoice = (value: unknown): value is readonly string[] | undefined =>
  value === undefined || (Array.isArray(value) && value.every(isString));
const isGrouping = (value: unknown): value is GroupBy | "node" => ["node", "relation", "index", "type"].includes(String(value));
const isSort = (value: unknown): value is Sort | undefined =>
  value === undefined ||
  (typeof value === "object" && value !== null && "column" in value && "descending" in value && typeof value.descending === "boolean");

/** All nodes in an ARIA grid. The grid itself has the focus and names its active cell: rows out of sight do not exist. */
function NodeGrid({ index, view, actions, columns }: PlanViewProps & { readonly columns: readonly Column[] }) {
  const { ask } = useSteps();
  const [sort, setSort] = usePersisted<Sort | undefined>("tableSort", undefined, isSort);
  const inTree = useMemo(() => treeRows(index), [index]);
  const column = allColumns.find(({ id }) => id === sort?.column && columns.some((shown) => shown.id === id));
  const rows = useMemo(() => sortRows(inTree, column, sort?.descending ?? true), [inTree, column, sort?.descending]);
  const remainders = useMemo(() => remaindersOf(index.plan), [index]);
  const places = useMemo(() => new Map(rows.map(({ node }, place) => [node.id, place])), [rows]);
  const selected = places.get(view.selected) ?? 0;
  const [active, setActive] = useState<Cell>({ row: selected, column: 0 });
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useVisibleRows(scroller, rows.length, rowHeight);
  const foot = remainders.length * rowHeight;

  const show = useCallback(
    (row: number) => {
      const element = scroller.current;
      if (element && row >= 0) element.scrollTop = scrollTo(row, element.scrollTop, element.clientHeight, rowHeight, headHeight, foot);
    },
    [foot],
  );
  // A node that another view or the search selected comes into sight, as does the selected one after sorting.
  useLayoutEffect(() => {
    show(selected);
    setActive((now) => (now.row === -1 ? now : { ...now, row: selected }));
  }, [selected, show]);
  useEffect(() => {
    if (active.row < 0) return;
    const cell = scroller.current?.querySelector(`#${cellId(active)}`);
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active]);

  const press = (name: string) => setSort(nextSort(sort, name));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey) return;
    const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight - foot) / rowHeight) - 1);
    const row = rows[active.row];
    if (event.key === "Enter" || event.key === " ") {
      const head = columns[active.column - 1];
      if (row) {
        if (head?.figure) ask({ node: row.node.id, figure: shownFigure(row.node, head.figure) });
        actions.open(row.node.id);
      } else if (head) press(head.id);
      else setSort(undefined);
    } else {
      const next = moveCell(event.key, event.ctrlKey || event.metaKey, active, { rows: rows.length, columns: columns.length + 1, page });
      if (!next) return;
      show(next.row);
      setActive(next);
      const node = rows[next.row]?.node.id;
      if (node !== undefined && next.row !== active.row) actions.select(node);
    }
    event.preventDefault();
  };
  const visible = rows.slice(shown.first, shown.end);
  const exists = active.row === -1 || (active.row >= shown.first && active.row < shown.end);
  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      aria-label="Nodes of the plan"
      aria-rowcount={rows.length + 1 + remainders.length}
      aria-colcount={columns.length + 1}
      aria-activedescendant={exists ? cellId(active) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <GridHead columns={columns} sort={column && sort} active={active.row === -1 ? active.column : undefined} onSort={press} />
      <div role="presentation" style={{ height: `${shown.first * rowHeight}px` }} />
      {visible.map((row, offset) => {
        const place = shown.first + offset;
        return (
          <NodeRow
            key={row.node.id}
            index={index}
            row={row}
            place={place}
            columns={columns}
            indented={!column}
            selected={row.node.id === view.selected}
            matched={view.matched.has(row.node.id)}
            active={active.row === place ? active.column : undefined}
            onPress={(at) => {
              setActive({ row: place, column: at });
              const figure = columns[at - 1]?.figure;
              if (figure) ask({ node: row.node.id, figure: shownFigure(row.node, figure) });
              actions.select(row.node.id);
            }}
            onOpen={() => actions.open(row.node.id)}
          />
        );
      })}
      <div role="presentation" style={{ height: `${(rows.length - shown.end) * rowHeight}px` }} />
      <RemainderRows lines={remainders} columns={columns} after={rows.length} />
    </div>
  );
}
