import type { IndexSuggestion } from "#protocol/advice";
import { useMemo, useState } from "preact/hooks";
import { Icon } from "../../common/Icon.js";
import { formatCount } from "../../common/numbers.js";
import { bySeverity } from "../../common/severityOrder.js";
import { Suggestion } from "../../common/Suggestion.js";
import type { PlanIndex } from "../planIndex.js";
import { Insight } from "./Insight.js";

interface AdviceProps {
  readonly index: PlanIndex;
  readonly suggestions: readonly IndexSuggestion[];
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** The worst; a plan over thousands of partitions has thousands of findings, and making them all would hold up the first picture. */
const shownFirst = 30;

/** What is wrong with the plan and which index would help. */
export function Advice({ index, suggestions, selected, onSelect }: AdviceProps) {
  const [all, setAll] = useState(false);
  const insights = useMemo(() => [...index.plan.insights].sort(bySeverity), [index]);
  const hidden = all ? 0 : Math.max(0, insights.length - shownFirst);
  return (
    <div class="advice">
      <h2>Findings</h2>
      {insights.length === 0 && <Nothing analyzed={index.plan.analyzed} />}
      <ul>
        {insights.slice(0, insights.length - hidden).map((insight) => (
          <li key={`${insight.node} ${insight.rule} ${insight.message}`}>
            <Insight
              insight={insight}
              title={index.nodes.get(insight.node)?.title}
              current={insight.node === selected}
              onSelect={onSelect}
            />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          Show {formatCount(hidden)} more findings
        </button>
      )}
      {suggestions.length > 0 && <h2>Index suggestions</h2>}
      {suggestions.map((suggestion) => (
        <Suggestion key={suggestion.id} suggestion={suggestion} />
      ))}
    </div>
  );
}

function Nothing({ analyzed }: { analyzed: boolean }) {
  return (
    <p class="nothing">
      <Icon name={analyzed ? "pass" : "info"} />
      <span>
        {analyzed
          ? "None of the known problems shows in this plan."
          : "Nothing stands out in the estimates. Analyze runs the statement and measures every node."}
      </span>
    </p>
  );
}
