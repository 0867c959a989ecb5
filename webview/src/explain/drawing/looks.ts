import { cardOf, measureCard, measureNode, type Card } from "../card.js";
import { groupHeatScale, heatScale, type HeatMeasure, type Warmth } from "../heat.js";
import type { PlanIndex } from "../planIndex.js";
import { groupCard } from "../tree/groupCard.js";
import { nodesOf } from "../tree/partitions.js";
import type { Shown } from "../tree/shownTree.js";
import type { Size } from "./layoutPlan.js";
import type { Severity } from "#protocol/finding";
import { bySeverity } from "../../common/severityOrder.js";

/** What is told of each node, made when it first comes into sight. */
export interface Cards {
  readonly cardOf: (shown: Shown) => Card;
  readonly sizeOf: (shown: Shown) => Size;
  readonly severityOf: (shown: Shown) => Severity | undefined;
}

export function cardsOf(index: PlanIndex): Cards {
  const card = remembered((shown) => (shown.group ? groupCard(index, shown.group) : cardOf(index.plan, index.root, shown.node)));
  const worst = (shown: Shown) =>
    (shown.group ? nodesOf(index, shown.group) : [shown.node]).flatMap(({ id }) => index.insights.get(id)?.[0] ?? []).sort(bySeverity)[0]
      ?.severity;
  return {
    cardOf: card,
    sizeOf: (shown) => (shown.group ? measureCard(card(shown)) : measureNode(shown.node)),
    severityOf: remembered(worst),
  };
}

/** How warm what is shown is, by one measure. */
export function warmthsOf(index: PlanIndex, measure: HeatMeasure): (shown: Shown) => Warmth | undefined {
  const node = heatScale(index, measure);
  const group = groupHeatScale(index, measure);
  return remembered((shown) => {
    if (!shown.group) return node(shown.node);
    const warmth = group(shown.group);
    // Shown one by one, the members carry their heat themselves.
    return warmth && shown.expanded ? { ...warmth, heat: 0 } : warmth;
  });
}

/** A group that is folded and the same unfolded are two. */
function remembered<T>(make: (shown: Shown) => T): (shown: Shown) => T {
  const known = new Map<string, T>();
  return (shown) => {
    const key = shown.group ? `${shown.expanded} ${shown.id}` : shown.id;
    if (known.has(key)) return known.get(key) as T;
    const made = make(shown);
    known.set(key, made);
    return made;
  };
}
