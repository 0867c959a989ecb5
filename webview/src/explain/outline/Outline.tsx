import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { scrollTo } from "../../common/scrollTo.js";
import { useVisibleRows } from "../../common/useVisibleRows.js";
import { cardsOf, warmthsOf } from "../drawing/looks.js";
import { measureLabels } from "../heat.js";
import { standIn, type ShownTree } from "../tree/shownTree.js";
import type { PlanViewProps } from "../usePlanView.js";
import { moveBy, typedAhead } from "./keys.js";
import { Row, rowHeight } from "./Row.js";

/** Letters typed within this time are one word. */
const typingMs = 600;

/** The plan as an ARIA tree with numbers in columns. One row is in the tab order; arrow keys do the rest. */
export function Outline({ index, view, actions, tree }: PlanViewProps & { readonly tree: ShownTree }) {
  const { rows } = tree;
  const cards = useMemo(() => cardsOf(index), [index]);
  const warmthOf = useMemo(() => warmthsOf(index, view.measure), [index, view.measure]);
  const current = standIn(tree, index, view)?.id;
  const place = useMemo(() => rows.findIndex(({ id }) => id === current), [rows, current]);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { first, end } = useVisibleRows(scroller, rows.length, rowHeight);
  const [typed, setTyped] = useState({ text: "", at: 0 });

  useEffect(() => {
    const element = scroller.current;
    // The sticky head is as high as a row.
    if (element && place >= 0) element.scrollTop = scrollTo(place, element.scrollTop, element.clientHeight, rowHeight, rowHeight);
  }, [place, rows.length]);
  useLayoutEffect(() => {
    // Keys go on working from the row that a card, an insight or a key selected.
    if (!list.current?.contains(document.activeElement)) return;
    list.current.querySelector<HTMLElement>('[aria-selected="true"]')?.focus({ preventScroll: true });
  }, [current, rows]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || current === undefined) return;
    if (event.key === "Enter" || event.key === " ") actions.open(current);
    else if (event.key.length === 1 && event.key !== "/") {
      const text = event.timeStamp - typed.at < typingMs ? typed.text + event.key : event.key;
      setTyped({ text, at: event.timeStamp });
      const found = typedAhead(text, rows, current);
      if (found !== undefined) actions.select(found);
    } else {
      const move = moveBy(event.key, rows, current);
      if (!move) return;
      if ("select" in move) actions.select(move.select);
      else if ("expand" in move) actions.fold(move.expand, true);
      else actions.fold(move.collapse, false);
    }
    event.preventDefault();
  };
  const inSight = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
  const shown = [...new Set([place, ...inSight])].filter((at) => rows[at] !== undefined);
  return (
    <div class={`outline${index.plan.analyzed ? "" : " planned"}`} ref={scroller}>
      <div class="outline-head" aria-hidden="true">
        <span class="name">Node</span>
        <span class="time">{measureLabels[view.measure]}</span>
        <span class="rows">{index.plan.analyzed ? "Rows" : "Estimated rows"}</span>
        {index.plan.analyzed && <span class="estimated">Estimated</span>}
        {index.plan.analyzed && <span class="buffers">Buffers</span>}
        <span class="cost">Cost</span>
      </div>
      <div role="tree" aria-label="Plan" ref={list} onKeyDown={onKeyDown} style={{ height: `${rows.length * rowHeight}px` }}>
        {shown.map((at) => {
          const row = rows[at] as (typeof rows)[number];
          return (
            <Row
              key={row.id}
              shown={row}
              top={at * rowHeight}
              index={index}
              card={cards.cardOf(row)}
              severity={cards.severityOf(row)}
              warmth={warmthOf(row)}
              measure={view.measure}
              search={view.search}
              matched={row.group ? row.group.members.some(({ id }) => view.matched.has(id)) : view.matched.has(row.id)}
              selected={row.id === current}
              onSelect={actions.select}
              onFold={actions.fold}
            />
          );
        })}
      </div>
    </div>
  );
}
