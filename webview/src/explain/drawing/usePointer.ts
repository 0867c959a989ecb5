import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PlanViewActions } from "../usePlanView.js";
import { foldReach, onFold } from "./paintFold.js";
import { boxAt, type Placed, type Scene } from "./scene.js";
import type { DrawingView } from "./useView.js";

interface Pointed {
  readonly scene: Scene;
  readonly zoom: DrawingView;
  readonly actions: PlanViewActions;
}

const tooltipDelayMs = 400;

/** What the mouse does with the cards: shows, selects, opens, folds. */
export function usePointer(
  place: RefObject<HTMLElement | null>,
  pointed: Pointed,
): { readonly hovered: Placed | undefined; readonly explained: Placed | undefined } {
  const [hovered, setHovered] = useState<Placed | undefined>(undefined);
  const [explained, setExplained] = useState<Placed | undefined>(undefined);
  const latest = useRef(pointed);
  latest.current = pointed;

  useEffect(() => {
    const host = place.current;
    if (!host) return;
    let timer = 0;
    let under: Placed | undefined;
    const find = (event: MouseEvent) => {
      const { scene, zoom } = latest.current;
      const { left, top } = host.getBoundingClientRect();
      const view = zoom.current();
      const at = { x: (event.clientX - left - view.x) / view.k, y: (event.clientY - top - view.y) / view.k };
      const box = boxAt(scene, at.x, at.y, foldReach);
      return { box, fold: box !== undefined && onFold(box, at.x, at.y, view.k) };
    };
    const leave = () => {
      clearTimeout(timer);
      under = undefined;
      setHovered(undefined);
      setExplained(undefined);
    };
    const move = (event: PointerEvent) => {
      const { box } = event.buttons === 0 ? find(event) : { box: undefined };
      if (box === under) return;
      under = box;
      clearTimeout(timer);
      setHovered(box);
      setExplained(undefined);
      if (box) timer = window.setTimeout(() => setExplained(box), tooltipDelayMs);
    };
    const click = (event: MouseEvent) => {
      const { box, fold } = find(event);
      if (!box) return;
      const { actions } = latest.current;
      const { id, expanded } = box.shown;
      actions.select(id);
      if (fold) actions.fold(id, !expanded);
    };
    const open = (event: MouseEvent) => {
      const { box, fold } = find(event);
      if (box && !fold) latest.current.actions.open(box.shown.id);
    };
    host.addEventListener("pointermove", move);
    host.addEventListener("pointerleave", leave);
    host.addEventListener("pointerdown", leave);
    host.addEventListener("wheel", leave, { passive: true });
    host.addEventListener("click", click);
    host.addEventListener("dblclick", open);
    return () => {
      clearTimeout(timer);
      host.removeEventListener("pointermove", move);
      host.removeEventListener("pointerleave", leave);
      host.removeEventListener("pointerdown", leave);
      host.removeEventListener("wheel", leave);
      host.removeEventListener("click", click);
      host.removeEventListener("dblclick", open);
    };
  }, []);
  return { hovered, explained };
}
