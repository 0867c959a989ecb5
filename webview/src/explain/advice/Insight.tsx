import type { PlanInsight } from "#protocol/plan";
import { CopyButton } from "../../common/CopyButton.js";
import { Prose } from "../../common/Prose.js";
import { SeverityIcon } from "../../common/Severity.js";

interface InsightProps {
  readonly insight: PlanInsight;
  /** The node that it is about, as a line. */
  readonly title: string | undefined;
  readonly current: boolean;
  readonly onSelect: (id: string) => void;
}

/** One insight: what is wrong and what it costs, what to do, the statement that does it, and the figures on which it rests. */
export function Insight({ insight, title, current, onSelect }: InsightProps) {
  return (
    <>
      <button
        type="button"
        class={`insight${current ? " current" : ""}`}
        aria-current={current ? "true" : undefined}
        onClick={() => onSelect(insight.node)}
      >
        <SeverityIcon severity={insight.severity} />
        <span>
          <span class="wraps">
            <Prose text={insight.message} />
          </span>
          <span class="wraps muted">
            <Prose text={insight.advice} />
          </span>
          <span class="wraps where">{title}</span>
        </span>
      </button>
      {insight.sql !== undefined && (
        <div class="insight-more">
          <pre class="code">{insight.sql}</pre>
          <CopyButton text={insight.sql} what="statement" label="Copy the statement" />
        </div>
      )}
      {insight.evidence && insight.evidence.length > 0 && <Figures insight={insight} evidence={insight.evidence} />}
    </>
  );
}

function Figures({ insight, evidence }: { insight: PlanInsight; evidence: NonNullable<PlanInsight["evidence"]> }) {
  return (
    <details class="insight-more">
      <summary>Figures of {insight.rule}</summary>
      <dl>
        {evidence.map(({ label, value }) => (
          <div key={label}>
            <dt class="muted">{label}</dt>
            <dd class="wraps">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
