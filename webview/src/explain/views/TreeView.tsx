import { useMemo } from "preact/hooks";
import { PlanDrawing } from "../drawing/PlanDrawing.js";
import { Outline } from "../outline/Outline.js";
import { shownTree } from "../tree/shownTree.js";
import type { PlanViewProps } from "../usePlanView.js";

/** The drawing, and beside it the same tree for the keyboard and for those who hear it. */
export function TreeView(props: PlanViewProps) {
  const { index, view } = props;
  const tree = useMemo(() => shownTree(index, view), [index, view.folded, view.unfolded]);
  return (
    <div class="views">
      <PlanDrawing {...props} tree={tree} />
      <Outline {...props} tree={tree} />
    </div>
  );
}
