import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../../common/Icon.js";
import { isView, type ViewOfPlan } from "../storedView.js";
import { cardOf, measureCard, type Card } from "../card.js";
import type { PlanIndex } from "../planIndex.js";
import type { PlanViewProps } from "../usePlanView.js";
import { readState, writeState } from "../../common/host.js";
import { CardView } from "./CardView.js";
import { edgesOf } from "./edges.js";
import { boundsOf, layoutPlan, type Size } from "./layoutPlan.js";
import { useZoom } from "./useZoom.js";
import { firstView, fit, reveal, zoomLimits, type View } from "./viewport.js";

/** The tree as cards and edges. Hidden from assistive technology, which has the outline; keys work there too. */
export function PlanDrawing({ index, view: { selected }, actions }: PlanViewProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const plane = useRef<HTMLDivElement>(null);
  const drawing = useMemo(() => draw(index), [index]);
  // The plan whose view the reader has chosen; until then it follows the room there is.
  const chosen = useRef("");
  const zoom = useZoom(viewport, plane, (view) => {
    chosen.current = drawing.key;
    writeState({ zoom: { plan: drawing.key, ...view } satisfies ViewOfPlan });
  });
  const size = useSize(viewport);

  useEffect(() => {
    if (size.width === 0 || chosen.current === drawing.key) return;
    const stored = storedView(drawing.key);
    if (stored) chosen.current = drawing.key;
    zoom.moveTo(stored ?? firstView(drawing.bounds, size, drawing.boxes[0]), false);
  }, [drawing, size]);
  useEffect(() => {
    const box = drawing.boxes.find(({ id }) => id === selected);
    if (!box || size.width === 0) return;
    const view = zoom.current();
    const revealed = reveal(box, view, size);
    if (revealed !== view) zoom.moveTo(revealed, true);
  }, [selected, drawing, size]);

  return (
    <div class="drawing">
      <div class="viewport" ref={viewport} aria-hidden="true">
        <div class="plane" ref={plane}>
          <svg width={drawing.bounds.width} height={drawing.bounds.height}>
            {drawing.edges.map((edge) => (
              <path key={edge.id} d={edge.path} stroke-width={edge.width} />
            ))}
          </svg>
          {drawing.boxes.map((box) => (
            <CardView
              key={box.id}
              box={box}
              card={drawing.cards.get(box.id) as Card}
              selected={box.id === selected}
              severity={index.insights.get(box.id)?.[0]?.severity}
              onSelect={actions.select}
            />
          ))}
        </div>
      </div>
      <div class="zoom-buttons" role="group" aria-label="Zoom">
        <ZoomButton icon="zoom-in" label="Zoom in" onPress={() => zoom.scaleBy(1.25)} />
        <ZoomButton icon="zoom-out" label="Zoom out" onPress={() => zoom.scaleBy(0.8)} />
        <ZoomButton
          icon="screen-full"
          label="Show the whole plan"
          onPress={() => zoom.moveTo(fit(drawing.bounds, size, zoomLimits[0]), true)}
        />
      </div>
    </div>
  );
}

function ZoomButton({ icon, label, onPress }: { icon: string; label: string; onPress: () => void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

function draw(index: PlanIndex) {
  const cards = new Map(index.plan.nodes.map((node) => [node.id, cardOf(index.plan, index.root, node)]));
  const boxes = layoutPlan(index.plan, (node) => measureCard(cards.get(node.id) as Card));
  return { cards, boxes, bounds: boundsOf(boxes), edges: edgesOf(boxes, index.nodes), key: index.key };
}

function storedView(key: string): View | undefined {
  const stored = readState()["zoom"];
  return isView(stored) && stored.plan === key ? stored : undefined;
}

function useSize(element: { current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return size;
}
