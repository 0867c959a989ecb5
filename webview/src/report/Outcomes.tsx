import type { AnalyzerOutcome, Metric } from "#protocol/report";
import { Icon } from "../common/Icon.js";
import { formatCount, formatTime } from "../common/numbers.js";
import { analyzerTitles, phases } from "./groups.js";

export function Metrics({ metrics }: { metrics: readonly Metric[] }) {
  if (metrics.length === 0) return null;
  return (
    <section>
      <h2>Metrics</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Value</th>
            <th scope="col">Target</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <tr key={metric.name}>
              <th scope="row">
                {metric.label}
                {metric.note && <span class="metric-note muted wraps">{metric.note}</span>}
              </th>
              <td>{metric.value === undefined ? "not known" : `${formatCount(metric.value)} ${metric.unit}`.trim()}</td>
              <td class="muted">{metric.target}</td>
              <td>
                <MetricResult ok={metric.ok} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function MetricResult({ ok }: { ok: boolean | undefined }) {
  if (ok === undefined) return <span class="muted">–</span>;
  return (
    <span class={ok ? "met" : "missed"}>
      <Icon name={ok ? "pass" : "warning"} /> {ok ? "met" : "missed"}
    </span>
  );
}

const icons: Record<AnalyzerOutcome["status"], string> = { done: "pass", skipped: "debug-step-over", failed: "error" };

/** The four phases side by side, each with the analyzers that belong to it. */
export function Analyzers({ outcomes }: { outcomes: readonly AnalyzerOutcome[] }) {
  return (
    <section>
      <h2>Analyzers</h2>
      <div class="phases">
        {phases.map(([phase, title]) => {
          const own = outcomes.filter((outcome) => outcome.phase === phase);
          if (own.length === 0) return null;
          return (
            <div key={phase}>
              <h3>{title}</h3>
              <ul>
                {own.map((outcome) => (
                  <li key={outcome.analyzer} class={`outcome outcome-${outcome.status}`}>
                    <Icon name={icons[outcome.status]} />
                    <div>
                      <p>
                        {analyzerTitles[outcome.analyzer]}{" "}
                        <span class="muted">{outcome.status === "done" ? formatTime(outcome.elapsedMs) : outcome.status}</span>
                      </p>
                      <p class="muted wraps">{outcome.reason ?? outcome.summary}</p>
                    </div>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </div>
    </section>
  );
}
