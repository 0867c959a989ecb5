import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { windowOf, type RowWindow } from "./window.js";

/** The rows in sight of a scroller; kept up while it is scrolled and when its size changes. */
export function useWindow(scroller: RefObject<HTMLElement | null>, rowHeight: number, count: number): RowWindow {
  const [shown, setShown] = useState<RowWindow>(() => windowOf(0, 800, rowHeight, count));
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const update = () => {
      const next = windowOf(element.scrollTop, element.clientHeight, rowHeight, count);
      setShown((now) => (now.start === next.start && now.end === next.end ? now : next));
    };
    update();
    element.addEventListener("scroll", update, { passive: true });
    return () => element.removeEventListener("scroll", update);
  }, [rowHeight, count]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setShown(windowOf(element.scrollTop, element.clientHeight, rowHeight, count)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowHeight, count]);
  return { start: Math.min(shown.start, Math.max(0, count - 1)), end: Math.min(shown.end, count) };
}
