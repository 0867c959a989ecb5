import type { Buffers, PlanNode } from "#protocol/plan";
import { iconOf, buffersText, type Card } from "../card.js";
import { formatCost, formatFactor, formatShare, formatShort, formatTime } from "../../common/numbers.js";
import { heatOf, sumOf, worstMisestimate } from "../heat.js";
import { estimatedTotal, misestimateOf, selfTime, type PlanIndex } from "../planIndex.js";
import { nodesOf, type PartitionGroup } from "./partitions.js";

/** Several partitions on one card: what they took together with everything below them. */
export function groupCard(index: PlanIndex, group: PartitionGroup): Card {
  const { members } = group;
  const all = nodesOf(index, group);
  const time = sumOf(all.map(selfTime));
  const share = time === undefined || !index.plan.executionTimeMs ? undefined : Math.min(1, time / index.plan.executionTimeMs);
  const rows = sumOf(members.map((node) => (node.neverExecuted ? undefined : node.rows)));
  const estimate = sumOf(members.map((node) => (node.neverExecuted ? undefined : estimatedTotal(node))));
  const misestimate = misestimateOf(worstMisestimate(members));
  const never = members.filter((node) => node.neverExecuted).length;
  const first = members[0] as PlanNode;
  return {
    type: `${formatShort(members.length)} × ${first.type}`,
    icon: iconOf(first.type),
    caption: never > 0 ? `partitions, ${formatShort(never)} never executed` : "partitions",
    subject: subjectOf(members),
    primary: time === undefined ? costOf(members) : formatTime(time),
    share: share === undefined ? undefined : formatShare(share),
    loops: undefined,
    rows: rows === undefined ? undefined : `${formatShort(rows)} rows`,
    estimate: estimate === undefined ? undefined : `${formatShort(estimate)} estimated`,
    misestimate: misestimate && { ...misestimate, label: `≤ ${formatFactor(misestimate.ratio)}` },
    buffers: buffersText(sumOfBuffers(all)),
    heat: heatOf(share),
    bar: share ?? 0,
    never: never === members.length,
  };
}

function subjectOf(members: readonly PlanNode[]): string | undefined {
  const names = [members[0], members.at(-1)].map((node) => node?.relation ?? node?.alias);
  return names[0] && names[1] ? `${names[0]} … ${names[1]}` : names[0];
}

function costOf(members: readonly PlanNode[]): string {
  const cost = sumOf(members.map((node) => node.totalCost));
  return cost === undefined ? "" : `cost ${formatCost(cost)}`;
}

function sumOfBuffers(nodes: readonly PlanNode[]): Buffers | undefined {
  const [first, ...others] = nodes.flatMap((node) => node.selfBuffers ?? []);
  if (!first) return undefined;
  const sum = { ...first };
  for (const other of others) for (const key of Object.keys(sum) as (keyof Buffers)[]) sum[key] += other[key];
  return sum;
}
