import type { PlanNode } from "#protocol/plan";
import { childrenOf, type PlanIndex } from "../planIndex.js";
import type { PlanViewState } from "../viewState.js";
import { partitionsOf, type PartitionGroup } from "./partitions.js";

/** A node as it is shown, or several partitions shown as one: a card of the drawing, a row of the outline. */
export interface Shown {
  /** The node's, or the group's. */
  readonly id: string;
  /** Of a group: its first member. */
  readonly node: PlanNode;
  readonly group: PartitionGroup | undefined;
  readonly parent: Shown | undefined;
  /** Those in sight: none below a folded one. */
  readonly children: readonly Shown[];
  /** Undefined for leaves. */
  readonly expanded: boolean | undefined;
  /** From 1, as aria-level counts. */
  readonly level: number;
  /** Place among the siblings, from 1. */
  readonly position: number;
  readonly siblings: number;
}

export interface ShownTree {
  readonly root: Shown | undefined;
  /** Top to bottom, parents before children. */
  readonly rows: readonly Shown[];
  readonly byId: ReadonlyMap<string, Shown>;
}

type Growing = { -readonly [K in keyof Shown]: Shown[K] } & { children: Shown[] };

/** What is in sight. Written as a loop: plans over many partitions are deep or wide beyond the stack. */
export function shownTree(index: PlanIndex, { folded, unfolded }: Pick<PlanViewState, "folded" | "unfolded">): ShownTree {
  const rows: Shown[] = [];
  const root = index.root && shownAs(index.root, undefined, undefined, 1, 1);
  const open = root ? [root] : [];
  for (let shown = open.pop(); shown; shown = open.pop()) {
    rows.push(shown);
    if (shown.group) shown.expanded = unfolded.has(shown.id);
    else if (shown.node.children.length > 0) shown.expanded = !folded.has(shown.id);
    if (!shown.expanded) continue;
    const below = shown.group ? shown.group.members : groupedChildren(index, shown.node);
    const parent = shown;
    const children = below.map((child, i) => shownBelow(child, parent, i + 1, below.length));
    shown.children = children;
    for (let i = children.length - 1; i >= 0; i--) open.push(children[i] as Growing);
  }
  return { root, rows, byId: new Map(rows.map((shown) => [shown.id, shown])) };
}

function shownBelow(child: PlanNode | PartitionGroup, parent: Growing, position: number, siblings: number): Growing {
  return "members" in child
    ? shownAs(child.members[0] as PlanNode, child, parent, position, siblings)
    : shownAs(child, undefined, parent, position, siblings);
}

function shownAs(
  node: PlanNode,
  group: PartitionGroup | undefined,
  parent: Growing | undefined,
  position: number,
  siblings: number,
): Growing {
  const level = (parent?.level ?? 0) + 1;
  return { id: group?.id ?? node.id, node, group, parent, children: [], expanded: undefined, level, position, siblings };
}

/** A node's children with each group in the place of its first member. */
function groupedChildren(index: PlanIndex, node: PlanNode): (PlanNode | PartitionGroup)[] {
  const children = childrenOf(index, node);
  const { byParent, byMember } = partitionsOf(index);
  if (!byParent.has(node.id)) return children;
  return children.flatMap((child): (PlanNode | PartitionGroup)[] => {
    const group = byMember.get(child.id);
    if (!group) return [child];
    return group.members[0] === child ? [group] : [];
  });
}

/** What stands for the selection, which may be hidden: its group or the folded node above it. */
export function standIn(
  tree: ShownTree,
  index: PlanIndex,
  { selected, group }: Pick<PlanViewState, "selected" | "group">,
): Shown | undefined {
  const chosen = group && tree.byId.get(group.id);
  if (chosen) return chosen;
  const { byMember } = partitionsOf(index);
  for (let id: string | undefined = selected; id !== undefined; id = index.nodes.get(id)?.parent) {
    const shown = tree.byId.get(id) ?? tree.byId.get(byMember.get(id)?.id ?? "");
    if (shown) return shown;
  }
  return undefined;
}
