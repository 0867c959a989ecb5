import type { PlanNode } from "#protocol/plan";
import { count, counted, percent } from "../format.js";
import type { InsightDraft, InsightRule } from "./insight.js";
import { baseAlias } from "./siblings.js";
import { mostPartitions, type InsightSubject } from "./subject.js";

export interface Finding {
  readonly rule: InsightRule;
  readonly node: PlanNode;
  readonly draft: InsightDraft;
}

/** One cause, one insight: what another finding says better or names as its cause is left out; like findings of partitions are one. */
export function distinctFindings(found: readonly Finding[], subject: InsightSubject): readonly Finding[] {
  const left = leftOut(found, subject);
  return mergePartitions(
    found.filter((finding) => !left.has(finding)),
    subject,
  );
}

const estimates: readonly string[] = ["row-misestimate", "correlated-columns", "stale-statistics"];

function leftOut(found: readonly Finding[], subject: InsightSubject): ReadonlySet<Finding> {
  const byRule = new Map<string, Finding[]>();
  const byPlace = new Map<string, Finding>();
  for (const finding of found) {
    append(byRule, finding.rule.id, finding);
    byPlace.set(`${finding.rule.id} ${finding.node.id}`, finding);
  }
  const at = (node: PlanNode, rules: readonly string[]): readonly Finding[] =>
    rules.flatMap((rule) => byPlace.get(`${rule} ${node.id}`) ?? []);
  const of = (rules: readonly string[]): readonly Finding[] => rules.flatMap((rule) => byRule.get(rule) ?? []);
  const covered = found.flatMap(({ rule, node, draft }) => [
    ...at(node, rule.replaces?.here ?? []),
    ...of(rule.replaces?.below ?? []).filter((other) => subject.isBelow(other.node, node)),
    ...of(rule.replaces?.above ?? []).filter((other) => subject.isBelow(node, other.node)),
    ...(draft.explains ?? []).flatMap((wrong) => at(wrong, estimates)),
  ]);
  return new Set(covered);
}

/** Partitions of one table have the same conditions and indexes: the dearest speaks for all. */
function mergePartitions(findings: readonly Finding[], subject: InsightSubject): readonly Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const base = baseAlias(finding.node);
    const key =
      base === undefined ? `${finding.rule.id} ${finding.node.id}` : `${finding.rule.id} of ${base} below ${finding.node.parent ?? ""}`;
    append(groups, key, finding);
  }
  return [...groups.values()].flatMap((group) => merge(group, subject));
}

function merge(group: readonly Finding[], subject: InsightSubject): readonly Finding[] {
  const [dearest, ...others] = [...group].sort((a, b) => b.draft.share - a.draft.share);
  if (!dearest || others.length === 0) return group;
  const all = subject.partitions(dearest.node);
  const share = sharedOf(group, all, dearest, subject);
  const parent = subject.parent(dearest.node);
  const below = parent ? ` below ${parent.title}` : "";
  const rest =
    all.length > mostPartitions
      ? `The same holds for ${counted(others.length, "more partition")} of the ${mostPartitions} dearest${below}; all ${count(all.length)} are at ${percent(share)}.`
      : `The same holds for ${counted(others.length, "more partition")}${below}, together ${percent(share)}.`;
  const message = `${dearest.draft.message} ${rest}`;
  return [{ ...dearest, draft: { ...dearest.draft, message, share } }];
}

/** What is at stake in all partitions. The share of a wrong estimate is that of the node above, which they have in common. */
function sharedOf(group: readonly Finding[], all: readonly PlanNode[], dearest: Finding, subject: InsightSubject): number {
  if (estimates.includes(dearest.rule.id)) return dearest.draft.share;
  // Those that were not looked at are read like the dearest, of which each says the same.
  const stands = all.length > mostPartitions && group.length === mostPartitions;
  const sum = stands
    ? all.reduce((total, partition) => total + subject.share(partition), 0)
    : group.reduce((total, { draft }) => total + draft.share, 0);
  return Math.min(sum, 1);
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
