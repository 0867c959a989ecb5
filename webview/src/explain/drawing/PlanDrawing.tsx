import { useEffect, useMemo, useRef } from "preact/hooks";
import { Icon } from "../../common/Icon.js";
import type { PlanViewProps } from "../usePlanView.js";
import { standIn, type Shown, type ShownTree } from "../tree/shownTree.js";
import { Legend } from "./Legend.js";
import { cardsOf, warmthsOf } from "./looks.js";
import { frameMinimap, Minimap } from "./Minimap.js";
import type { CardLook } from "./paintCard.js";
import { paintScene, type Looks } from "./paintScene.js";
import { sceneOf } from "./scene.js";
import { Tooltip } from "./Tooltip.js";
import { useFrame, usePixelRatio, useSize } from "./useCanvas.js";
import { usePointer } from "./usePointer.js";
import { useTheme } from "./useTheme.js";
import { useView } from "./useView.js";
import type { Ink } from "./ink.js";

/** The tree as cards and edges. Hidden from assistive technology, which has the outline; keys work there too. */
export function PlanDrawing({ index, view, actions, tree }: PlanViewProps & { readonly tree: ShownTree }) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const inSight = useRef<HTMLDivElement>(null);
  const theme = useTheme(place);
  const ratio = usePixelRatio();
  const size = useSize(place);
  const cards = useMemo(() => cardsOf(index), [index]);
  const warmthOf = useMemo(() => warmthsOf(index, view.measure), [index, view.measure]);
  const scene = useMemo(() => sceneOf(tree, cards.sizeOf), [tree, cards]);
  const selected = standIn(tree, index, view)?.id;
  const isMatch = useMemo(() => matchTest(view.search !== "", view.matched), [view.search, view.matched]);
  const clipped = useMemo((): Ink["clipped"] => new Map(), [theme]);

  const zoom = useView(place, { scene, size, selected, key: index.key, onView: () => requestPaint() });
  const pointer = usePointer(place, { scene, zoom, actions });
  const looks = useMemo(
    (): Looks => ({
      of: (shown): CardLook => ({
        card: cards.cardOf(shown),
        warmth: warmthOf(shown),
        severity: cards.severityOf(shown),
        selected: shown.id === selected,
        hovered: shown.id === pointer.hovered?.id,
        matched: isMatch(shown),
        stacked: shown.group !== undefined && !shown.expanded,
      }),
      block: (shown) => ({ heat: warmthOf(shown)?.heat ?? 0, matched: isMatch(shown) === true }),
      selected,
    }),
    [cards, warmthOf, selected, pointer.hovered, isMatch],
  );
  const requestPaint = useFrame(() => {
    const context = canvas.current?.getContext("2d", { alpha: false });
    if (!context || !theme || size.width === 0) return;
    paintScene({ context, theme, clipped }, scene, looks, zoom.current(), size, ratio);
    if (inSight.current) frameMinimap(inSight.current, scene.bounds, zoom.current(), size);
    // For those who measure; one mark is kept, not one per frame.
    performance.clearMarks("plan painted");
    performance.mark("plan painted");
  });
  useEffect(requestPaint, [scene, looks, theme, size, ratio]);

  return (
    <div class="drawing">
      <div class={`viewport${pointer.hovered ? " over" : ""}`} ref={place} aria-hidden="true">
        <canvas
          ref={canvas}
          width={Math.round(size.width * ratio)}
          height={Math.round(size.height * ratio)}
          style={{ width: `${size.width}px`, height: `${size.height}px` }}
        />
        {pointer.explained && (
          <Tooltip
            box={pointer.explained}
            card={cards.cardOf(pointer.explained.shown)}
            warmth={warmthOf(pointer.explained.shown)}
            measure={view.measure}
            view={zoom.current()}
            size={size}
          />
        )}
      </div>
      <Legend measure={view.measure} />
      <div class="drawing-tools">
        {theme && (
          <div aria-hidden="true">
            <Minimap scene={scene} looks={looks} theme={theme} ratio={ratio} frame={inSight} onLookAt={zoom.lookAt} />
          </div>
        )}
        <div class="zoom-buttons" role="group" aria-label="Zoom">
          <ZoomButton icon="zoom-in" label="Zoom in" onPress={() => zoom.scaleBy(1.25)} />
          <ZoomButton icon="zoom-out" label="Zoom out" onPress={() => zoom.scaleBy(0.8)} />
          <ZoomButton icon="screen-full" label="Show the whole plan" onPress={zoom.showAll} />
        </div>
      </div>
    </div>
  );
}

function ZoomButton({ icon, label, onPress }: { icon: string; label: string; onPress: () => void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

/** A group is found when one of its members is. */
function matchTest(searching: boolean, matched: ReadonlySet<string>): (shown: Shown) => boolean | undefined {
  if (!searching) return () => undefined;
  return ({ node, group }) => (group ? group.members.some(({ id }) => matched.has(id)) : matched.has(node.id));
}
