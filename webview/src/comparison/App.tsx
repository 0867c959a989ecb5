import { useEffect, useMemo, useState } from "preact/hooks";
import { onMessage, post } from "../common/host.js";
import { isString, usePersisted } from "../common/usePersisted.js";
import { Header } from "./Header.js";
import { MergedTree } from "./MergedTree.js";
import { firstOf, measureOf, type Comparison } from "./model.js";
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

function Shown({ comparison }: { comparison: Comparison }) {
  const { nodes } = comparison.comparison;
  const measure = useMemo(() => measureOf(nodes), [nodes]);
  const [stored, select] = usePersisted("selected", "", isString);
  const node = nodes.find(({ id }) => id === stored) ?? nodes.find(({ id }) => id === firstOf(nodes, measure));
  return (
    <>
      <Header comparison={comparison} />
      <div class="result">
        <main>
          <MergedTree nodes={nodes} measure={measure} selected={node?.id ?? ""} onSelect={select} />
        </main>
        <aside aria-label="Step">{node && <Step key={node.id} node={node} comparison={comparison} />}</aside>
      </div>
    </>
  );
}
