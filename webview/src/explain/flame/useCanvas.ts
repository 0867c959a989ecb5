import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { onThemeChange } from "../drawing/theme.js";
import { readPalette, type Palette } from "./palette.js";

export interface CanvasPlace {
  readonly width: number;
  readonly height: number;
  readonly palette: Palette | undefined;
}

/** Size and colours of the box that a canvas fills; follows both the panel and the theme. */
export function useCanvasPlace(box: RefObject<HTMLElement | null>): CanvasPlace {
  const [place, setPlace] = useState<CanvasPlace>({ width: 0, height: 0, palette: undefined });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () =>
      setPlace(({ palette }) => ({ width: element.clientWidth, height: element.clientHeight, palette: palette ?? readPalette(element) }));
    const recolour = () => setPlace((now) => ({ ...now, palette: readPalette(element) }));
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    const stop = onThemeChange(recolour);
    return () => {
      sizes.disconnect();
      stop();
    };
  }, []);
  return place;
}

/** Sets the canvas's pixels for the screen's density. */
export function sizedContext(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | undefined {
  const density = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  const context = canvas.getContext("2d", { alpha: false }) ?? undefined;
  context?.setTransform(density, 0, 0, density, 0, 0);
  return context;
}
