import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Size } from "./layoutPlan.js";
import type { Looks } from "./paintScene.js";
import { addBlocks, emptyBlocks, fillBlocks } from "./paintFar.js";
import type { Scene } from "./scene.js";
import type { DrawingTheme } from "./theme.js";
import type { View } from "./viewport.js";

const room = { width: 176, height: 104, padding: 6 };

interface MinimapProps {
  readonly scene: Scene;
  readonly looks: Looks;
  readonly theme: DrawingTheme;
  readonly ratio: number;
  /** The frame around what is in sight; `frameMinimap` moves it. */
  readonly frame: RefObject<HTMLDivElement | null>;
  /** Brings a point of the drawing into the middle. */
  readonly onLookAt: (x: number, y: number) => void;
}

/** The whole plan small. Width and height have scales of their own: over many partitions a plan is a thousand times wider than high. */
export function Minimap({ scene, looks, theme, ratio, frame, onLookAt }: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = minimapScale(scene.bounds);
  const width = Math.ceil(scene.bounds.width * scale.x) + 2 * room.padding;
  const height = Math.ceil(scene.bounds.height * scale.y) + 2 * room.padding;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(ratio * scale.x, 0, 0, ratio * scale.y, ratio * room.padding, ratio * room.padding);
    const blocks = emptyBlocks();
    for (const level of scene.levels) addBlocks(blocks, level, 0, scene.bounds.width, scale, ({ shown }) => looks.block(shown));
    fillBlocks({ context, theme }, blocks);
  }, [scene, looks, theme, ratio]);

  const lookAt = (event: PointerEvent) => {
    if (event.buttons % 2 === 0 || !canvas.current) return;
    const { left, top } = canvas.current.getBoundingClientRect();
    onLookAt((event.clientX - left - room.padding) / scale.x, (event.clientY - top - room.padding) / scale.y);
  };
  return (
    <div
      class="minimap"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        lookAt(event);
      }}
      onPointerMove={lookAt}
    >
      <canvas ref={canvas} width={width * ratio} height={height * ratio} style={{ width: `${width}px`, height: `${height}px` }} />
      <div class="in-sight" ref={frame} />
    </div>
  );
}

function minimapScale(bounds: Size): { readonly x: number; readonly y: number } {
  const inner = { width: room.width - 2 * room.padding, height: room.height - 2 * room.padding };
  const x = inner.width / bounds.width;
  const y = inner.height / bounds.height;
  const even = Math.min(x, y);
  // At least a third of the other side: a line would show nothing.
  return { x: Math.max(even, Math.min(x, (inner.width / 3) * (1 / bounds.width))), y: Math.max(even, inner.height / 3 / bounds.height) };
}

/** Shows what of the drawing is in sight; nothing when all of it is. */
export function frameMinimap(frame: HTMLElement, bounds: Size, view: View, size: Size): void {
  const all = view.x >= 0 && view.y >= 0 && bounds.width * view.k + view.x <= size.width && bounds.height * view.k + view.y <= size.height;
  const map = frame.parentElement;
  if (map) map.hidden = all;
  if (all) return;
  const scale = minimapScale(bounds);
  const between = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const left = between(-view.x / view.k, bounds.width);
  const top = between(-view.y / view.k, bounds.height);
  const right = between((size.width - view.x) / view.k, bounds.width);
  const bottom = between((size.height - view.y) / view.k, bounds.height);
  frame.style.transform = `translate(${room.padding + left * scale.x}px, ${room.padding + top * scale.y}px)`;
  frame.style.width = `${Math.max(3, (right - left) * scale.x)}px`;
  frame.style.height = `${Math.max(3, (bottom - top) * scale.y)}px`;
}
