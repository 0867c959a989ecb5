import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../../common/Icon.js";
import { formatShare } from "../../common/numbers.js";
import { oneOf, usePersisted } from "../../common/usePersisted.js";
import { heatScale, type Heat } from "../heat.js";
import type { PlanViewProps } from "../usePlanView.js";
import { layoutFlame, type Frame } from "./layoutFlame.js";
import { measuresOf, type FlameMeasure, type Measure } from "./measure.js";
import { paintFlame } from "./paint.js";
import { sizedContext, useCanvasPlace } from "./useCanvas.js";
import { everything, hit, neighbour, pathTo, rectsOf, rowHeight, type Extent, type Rect } from "./view.js";

/** The plan as an icicle: the root on top, every node as wide as what it and its contents took. */
export function FlameView(props: PlanViewProps) {
  const { index } = props;
  const measures = useMemo(() => measuresOf(index.plan), [index]);
  const [chosen, setChosen] = usePersisted<FlameMeasure>("flameMeasure", "wall", oneOf("wall", "process", "buffers", "cost"));
  const measure = measures.find(({ id }) => id === chosen) ?? measures[0];
  if (!measure) return <p class="no-flame muted">This plan has neither times nor costs to draw.</p>;
  return (
    <div class="flame-view">
      <Icicle key={measure.id} {...props} measure={measure}>
        <label>
          Width{" "}
          <select value={measure.id} onChange={(event) => setChosen(event.currentTarget.value as FlameMeasure)}>
            {measures.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </Icicle>
    </div>
  );
}

function Icicle({
  index,
  view,
  actions,
  measure,
  children,
}: PlanViewProps & { readonly measure: Measure; readonly children: preact.ComponentChildren }) {
  const frames = useMemo(() => layoutFlame(index, measure), [index, measure]);
  const [zoomed, setZoomed] = useState<Frame | undefined>(undefined);
  const [hovered, setHovered] = useState<{ rect: Rect; x: number; y: number } | undefined>(undefined);
  const [focused, setFocused] = useState<Frame | undefined>(undefined);
  const [top, setTop] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, palette } = useCanvasPlace(box);
  const scale = useMemo(() => heatScale(index, view.measure), [index, view.measure]);
  const extent: Extent = zoomed ? { x: zoomed.x, width: zoomed.width, depth: zoomed.depth } : everything;
  const rects = useMemo(() => rectsOf(frames, extent, width), [frames, zoomed, width]);
  const deepest = rects.reduce((most, { frame }) => Math.max(most, frame.depth), 0);
  const whole = frames[0]?.value ?? 0;

  useLayoutEffect(() => {
    const context = canvas.current && width > 0 ? sizedContext(canvas.current, width, height) : undefined;
    if (!context || !palette) return;
    const heat = ({ node }: Frame): Heat => (node ? (scale(node)?.heat ?? 0) : 0);
    const { selected, matched } = view;
    paintFlame(context, { rects, palette, heat, selected, matched, hovered: hovered?.rect.frame, focused, width, height, top });
  }, [rects, palette, scale, view.selected, view.matched, hovered, focused, width, height, top]);
  // Selected elsewhere: the frame comes into sight, zoomed out where it lies beside.
  useEffect(() => {
    const frame = frames.find(({ node }) => node?.id === view.selected);
    if (!frame) return;
    if (zoomed && !pathTo(frames, frame).includes(zoomed)) setZoomed(undefined);
    const y = frame.depth * rowHeight;
    const scroller = box.current;
    if (scroller && (y < scroller.scrollTop || y + rowHeight > scroller.scrollTop + scroller.clientHeight)) scroller.scrollTop = y;
  }, [view.selected, frames]);

  const under = (event: MouseEvent): Rect | undefined => {
    const bounds = canvas.current?.getBoundingClientRect();
    return bounds && hit(rects, event.clientX - bounds.left, event.clientY - bounds.top + top);
  };
  const current = focused ?? frames.find(({ node }) => node?.id === view.selected) ?? frames[0];
  const zoomTo = (frame: Frame | undefined) => setZoomed(frame === frames[0] ? undefined : frame);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!current || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = neighbour(frames, current, event.key);
    if (next) {
      setFocused(next);
      if (next.node) actions.select(next.node.id);
    } else if (event.key === "Enter" && current.node) actions.open(current.node.id);
    else if (event.key === " " || event.key === "+") zoomTo(current);
    else if (event.key === "Escape" || event.key === "-") zoomTo(zoomed && pathTo(frames, zoomed).at(-2));
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div class="flame-tools">
        {children}
        <Breadcrumb path={zoomed ? pathTo(frames, zoomed) : []} onZoom={zoomTo} />
        <span class="end muted">Double click or Space zooms in, Escape out</span>
      </div>
      <div
        ref={box}
        class="flame"
        tabIndex={0}
        role="application"
        aria-label={`Icicle of the plan by ${measure.label.toLowerCase()}. Arrow keys go from node to node. The tree beside the drawing has the same as text.`}
        aria-describedby="flame-current"
        onKeyDown={onKeyDown}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
        onFocus={() => setFocused(current)}
        onBlur={() => setFocused(undefined)}
      >
        <canvas
          ref={canvas}
          style={{ width: `${width}px`, height: `${height}px` }}
          onMouseMove={(event) => {
            const rect = under(event);
            setHovered(rect && { rect, x: event.offsetX, y: event.offsetY + top });
          }}
          onMouseLeave={() => setHovered(undefined)}
          onClick={(event) => {
            const node = under(event)?.frame.node;
            if (node) actions.select(node.id);
          }}
          onDblClick={(event) => zoomTo(under(event)?.frame)}
        />
        <div role="presentation" style={{ height: `${Math.max(0, (deepest + 1) * rowHeight - height)}px` }} />
        {hovered && <Tooltip rect={hovered.rect} measure={measure} whole={whole} x={hovered.x} y={hovered.y} width={width} />}
      </div>
      <p id="flame-current" class="visually-hidden" aria-live="polite">
        {current && `${current.label}, ${said(current, measure, whole)}`}
      </p>
    </>
  );
}

function said(frame: Frame, measure: Measure, whole: number): string {
  const value = `${measure.format(frame.value)} with what it contains, ${formatShare(whole > 0 ? frame.value / whole : 0)}`;
  return frame.part ? `its part here: ${value}` : value;
}

function Breadcrumb({ path, onZoom }: { readonly path: readonly Frame[]; readonly onZoom: (frame: Frame | undefined) => void }) {
  if (path.length < 2) return null;
  return (
    <nav class="breadcrumb" aria-label="Zoomed into">
      {path.map((frame, place) => (
        <span key={place}>
          {place > 0 && <Icon name="chevron-right" />}
          <button type="button" class="link" aria-current={place === path.length - 1 ? "true" : undefined} onClick={() => onZoom(frame)}>
            {frame.node?.type ?? frame.label}
          </button>
        </span>
      ))}
    </nav>
  );
}

interface TooltipProps {
  readonly rect: Rect;
  readonly measure: Measure;
  readonly whole: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function Tooltip({ rect: { frame }, measure, whole, x, y, width }: TooltipProps) {
  const own = frame.node && measure.own?.(frame.node);
  return (
    <div class="flame-tip" style={{ insetInlineStart: `${Math.min(x + 12, Math.max(0, width - 340))}px`, insetBlockStart: `${y + 16}px` }}>
      <strong class="wraps">{frame.label}</strong>
      <span>
        {measure.label}: {said(frame, measure, whole)}
      </span>
      {own !== undefined && <span>Self: {measure.format(own)}</span>}
    </div>
  );
}
