import { Tabs, type Tab } from "../../common/Tabs.js";
import { CodeView } from "../../common/CodeView.js";
import type { PlanViewProps } from "../usePlanView.js";
import type { PlanTab } from "../viewState.js";
import { TextView } from "./TextView.js";
import { TreeView } from "./TreeView.js";

/** The ways to look at the plan, one at a time. */
export function Views({ sql, ...props }: PlanViewProps & { readonly sql: string }) {
  const tabs: readonly Tab<PlanTab>[] = [
    { id: "tree", label: "Tree", render: () => <TreeView {...props} /> },
    { id: "text", label: "Text", render: () => <TextView key="text" {...props} /> },
    { id: "sql", label: "SQL", render: () => <CodeView key="sql" text={sql} language="pgsql" label="SQL" /> },
  ];
  return <Tabs<PlanTab> label="Views of the plan" selected={props.view.tab} onSelect={props.actions.showTab} tabs={tabs} />;
}
