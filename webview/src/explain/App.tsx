import { useEffect, useMemo, useReducer } from "preact/hooks";
import { FailureView } from "../common/FailureView.js";
import { Icon } from "../common/Icon.js";
import { onMessage, post } from "../common/host.js";
import { Header } from "./frame/Header.js";
import { Result } from "./frame/Result.js";
import { receive } from "./pageState.js";
import { indexPlan } from "./planIndex.js";

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
