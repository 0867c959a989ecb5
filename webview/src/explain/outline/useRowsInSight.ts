import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { rowHeight } from "./Row.js";

/** Rows beyond the edges, so that scrolling shows no empty ones. */
const spare = 8;

/**
 * Numbers of the rows to be made: those in sight of the scrolled element, whose sticky head is as high as a row. Row `current` is
 * scrolled into sight whenever it changes.
 */
export function useRowsInSight(scroller: RefObject<HTMLElement | null>, count: number, current: number): number[] {
  const [sight, setSight] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setSight({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  useEffect(() => {
    const element = scroller.current;
    if (!element || current < 0) return;
    const top = current * rowHeight;
    const room = element.clientHeight - 2 * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top > element.scrollTop + room) element.scrollTop = top - room;
  }, [current, count]);
  const first = Math.max(0, Math.floor(sight.top / rowHeight) - spare);
  const last = Math.min(count - 1, Math.ceil((sight.top + sight.height) / rowHeight) + spare);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}
