import type { IndexSuggestion } from "#protocol/advice";
import { CopyButton } from "./CopyButton.js";
import { Icon } from "./Icon.js";
import { Prose } from "./Prose.js";
import { costChange, proofLabel } from "./proof.js";
import { formatBytes, formatCost } from "./numbers.js";

/** One index with its proof. Costs are the planner's, which are no times: said so where they stand. */
export function Suggestion({ suggestion }: { suggestion: IndexSuggestion }) {
  const { proof } = suggestion;
  const label = proofLabel(proof.method);
  const change = costChange(proof);
  return (
    <article class="suggestion">
      <div class="suggestion-head">
        <h3 class="wraps">
          {suggestion.table} ({suggestion.columns.join(", ")})
        </h3>
        <span class={`proof ${label.proved ? "proved" : "unproved"}`}>
          <Icon name={label.proved ? "verified-filled" : "question"} />
          {label.text}
        </span>
      </div>
      <p class="wraps">
        <Prose text={suggestion.reason} />
      </p>
      {change && (
        <div class="cost-change">
          <span class="before">{formatCost(change.before)}</span>
          <Icon name="arrow-right" />
          <span class="visually-hidden">to</span>
          <strong>{formatCost(change.after)}</strong>
          <span class="muted">planner cost</span>
          <span class="end saving">{change.text}</span>
          <div class="cost-bar" aria-hidden="true">
            <span style={{ width: `${change.rest * 100}%` }} />
          </div>
        </div>
      )}
      <pre class="code">{suggestion.ddl}</pre>
      <div class="actions">
        <CopyButton text={suggestion.ddl} what="CREATE INDEX" label="Copy CREATE INDEX" />
        {suggestion.sizeBytes !== undefined && <span class="muted">about {formatBytes(suggestion.sizeBytes)}</span>}
      </div>
      {proof.note && <p class="muted wraps">{proof.note}</p>}
      {(proof.planBefore || proof.planAfter) && (
        <details>
          <summary>Plan before and after</summary>
          {proof.planBefore && <PlanText title="Before" text={proof.planBefore} />}
          {proof.planAfter && <PlanText title="After" text={proof.planAfter} />}
        </details>
      )}
    </article>
  );
}

function PlanText({ title, text }: { title: string; text: string }) {
  return (
    <>
      <h4>{title}</h4>
      <pre class="code" tabIndex={0} aria-label={`Plan ${title.toLowerCase()}`}>
        {text}
      </pre>
    </>
  );
}
