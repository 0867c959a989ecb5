import type { IndexSuggestion } from "#protocol/advice";
import type { RefObject } from "preact";
import { Tabs } from "../../common/Tabs.js";
import { Advice } from "../advice/Advice.js";
import { Details } from "../details/Details.js";
import type { PlanViewProps } from "../usePlanView.js";
import type { SideTab } from "../viewState.js";

interface SideProps extends PlanViewProps {
  readonly suggestions: readonly IndexSuggestion[];
  readonly place: RefObject<HTMLElement | null>;
}

/** Beside the views: what is wrong with the plan, and everything of the selected node. */
export function Side({ index, view, actions, suggestions, place }: SideProps) {
  const node = index.nodes.get(view.selected);
  return (
    <aside ref={place} aria-label="Advice and details">
      <Tabs<SideTab>
        label="Advice and details"
        selected={view.side}
        onSelect={actions.showSide}
        tabs={[
          {
            id: "advice",
            label: "Advice",
            count: index.plan.insights.length + suggestions.length,
            render: () => <Advice index={index} suggestions={suggestions} selected={view.selected} onSelect={actions.find} />,
          },
          { id: "node", label: "Node", render: () => (node ? <Details key={node.id} index={index} node={node} /> : null) },
        ]}
      />
    </aside>
  );
}
