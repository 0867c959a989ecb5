import type { ComponentChildren } from "preact";
import type { Fact } from "./groups.js";

interface FactListProps {
  readonly facts: readonly Fact[];
  /** What stands for the value, and below the line. */
  readonly value?: (fact: Fact) => ComponentChildren;
  readonly below?: (fact: Fact) => ComponentChildren;
}

export function FactList({ facts, value, below }: FactListProps) {
  return (
    <dl>
      {facts.map((fact) => (
        <div key={fact.label} class={fact.long ? "long" : ""}>
          <dt>{fact.label}</dt>
          <dd class="wraps">{value?.(fact) ?? fact.value}</dd>
          {below && <dd class="below">{below(fact)}</dd>}
        </div>
      ))}
    </dl>
  );
}
