import type { Buffers, Plan, PlanNode } from "#protocol/plan";
import { formatCost, formatFactor, formatShare, formatShort, formatTime } from "../common/numbers.js";
import { heatOf, type Heat } from "./heat.js";
import { estimatedTotal, misestimateOf, selfShare, selfTime, subjectOf, type Misestimate } from "./planIndex.js";

/** What a card says, apart from how it is drawn. */
export interface Card {
  readonly type: string;
  readonly icon: string;
  readonly caption: string | undefined;
  readonly subject: string | undefined;
  /** Self time and share, or the costs of a plan that was not run. */
  readonly primary: string;
  readonly share: string | undefined;
  readonly loops: string | undefined;
  readonly rows: string | undefined;
  readonly estimate: string | undefined;
  readonly misestimate: (Misestimate & { readonly label: string }) | undefined;
  readonly buffers: string | undefined;
  readonly heat: Heat;
  /** Length of the bar, 0 to 1: self time of the execution time, or total cost of the root's. */
  readonly bar: number;
  readonly never: boolean;
}

export function cardOf(plan: Plan, root: PlanNode | undefined, node: PlanNode): Card {
  const share = selfShare(plan, node);
  const estimate = node.neverExecuted ? undefined : estimatedTotal(node);
  const misestimate = misestimateOf(node);
  return {
    type: node.operation,
    icon: iconOf(node.type),
    caption: node.subplanName,
    subject: subjectOf(node),
    primary: primaryOf(node),
    share: share === undefined ? undefined : formatShare(share),
    loops: node.loops !== undefined && node.loops > 1 ? `${formatShort(node.loops)} loops` : undefined,
    rows:
      node.neverExecuted || node.rows === undefined
        ? undefined
        : `${formatShort(node.rows)} ${Math.round(node.rows) === 1 ? "row" : "rows"}`,
    estimate: estimate === undefined ? undefined : `${formatShort(estimate)} estimated`,
    misestimate: misestimate && { ...misestimate, label: formatFactor(misestimate.ratio) },
    buffers: buffersText(node.selfBuffers),
    heat: heatOf(share),
    bar: barOf(plan, root, node, share),
    never: node.neverExecuted,
  };
}

function primaryOf(node: PlanNode): string {
  if (node.neverExecuted) return "never executed";
  const self = selfTime(node);
  if (self !== undefined) return formatTime(self);
  return node.totalCost === undefined ? "" : `cost ${formatCost(node.startupCost ?? 0)} … ${formatCost(node.totalCost)}`;
}

function barOf(plan: Plan, root: PlanNode | undefined, node: PlanNode, share: number | undefined): number {
  if (share !== undefined) return share;
  if (plan.analyzed || !root?.totalCost || node.totalCost === undefined) return 0;
  return Math.min(1, node.totalCost / root.totalCost);
}

export function buffersText(own: Buffers | undefined): string | undefined {
  const said = own && bufferParts(own).filter(([blocks]) => blocks > 0);
  return said?.length ? said.map(([blocks, word]) => `${formatShort(blocks)} ${word}`).join(" · ") : undefined;
}

function bufferParts(own: Buffers): readonly (readonly [number, string])[] {
  return [
    [own.sharedHit, "hit"],
    [own.sharedRead, "read"],
    [own.tempRead + own.tempWritten, "temp"],
  ];
}

// In order: the first word that the type contains decides.
const icons: readonly (readonly [string, string])[] = [
  ["Index", "list-tree"],
  ["Bitmap", "list-tree"],
  ["Scan", "table"],
  ["Join", "combine"],
  ["Nested Loop", "combine"],
  ["Sort", "sort-precedence"],
  ["Aggregate", "symbol-operator"],
  ["Group", "symbol-operator"],
  ["Gather", "organization"],
  ["Limit", "filter"],
  ["Hash", "symbol-numeric"],
  ["Append", "layers"],
  ["ModifyTable", "edit"],
  ["Insert", "edit"],
  ["Update", "edit"],
  ["Delete", "edit"],
];

export function iconOf(type: string): string {
  return icons.find(([word]) => type.includes(word))?.[1] ?? "circle-small-filled";
}

const width = 244;
const line = 18;
const padding = 20;

/** A card's size follows from its lines alone, so that the layout needs no browser. */
export function measureCard(card: Card): { width: number; height: number } {
  return sizeOfLines([card.caption, card.type, card.subject, card.primary, card.rows ?? card.estimate, card.buffers]);
}

/** The same from the node, without making the card: of ten thousand nodes a few are seen. */
export function measureNode(node: PlanNode): { width: number; height: number } {
  const { neverExecuted: never } = node;
  return sizeOfLines([
    node.subplanName,
    node.type,
    node.index ?? node.relation ?? node.alias,
    never || selfTime(node) !== undefined || node.totalCost !== undefined,
    !never && (node.rows ?? node.estimatedRows) !== undefined,
    node.selfBuffers && bufferParts(node.selfBuffers).some(([blocks]) => blocks > 0),
  ]);
}

function sizeOfLines(lines: readonly unknown[]): { width: number; height: number } {
  return { width, height: padding + lines.filter(Boolean).length * line };
}

/** The whole card in a sentence, for those who hear it. */
export function spokenCard(card: Card, insights: number): string {
  const misestimate =
    card.misestimate &&
    `${card.misestimate.label.replace("×", " times").replace("≤", "up to")} ${card.misestimate.direction} rows than estimated`;
  const parts = [
    card.caption,
    card.subject ? `${card.type} on ${card.subject}` : card.type,
    card.share ? `self ${card.primary}, ${card.share} of the execution time` : card.primary,
    card.loops,
    card.rows,
    card.estimate,
    misestimate,
    card.buffers && `buffers ${card.buffers}`,
    insights > 0 ? `${insights} ${insights === 1 ? "finding" : "findings"}` : undefined,
  ];
  return parts.filter(Boolean).join(", ");
}
