import type { Recommendation } from "#protocol/report";
import { CopyButton } from "../common/CopyButton.js";
import { Prose } from "../common/Prose.js";
import { SeverityIcon } from "../common/Severity.js";
import { Suggestion } from "../common/Suggestion.js";
import { bySeverity } from "../common/severityOrder.js";

const kinds: Record<Recommendation["kind"], string> = {
  index: "Index",
  "drop-index": "Drop index",
  rewrite: "Rewrite",
  setting: "Setting",
  code: "Code",
  migration: "Migration",
  schema: "Schema",
  pool: "Connection pool",
};

export function Recommendations({ recommendations }: { recommendations: readonly Recommendation[] }) {
  if (recommendations.length === 0) return null;
  return (
    <section>
      <h2>Recommendations</h2>
      <div class="recommendations">
        {[...recommendations]
          .sort(bySeverity)
          .map((one) => (one.index ? <Suggestion key={one.id} suggestion={one.index} /> : <Change key={one.id} recommendation={one} />))}
      </div>
    </section>
  );
}

function Change({ recommendation }: { recommendation: Recommendation }) {
  const { action, evidence } = recommendation;
  return (
    <article class="suggestion">
      <div class="suggestion-head">
        <h3 class="wraps">
          <SeverityIcon severity={recommendation.severity} /> {recommendation.title}
        </h3>
        <span class="kind muted">{kinds[recommendation.kind]}</span>
      </div>
      <p class="wraps">
        <Prose text={recommendation.why} />
      </p>
      {action && <pre class="code">{action}</pre>}
      {action && (
        <div class="actions">
          <CopyButton text={action} what={kinds[recommendation.kind]} label="Copy" />
        </div>
      )}
      {evidence.facts.length > 0 && (
        <details>
          <summary>Evidence: {evidence.level}</summary>
          <ul class="facts">
            {evidence.facts.map((fact) => (
              <li key={fact} class="wraps muted">
                {fact}
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  );
}
