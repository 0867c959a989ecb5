import type { ComparedNode, PlanComparison } from "#protocol/comparison";
import type { Plan, PlanNode } from "#protocol/plan";
import { changesOf, subjectOf } from "./changes.js";
import { blocksOf, changeOf, differs, rootCost, rowsOf } from "./figures.js";
import { match } from "./match.js";
import { merge, type Merged } from "./merge.js";
import { outline } from "./outline.js";
import { summarise } from "./summary.js";

/**
 * Two plans of one statement, step by step. Steps are matched by what they read and by the set of sources below them, not by position, so
 * that another join order or another way of scanning is told as such.
 */
export function comparePlans(before: Plan, after: Plan): PlanComparison {
  const [first, second] = [outline(before), outline(after)];
  const both = before.analyzed && after.analyzed;
  const nodes = listed(merge(first, second, match(first, second)), both);
  const facts = {
    executionTimeMs: changeOf(before, after, (plan) => plan.executionTimeMs),
    planningTimeMs: changeOf(before, after, (plan) => plan.planningTimeMs),
    blocks: changeOf(before, after, (plan) => blocksOf(plan.buffers)),
    cost: changeOf(before, after, rootCost),
    nodes,
    indexes: indexesOf(before, after),
  };
  return { summary: summarise(facts), ...facts };
}

/** In preorder, numbered. Iterative: plans may be deeper than the stack. */
function listed(root: Merged | undefined, analyzed: boolean): ComparedNode[] {
  const nodes: ComparedNode[] = [];
  const waiting: { place: Merged; parent: ComparedNode | undefined }[] = root ? [{ place: root, parent: undefined }] : [];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { place, parent } = next;
    const node = compared(place, String(nodes.length), parent?.id, analyzed);
    parent?.children.push(node.id);
    nodes.push(node);
    for (const child of [...place.children].reverse()) waiting.push({ place: child, parent: node });
  }
  return nodes;
}

function compared({ before, after }: Merged, id: string, parent: string | undefined, analyzed: boolean): ComparedNode {
  const [old, now] = [before?.node, after?.node];
  const changes = old && now ? changesOf(old, now) : [];
  const kind = old && now ? (changes.length > 0 ? "changed" : "same") : now ? "added" : "removed";
  return {
    ...{ id, parent, children: [], before: old?.id, after: now?.id, kind },
    title: (now ?? old)!.title,
    subject: subjectOf((now ?? old)!),
    changes: [...changes],
    selfTimeMs: changeOf(old, now, (node) => node.selfWallTimeMs),
    timeDiffers: differs(timeOf(old), timeOf(now)),
    rows: changeOf(old, now, (node) => rowsOf(node, analyzed)),
    rowsDiffer: differs(countOf(old, analyzed), countOf(now, analyzed)),
    blocks: changeOf(old, now, (node) => blocksOf(node.selfBuffers)),
    cost: changeOf(old, now, (node) => node.totalCost),
  };
}

const timeOf = (node: PlanNode | undefined) => ({ value: node?.selfWallTimeMs, error: node?.selfErrorMs });
const countOf = (node: PlanNode | undefined, analyzed: boolean) => ({ value: node && rowsOf(node, analyzed), error: node?.rowsError });

function indexesOf(before: Plan, after: Plan): PlanComparison["indexes"] {
  const names = (plan: Plan): Set<string> => new Set(plan.nodes.flatMap(({ index }) => index ?? []));
  const [old, now] = [names(before), names(after)];
  const sorted = (list: Iterable<string>): string[] => [...list].sort();
  return {
    both: sorted([...old].filter((name) => now.has(name))),
    onlyBefore: sorted([...old].filter((name) => !now.has(name))),
    onlyAfter: sorted([...now].filter((name) => !old.has(name))),
  };
}
