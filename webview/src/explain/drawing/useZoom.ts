import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior } from "d3-zoom";
import type { RefObject } from "preact";
import { useCallback, useEffect, useRef } from "preact/hooks";
import { zoomLimits, type View } from "./viewport.js";

interface Zoom {
  /** @param smooth moves there visibly, unless the reader asked for less motion */
  readonly moveTo: (view: View, smooth: boolean) => void;
  readonly scaleBy: (factor: number) => void;
  readonly current: () => View;
}

/**
 * Drag and wheel pan, pinch or Ctrl+wheel zooms. The view is written straight into the plane's style: at sixty frames a second
 * a render per frame would be felt.
 */
export function useZoom(
  viewport: RefObject<HTMLElement | null>,
  plane: RefObject<HTMLElement | null>,
  onMoved: (view: View) => void,
): Zoom {
  const view = useRef<View>({ x: 0, y: 0, k: 1 });
  const behavior = useRef<ZoomBehavior<HTMLElement, unknown> | undefined>(undefined);
  const moved = useRef(onMoved);
  moved.current = onMoved;

  useEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const selection = select<HTMLElement, unknown>(element);
    const zoomer = zoom<HTMLElement, unknown>()
      .scaleExtent([...zoomLimits])
      .filter((event: MouseEvent | WheelEvent) => (event.type === "wheel" ? event.ctrlKey || event.metaKey : event.button === 0))
      .clickDistance(4)
      .on("start", () => plane.current?.classList.remove("smooth"))
      .on("zoom", ({ transform }: D3ZoomEvent<HTMLElement, unknown>) => {
        view.current = { x: transform.x, y: transform.y, k: transform.k };
        if (plane.current) plane.current.style.transform = `translate(${transform.x}px, ${transform.y}px) scale(${transform.k})`;
      })
      // Moves of our own have no source event: only what the reader did is told.
      .on("end", ({ sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
        if (sourceEvent) moved.current(view.current);
      });
    behavior.current = zoomer;
    selection.call(zoomer).on("dblclick.zoom", null);
    const pan = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const { k } = view.current;
      zoomer.translateBy(selection, -event.deltaX / k, -event.deltaY / k);
      moved.current(view.current);
    };
    element.addEventListener("wheel", pan, { passive: false });
    return () => {
      selection.on(".zoom", null);
      element.removeEventListener("wheel", pan);
    };
  }, []);

  const moveTo = useCallback((to: View, smooth: boolean) => {
    if (!viewport.current || !behavior.current) return;
    behavior.current.transform(select<HTMLElement, unknown>(viewport.current), zoomIdentity.translate(to.x, to.y).scale(to.k));
    plane.current?.classList.toggle("smooth", smooth);
  }, []);
  const scaleBy = useCallback((factor: number) => {
    if (!viewport.current || !behavior.current) return;
    behavior.current.scaleBy(select<HTMLElement, unknown>(viewport.current), factor);
    moved.current(view.current);
  }, []);
  return { moveTo, scaleBy, current: useCallback(() => view.current, []) };
}
