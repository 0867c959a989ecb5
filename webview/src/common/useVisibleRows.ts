import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

export interface VisibleRows {
  /** The first row in sight and the one behind the last, with some to spare. */
  readonly first: number;
  readonly end: number;
}

/** Rows beyond the edges, so that scrolling shows no empty ones. */
const spare = 12;
/** Until the element is measured, as much as a panel usually has. */
const unmeasured = { top: 0, height: 600 };

/** Which of many rows of one height a scrolled element shows: only they are rendered, so that ten thousand cost as little as fifty. */
export function useVisibleRows(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number): VisibleRows {
  const [view, setView] = useState(unmeasured);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - spare);
  return { first, end: Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + spare) };
}
