import { useEffect, useMemo, useState } from "preact/hooks";
import { onMessage, post } from "../common/host.js";
import { Tabs } from "../common/Tabs.js";
import { isString, oneOf, usePersisted } from "../common/usePersisted.js";
import { Header } from "./Header.js";
import { MergedTree } from "./MergedTree.js";
import { firstOf, measureOf, type Comparison } from "./model.js";
import { SideBySide } from "./SideBySide.js";
import { Step } from "./Step.js";

export function App() {
  const [shown, setShown] = useState<Comparison | undefined>(undefined);
  useEffect(() => {
    const stop = onMessage((message) => {
      if (message.type === "comparison") setShown(message);
    });
    post({ type: "ready" });
    return stop;
  }, []);
  return <div class="page">{shown && <Shown comparison={shown} />}</div>;
}

type View = "merged" | "sides";

function Shown({ comparison }: { comparison: Comparison }) {
  const { nodes } = comparison.comparison;
  const measure = useMemo(() => measureOf(nodes), [nodes]);
  const [view, setView] = usePersisted<View>("tab", "merged", oneOf("merged", "sides"));
  const [stored, select] = usePersisted("selected", "", isString);
  const node = nodes.find(({ id }) => id === stored) ?? nodes.find(({ id }) => id === firstOf(nodes, measure));
  return (
    <>
      <Header comparison={comparison} />
      <div class="result">
        <main>
          <Tabs<View>
            label="Views of the comparison"
            selected={view}
            onSelect={setView}
            tabs={[
              {
                id: "merged",
                label: "One tree",
                render: () => <MergedTree nodes={nodes} measure={measure} selected={node?.id ?? ""} onSelect={select} />,
              },
              {
                id: "sides",
                label: "Side by side",
                render: () => <SideBySide comparison={comparison} selected={node?.id ?? ""} onSelect={select} />,
              },
            ]}
          />
        </main>
        <aside aria-label="Step">{node && <Step key={node.id} node={node} comparison={comparison} />}</aside>
      </div>
    </>
  );
}
