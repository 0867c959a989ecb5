import { Tabs, type Tab } from "../../common/Tabs.js";
import type { SqlFragment } from "#protocol/explained";
import type { PlanViewProps } from "../usePlanView.js";
import type { PlanTab } from "../viewState.js";
import { FlameView } from "../flame/Flame.js";
import { Tools } from "../frame/Tools.js";
import { TableView } from "../table/Table.js";
import { SqlView } from "../text/SqlView.js";
import { TextView } from "../text/TextView.js";
import { TreeView } from "./TreeView.js";

/** The ways to look at the plan, one at a time. */
export function Views({ sql, fragments, ...props }: PlanViewProps & { readonly sql: string; readonly fragments: readonly SqlFragment[] }) {
  const tabs: readonly Tab<PlanTab>[] = [
    { id: "tree", label: "Tree", render: () => <TreeView {...props} /> },
    { id: "table", label: "Table", render: () => <TableView {...props} /> },
    { id: "flame", label: "Icicle", render: () => <FlameView {...props} /> },
    { id: "text", label: "Text", render: () => <TextView key="text" {...props} /> },
    { id: "sql", label: "SQL", render: () => <SqlView key="sql" {...props} sql={sql} fragments={fragments} /> },
  ];
  return (
    <Tabs<PlanTab>
      label="Views of the plan"
      selected={props.view.tab}
      onSelect={props.actions.showTab}
      tabs={tabs}
      extra={<Tools {...props} />}
    />
  );
}
