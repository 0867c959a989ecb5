import { formatShort } from "../../common/numbers.js";
import { heatScale, measureLabels, type HeatMeasure } from "../heat.js";
import type { PlanIndex } from "../planIndex.js";
import { groupCard } from "./groupCard.js";
import type { PartitionGroup } from "./partitions.js";

interface GroupDetailsProps {
  readonly index: PlanIndex;
  readonly group: PartitionGroup;
  readonly measure: HeatMeasure;
  readonly onSelect: (id: string) => void;
}

const shown = 50;

/** Several partitions together: their sums, and which of them weigh most. */
export function GroupDetails({ index, group, measure, onSelect }: GroupDetailsProps) {
  const card = groupCard(index, group);
  const scale = heatScale(index, measure);
  const heaviest = group.members
    .map((node) => ({ node, warmth: scale(node) }))
    .sort((a, b) => (b.warmth?.part ?? -1) - (a.warmth?.part ?? -1))
    .slice(0, shown);
  const facts = [
    ["Self time, all below included", card.share === undefined ? undefined : `${card.primary}, ${card.share}`],
    ["Rows", card.rows],
    ["Estimate", card.estimate],
    ["Rows against the estimate", card.misestimate && `${card.misestimate.label} ${card.misestimate.direction}`],
    ["Buffers", card.buffers],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
  return (
    <div class="details">
      <h2 class="wraps">{card.type}</h2>
      <p class="muted wraps">Partitions with the same plan, shown as one. The numbers are sums.</p>
      <section>
        <dl>
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd class="wraps">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <h3>
          By {measureLabels[measure].toLowerCase()}
          {group.members.length > shown && `, the first ${shown} of ${formatShort(group.members.length)}`}
        </h3>
        <ul class="members">
          {heaviest.map(({ node, warmth }) => (
            <li key={node.id}>
              <button type="button" class="link clips" onClick={() => onSelect(node.id)}>
                {node.relation ?? node.title}
              </button>
              <span class="muted">{node.neverExecuted ? "never executed" : warmth?.label}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
