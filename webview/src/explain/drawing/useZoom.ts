import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior } from "d3-zoom";
import type { RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { View } from "./viewport.js";

export interface Zoom {
  /** @param smooth moves there visibly, unless the reader asked for less motion */
  readonly moveTo: (view: View, smooth: boolean) => void;
  readonly scaleBy: (factor: number) => void;
  /** How far the reader may zoom, and the view that stands for one too far away. */
  readonly limit: (limits: [number, number], keep: (view: View) => View) => void;
  readonly current: () => View;
}

interface Follower {
  /** Each new view, as often as events come: paint at the next frame. */
  readonly onView: (view: View) => void;
  /** The view at which the reader left it. */
  readonly onMoved: (view: View) => void;
}

const smoothMs = 180;

/** Drag and wheel pan, pinch or Ctrl+wheel zooms. The view is kept outside of rendering: at sixty frames a second that would be felt. */
export function useZoom(element: RefObject<HTMLElement | null>, follower: Follower): Zoom {
  const view = useRef<View>({ x: 0, y: 0, k: 1 });
  const behavior = useRef<ZoomBehavior<HTMLElement, unknown> | undefined>(undefined);
  const motion = useRef(0);
  const followed = useRef(follower);
  followed.current = follower;

  useEffect(() => {
    const host = element.current;
    if (!host) return;
    const selection = select<HTMLElement, unknown>(host);
    const zoomer = zoom<HTMLElement, unknown>()
      .filter((event: MouseEvent | WheelEvent) => (event.type === "wheel" ? event.ctrlKey || event.metaKey : event.button === 0))
      .clickDistance(4)
      .on("zoom", ({ transform, sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
        if (sourceEvent) cancelAnimationFrame(motion.current);
        view.current = { x: transform.x, y: transform.y, k: transform.k };
        followed.current.onView(view.current);
      })
      // Moves of our own have no source event: only what the reader did is told.
      .on("end", ({ sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
        if (sourceEvent) followed.current.onMoved(view.current);
      });
    behavior.current = zoomer;
    selection.call(zoomer).on("dblclick.zoom", null);
    const pan = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      cancelAnimationFrame(motion.current);
      const { k } = view.current;
      zoomer.translateBy(selection, -event.deltaX / k, -event.deltaY / k);
      followed.current.onMoved(view.current);
    };
    host.addEventListener("wheel", pan, { passive: false });
    return () => {
      cancelAnimationFrame(motion.current);
      selection.on(".zoom", null);
      host.removeEventListener("wheel", pan);
    };
  }, []);

  return useMemo(() => {
    const go = (to: View) => {
      if (!element.current || !behavior.current) return;
      behavior.current.transform(select<HTMLElement, unknown>(element.current), zoomIdentity.translate(to.x, to.y).scale(to.k));
    };
    return {
      moveTo(to, smooth) {
        cancelAnimationFrame(motion.current);
        if (!smooth || wantsLessMotion()) return go(to);
        const from = view.current;
        const started = performance.now();
        const step = (now: number) => {
          const part = Math.min(1, Math.max(0, (now - started) / smoothMs));
          const eased = 1 - (1 - part) ** 3;
          const between = (a: number, b: number) => a + (b - a) * eased;
          go(part === 1 ? to : { x: between(from.x, to.x), y: between(from.y, to.y), k: between(from.k, to.k) });
          if (part < 1) motion.current = requestAnimationFrame(step);
        };
        motion.current = requestAnimationFrame(step);
      },
      scaleBy(factor) {
        if (!element.current || !behavior.current) return;
        behavior.current.scaleBy(select<HTMLElement, unknown>(element.current), factor);
        followed.current.onMoved(view.current);
      },
      limit(limits, keep) {
        behavior.current?.scaleExtent(limits).constrain((transform) => {
          const { x, y } = keep({ x: transform.x, y: transform.y, k: transform.k });
          return x === transform.x && y === transform.y ? transform : zoomIdentity.translate(x, y).scale(transform.k);
        });
      },
      current: () => view.current,
    };
  }, []);
}

function wantsLessMotion(): boolean {
  return document.body.classList.contains("vscode-reduce-motion") || matchMedia("(prefers-reduced-motion: reduce)").matches;
}
