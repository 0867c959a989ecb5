import { PlanDrawing } from "../drawing/PlanDrawing.js";
import { Outline } from "../outline/Outline.js";
import type { PlanViewProps } from "../usePlanView.js";

/** The drawing, and beside it the same tree for the keyboard and for those who hear it. */
export function TreeView(props: PlanViewProps) {
  return (
    <div class="views">
      <PlanDrawing {...props} />
      <Outline {...props} />
    </div>
  );
}
