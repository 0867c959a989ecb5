import type { IndexSuggestion } from "#protocol/advice";
import type { SqlFragment, TableFacts } from "#protocol/explained";
import type { RefObject } from "preact";
import { Tabs } from "../../common/Tabs.js";
import { Advice } from "../advice/Advice.js";
import { Details } from "../details/Details.js";
import { GroupDetails } from "../tree/GroupDetails.js";
import type { PlanViewProps } from "../usePlanView.js";
import type { SideTab } from "../viewState.js";

/** What is known around the plan. */
export interface Surroundings {
  readonly sql: string;
  readonly fragments: readonly SqlFragment[];
  readonly tables: readonly TableFacts[];
}

interface SideProps extends PlanViewProps, Surroundings {
  readonly suggestions: readonly IndexSuggestion[];
  readonly place: RefObject<HTMLElement | null>;
}

/** Beside the views: what is wrong with the plan, and everything of the selected node. */
export function Side({ suggestions, place, ...props }: SideProps) {
  const { index, view, actions } = props;
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
          { id: "node", label: "Node", render: () => <Selected {...props} /> },
        ]}
      />
    </aside>
  );
}

function Selected({ index, view, actions, sql, fragments, tables }: PlanViewProps & Surroundings) {
  const node = index.nodes.get(view.selected);
  if (view.group)
    return <GroupDetails key={view.group.id} index={index} group={view.group} measure={view.measure} onSelect={actions.select} />;
  return node ? <Details key={node.id} {...{ index, node, sql, fragments, tables }} onShowSql={() => actions.showTab("sql")} /> : null;
}
