import type { Change, PlanComparison } from "#protocol/comparison";
import { Button } from "../common/Button.js";
import { post } from "../common/host.js";
import { formatCost, formatCount, formatTime } from "../common/numbers.js";
import type { Comparison } from "./model.js";

export function Header({ comparison: { before, after, comparison } }: { comparison: Comparison }) {
  return (
    <header>
      <div class="headline">
        <div class="what">
          <h1 class="wraps">{comparison.summary}</h1>
          <p class="origin muted">
            <span class="side">
              <b>Before</b> {before.label}
            </span>
            <span class="side">
              <b>After</b> {after.label}
            </span>
          </p>
        </div>
        <div class="actions" role="toolbar" aria-label="Comparison">
          <Button icon="arrow-swap" label="Swap" onPress={() => post({ type: "swap" })} />
        </div>
      </div>
      <Totals comparison={comparison} />
    </header>
  );
}

function Totals({ comparison: { executionTimeMs, planningTimeMs, blocks, cost, indexes } }: { comparison: PlanComparison }) {
  const strong = executionTimeMs ? "time" : "cost";
  return (
    <div class="summary">
      <dl>
        <Figure label="Execution" change={executionTimeMs} show={formatTime} strong={strong === "time"} />
        <Figure label="Cost" change={cost} show={formatCost} strong={strong === "cost"} />
        <Figure label="Planning" change={planningTimeMs} show={formatTime} />
        <Figure label="Blocks" change={blocks} show={formatCount} />
        <Names label="Indexes used by both" names={indexes.both} />
        <Names label="Only before" names={indexes.onlyBefore} />
        <Names label="Only after" names={indexes.onlyAfter} />
      </dl>
    </div>
  );
}

interface FigureProps {
  readonly label: string;
  readonly change: Change | undefined;
  readonly show: (value: number) => string;
  readonly strong?: boolean;
}

function Figure({ label, change, show, strong }: FigureProps) {
  if (!change) return null;
  const text = (value: number | undefined) => (value === undefined ? "not known" : show(value));
  return (
    <div class={`figure${strong ? " strong" : ""}`}>
      <dt>{label}</dt>
      <dd>
        {text(change.before)} → {text(change.after)}
      </dd>
    </div>
  );
}

function Names({ label, names }: { label: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd class="names">{names.join(", ")}</dd>
    </div>
  );
}
