import { useEffect, useReducer } from "preact/hooks";
import type { Failure } from "#protocol/failure";
import type { ToPage } from "#protocol/pages";
import type { Report } from "#protocol/report";
import { Button } from "../common/Button.js";
import { FailureView } from "../common/FailureView.js";
import { Icon } from "../common/Icon.js";
import { onMessage, post } from "../common/host.js";
import { formatTime } from "../common/numbers.js";
import { Findings } from "./Findings.js";
import { totals } from "./groups.js";
import { Analyzers, Metrics } from "./Outcomes.js";
import { Recommendations } from "./Recommendations.js";
import { SlowQueries } from "./SlowQueries.js";

interface State {
  readonly report?: Report;
  readonly running?: { readonly title: string; readonly cancellable: boolean };
  readonly failure?: Failure;
}

function receive(state: State, message: ToPage): State {
  switch (message.type) {
    case "report":
      return { report: message.report };
    case "running":
      return { report: state.report, running: message };
    case "failed":
      return { report: state.report, failure: message.failure };
    case "idle":
      return { report: state.report };
    case "explain":
    case "comparison":
      return state;
  }
}

export function App() {
  const [state, dispatch] = useReducer(receive, {});
  useEffect(() => {
    const stop = onMessage(dispatch);
    post({ type: "ready" });
    return stop;
  }, []);
  const { report, running, failure } = state;
  return (
    <div class="report">
      {running && <Running title={running.title} cancellable={running.cancellable} />}
      {failure &&
        (report ? (
          <FailureView failure={failure} />
        ) : (
          <main>
            <FailureView failure={failure} />
          </main>
        ))}
      {report ? <Content report={report} /> : !failure && !running && <Nothing />}
    </div>
  );
}

function Running({ title, cancellable }: { title: string; cancellable: boolean }) {
  return (
    <div class="running">
      <vscode-progress-bar aria-label={title} />
      <p role="status">{title} …</p>
      {cancellable && <Button primary icon="debug-stop" label="Stop" onPress={() => post({ type: "cancel" })} />}
    </div>
  );
}

function Nothing() {
  return (
    <main class="nothing-yet">
      <Icon name="graph" />
      <p>No report yet.</p>
      <p class="muted">Run “Write Report” to let the analyzers look at this workspace and its database.</p>
    </main>
  );
}

function Content({ report }: { report: Report }) {
  const created = new Date(report.createdAt);
  return (
    <main>
      <header>
        <h1>{report.title}</h1>
        <p class="muted">
          {[
            Number.isNaN(created.getTime()) ? report.createdAt : created.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" }),
            `depth ${report.depth} of 5`,
            report.database,
            `took ${formatTime(report.elapsedMs)}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </header>
      <dl class="tiles">
        {totals(report).map((total) => (
          <div key={total.label} class={total.bad ? "bad" : ""}>
            <dt>{total.label}</dt>
            <dd>{total.value.toLocaleString("en-US")}</dd>
          </div>
        ))}
      </dl>
      <Applied files={report.applied} />
      <Recommendations recommendations={report.recommendations} />
      <Findings findings={report.findings} />
      <SlowQueries queries={report.slowQueries} />
      <Metrics metrics={report.metrics} />
      <Analyzers outcomes={report.analyzers} />
    </main>
  );
}

function Applied({ files }: { files: readonly string[] }) {
  if (files.length === 0) return null;
  return (
    <section>
      <h2>Changed files</h2>
      <ul class="applied">
        {files.map((file) => (
          <li key={file}>
            <button type="button" class="link wraps" onClick={() => post({ type: "openSource", file, line: 1 })}>
              {file}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
