import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Size } from "./layoutPlan.js";

/** The element's size in pixels of the page; nothing until it is known. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
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

/** The screen's pixels per pixel of the page; changes with the zoom of the window and from screen to screen. */
export function usePixelRatio(): number {
  const [ratio, setRatio] = useState(devicePixelRatio);
  useEffect(() => {
    const query = matchMedia(`(resolution: ${ratio}dppx)`);
    const changed = () => setRatio(devicePixelRatio);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, [ratio]);
  return ratio;
}

/** Paints at the next frame, once, however often it is asked to; always with the newest of what there is to paint. */
export function useFrame(paint: () => void): () => void {
  const newest = useRef(paint);
  newest.current = paint;
  const frame = useRef(0);
  const request = useRef(() => {
    frame.current ||= requestAnimationFrame(() => {
      frame.current = 0;
      newest.current();
    });
  });
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  return request.current;
}
