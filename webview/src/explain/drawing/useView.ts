import type { RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { readState, writeState } from "../../common/host.js";
import { isView, type ViewOfPlan } from "../storedView.js";
import type { Size } from "./layoutPlan.js";
import type { Scene } from "./scene.js";
import { useZoom } from "./useZoom.js";
import { firstView, fit, keepInPlace, keepInSight, reveal, zoomLimits, type View } from "./viewport.js";

interface Looked {
  readonly scene: Scene;
  readonly size: Size;
  /** Id of the card that must stay in sight. */
  readonly selected: string | undefined;
  /** The plan's shape, which a stored view belongs to. */
  readonly key: string;
  readonly onView: () => void;
}

export interface DrawingView {
  readonly current: () => View;
  readonly scaleBy: (factor: number) => void;
  readonly showAll: () => void;
  /** Brings a point of the drawing into the middle. */
  readonly lookAt: (x: number, y: number) => void;
}

/** From where the drawing is looked at: where the reader left it, else its top; it follows the selection. */
export function useView(place: RefObject<HTMLElement | null>, looked: Looked): DrawingView {
  const { scene, size, selected, key } = looked;
  const latest = useRef(looked);
  latest.current = looked;
  // The plan whose view the reader has chosen; until then it follows the room there is.
  const chosen = useRef("");
  const before = useRef(scene);
  const writing = useRef(0);
  const zoom = useZoom(place, {
    onView: () => latest.current.onView(),
    onMoved: (view) => {
      chosen.current = latest.current.key;
      clearTimeout(writing.current);
      writing.current = window.setTimeout(() => writeState({ zoom: { plan: chosen.current, ...view } satisfies ViewOfPlan }), 100);
    },
  });

  useEffect(() => {
    if (size.width === 0) return;
    zoom.limit(zoomLimits(scene.bounds, size), (view) => keepInSight(view, scene.bounds, size));
    const was = before.current;
    before.current = scene;
    if (chosen.current !== key) {
      const stored = storedView(key);
      if (stored) chosen.current = key;
      const root = scene.levels[0]?.boxes[0];
      zoom.moveTo(stored ?? firstView(scene.bounds, size, root), false);
    } else if (was !== scene && selected !== undefined) {
      // Folding moves everything; what was folded stays under the eye.
      zoom.moveTo(keepInPlace(was.byId.get(selected), scene.byId.get(selected), zoom.current()), false);
    }
  }, [scene, size, key]);
  useEffect(() => {
    const box = selected === undefined ? undefined : scene.byId.get(selected);
    if (!box || size.width === 0) return;
    const view = zoom.current();
    const revealed = reveal(box, view, size);
    if (revealed !== view) zoom.moveTo(revealed, true);
  }, [selected, scene, size]);

  return useMemo(
    () => ({
      current: zoom.current,
      scaleBy: zoom.scaleBy,
      showAll() {
        chosen.current = latest.current.key;
        zoom.moveTo(fit(latest.current.scene.bounds, latest.current.size, 0), true);
      },
      lookAt(x, y) {
        const { k } = zoom.current();
        chosen.current = latest.current.key;
        zoom.moveTo({ k, x: latest.current.size.width / 2 - x * k, y: latest.current.size.height / 2 - y * k }, false);
      },
    }),
    [zoom],
  );
}

function storedView(key: string): View | undefined {
  const stored = readState()["zoom"];
  return isView(stored) && stored.plan === key ? stored : undefined;
}
