import { useMemo, useState } from "preact/hooks";
import type { ComparedPlan } from "#protocol/pages";
import { PlanDrawing } from "../explain/drawing/PlanDrawing.js";
import { indexPlan } from "../explain/planIndex.js";
import { shownTree } from "../explain/tree/shownTree.js";
import type { PlanViewActions } from "../explain/usePlanView.js";
import { choose, firstChoices, viewOf, type ViewAction } from "../explain/viewState.js";
import type { Comparison } from "./model.js";

interface SideBySideProps {
  readonly comparison: Comparison;
  /** Of the compared node. */
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** Both plans drawn, with the same step selected in both. Hidden from assistive technology, which has the merged tree. */
export function SideBySide({ comparison: { before, after, comparison }, selected, onSelect }: SideBySideProps) {
  const node = comparison.nodes.find(({ id }) => id === selected);
  const select = (side: "before" | "after", id: string) => {
    const found = comparison.nodes.find((candidate) => candidate[side] === id);
    if (found) onSelect(found.id);
  };
  return (
    <div class="side-by-side">
      <Side title="Before" shown={before} selected={node?.before} onSelect={(id) => select("before", id)} />
      <Side title="After" shown={after} selected={node?.after} onSelect={(id) => select("after", id)} />
    </div>
  );
}

interface SideProps {
  readonly title: string;
  readonly shown: ComparedPlan;
  /** Absent where this plan does not have the selected step. */
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

function Side({ title, shown, selected, onSelect }: SideProps) {
  const index = useMemo(() => indexPlan(shown.plan), [shown]);
  const [choices, setChoices] = useState(firstChoices);
  const view = useMemo(
    () => viewOf(index, selected === undefined ? choices : choose(index, choices, { type: "select", node: selected })),
    [index, choices, selected],
  );
  const tree = useMemo(() => shownTree(index, view), [index, view.folded, view.unfolded]);
  const actions = useMemo((): PlanViewActions => {
    const act = (action: ViewAction) => setChoices((now) => choose(index, now, action));
    return {
      ...{ select: onSelect, open: onSelect, find: onSelect },
      ...{ showTab: () => undefined, showSide: () => undefined },
      setMeasure: (measure) => act({ type: "measure", measure }),
      setSearch: (text) => act({ type: "search", text }),
      nextMatch: (step) => act({ type: "match", step }),
      fold: (id, open) => act({ type: "fold", id, open }),
    };
  }, [index, onSelect]);
  return (
    <section aria-label={title}>
      <h2>
        {title} <span class="muted">{selected === undefined ? "This plan does not have the selected step." : shown.label}</span>
      </h2>
      <PlanDrawing {...{ index, view, actions, tree }} />
    </section>
  );
}
