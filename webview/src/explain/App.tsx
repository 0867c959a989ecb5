import { useCallback, useEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { FailureView } from "../common/FailureView.js";
import { Icon } from "../common/Icon.js";
import { Tabs } from "../common/Tabs.js";
import { CodeView } from "../common/CodeView.js";
import { onMessage, post } from "../common/host.js";
import { isString, oneOf, usePersisted } from "../common/usePersisted.js";
import { Advice } from "./advice/Advice.js";
import { Details } from "./details/Details.js";
import { PlanDrawing } from "./drawing/PlanDrawing.js";
import { Header } from "./Header.js";
import { Outline } from "./outline/Outline.js";
import { receive, type Explained } from "./pageState.js";
import { indexPlan, startingNode, type PlanIndex } from "./planIndex.js";
import { planFile } from "./planFile.js";

export function App() {
  const [state, dispatch] = useReducer(receive, {});
  useEffect(() => {
    const stop = onMessage(dispatch);
    post({ type: "ready" });
    return stop;
  }, []);
  const { explained, running, failure } = state;
  const index = useMemo(() => explained && indexPlan(explained.result.plan), [explained]);
  return (
    <div class="page">
      <Header state={state} index={index} />
      {failure &&
        (explained ? (
          <FailureView failure={failure} />
        ) : (
          <main>
            <FailureView failure={failure} />
          </main>
        ))}
      {explained && index?.root ? <Result explained={explained} index={index} /> : !failure && <Empty running={running !== undefined} />}
    </div>
  );
}

function Empty({ running }: { running: boolean }) {
  return (
    <main class="empty">
      <Icon name={running ? "loading" : "type-hierarchy-sub"} class={running ? "codicon-modifier-spin" : ""} />
      <p>{running ? "PostgreSQL is planning the statement." : "No plan yet."}</p>
      {!running && <p class="muted">Put the cursor into a statement and run “Explain This Query”.</p>}
    </main>
  );
}

type MainTab = "plan" | "sql" | "raw";
type SideTab = "advice" | "node";

function Result({ explained, index }: { explained: Explained; index: PlanIndex }) {
  const { result } = explained;
  const [stored, setSelected] = usePersisted("selected", "", isString);
  const [mainTab, setMainTab] = usePersisted<MainTab>("mainTab", "plan", oneOf("plan", "sql", "raw"));
  const [sideTab, setSideTab] = usePersisted<SideTab>("sideTab", "advice", oneOf("advice", "node"));
  const selected = index.nodes.has(stored) ? stored : startingNode(index);
  const node = index.nodes.get(selected);
  const side = useRef<HTMLElement>(null);

  const showNode = useCallback((id: string) => {
    setSelected(id);
    setSideTab("node");
  }, []);
  const showInsight = useCallback((id: string) => {
    setSelected(id);
    setMainTab("plan");
  }, []);
  const openNode = useCallback((id: string) => {
    showNode(id);
    side.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  }, []);
  const file = useMemo(() => planFile(index.plan), [index]);
  const count = index.plan.insights.length + result.suggestions.length;

  return (
    <div class="result">
      <main>
        {result.notes.length > 0 && (
          <ul class="notes">
            {result.notes.map((note) => (
              <li key={note}>
                <Icon name="info" />
                <span class="wraps">{note}</span>
              </li>
            ))}
          </ul>
        )}
        <Tabs<MainTab>
          label="Views of the plan"
          selected={mainTab}
          onSelect={setMainTab}
          tabs={[
            {
              id: "plan",
              label: "Plan",
              render: () => (
                <div class="views">
                  <PlanDrawing index={index} selected={selected} onSelect={showNode} />
                  <Outline index={index} selected={selected} onSelect={showNode} onOpen={openNode} />
                </div>
              ),
            },
            { id: "sql", label: "SQL", render: () => <CodeView key="sql" text={result.sql} language="pgsql" label="SQL" /> },
            {
              id: "raw",
              label: "Raw plan",
              render: () => (
                <CodeView
                  key="raw"
                  text={index.plan.source}
                  language={file.json ? "json" : "plaintext"}
                  label="Plan as PostgreSQL sent it"
                />
              ),
            },
          ]}
        />
      </main>
      <aside ref={side} aria-label="Advice and details">
        <Tabs<SideTab>
          label="Advice and details"
          selected={sideTab}
          onSelect={setSideTab}
          tabs={[
            {
              id: "advice",
              label: "Advice",
              count,
              render: () => <Advice index={index} suggestions={result.suggestions} selected={selected} onSelect={showInsight} />,
            },
            { id: "node", label: "Node", render: () => (node ? <Details key={node.id} index={index} node={node} /> : null) },
          ]}
        />
      </aside>
    </div>
  );
}
